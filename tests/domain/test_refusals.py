"""Whose fault a refusal is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.refusals import Fault, judge, status_in

TO_READER = "RCPT TO:<x@example.com>"


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("550 5.1.1 <x@example.com>: Recipient address rejected: User unknown", Fault.ADDRESS),
        ("550-5.1.1 The email account that you tried to reach does not exist.", Fault.ADDRESS),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address", Fault.ADDRESS),
        ("550 5.4.1 Recipient address rejected: Access denied.", Fault.ADDRESS),
        ("550 5.4.4 Host or domain name not found", Fault.ADDRESS),
        ("550 5.1.1 Adresse d au moins un destinataire invalide", Fault.ADDRESS),
        ("550 5.1.1 Der Empfänger ist unbekannt", Fault.ADDRESS),
        ("550 5.1.0 Address rejected.", Fault.ADDRESS),
        ("552 5.2.2 Mailbox full", Fault.MAILBOX),
        ("550 5.2.1 The email account that you tried to reach is disabled", Fault.MAILBOX),
        ("550 5.1.1 <x@example.com> account over quota", Fault.MAILBOX),
        ("550 5.1.1 Refused due to recipient preferences", Fault.MAIL),
        ("550 5.1.1 message rejected as spam", Fault.MAIL),
        ("553 http://www.spamhaus.org/query/bl?ip=192.0.2.222", Fault.MAIL),
        ("550 5.7.1 Invalid recipient", Fault.MAIL),
        ("550 5.7.26 unauthenticated, user unknown to us", Fault.MAIL),
        ("550 Denied by policy", Fault.MAIL),
        ("550 5.1.1 too many recipients this hour", Fault.SYSTEM),
        ("421 4.4.2 Connection timed out", Fault.SYSTEM),
        ("451 4.4.4 Host or domain name not found", Fault.SYSTEM),
        ("554 Transaction failed", Fault.UNKNOWN),
        ("", Fault.UNKNOWN),
    ],
)
def test_the_wording_is_asked_before_the_code(reply: str, fault: Fault) -> None:
    assert judge(reply) is fault


def test_user_unknown_without_a_code_counts_only_in_answer_to_the_reader() -> None:
    assert judge("550 User unknown", transcript=TO_READER) is Fault.ADDRESS
    assert judge("550 User unknown", transcript="DATA") is Fault.MAIL
    assert judge("550 User unknown") is Fault.MAIL


def test_a_list_that_does_not_know_the_reader_may_be_a_filters() -> None:
    said = "550 <x@example.com>: Recipient address rejected: User unknown in local recipient table"
    assert judge(said, transcript=TO_READER) is Fault.ADDRESS
    assert judge(said, status="5.1.1") is Fault.ADDRESS
    assert judge(said) is Fault.MAIL


def test_a_filter_that_names_nobody_is_no_dead_address() -> None:
    assert judge("550 : User unknown", transcript=TO_READER) is Fault.MAIL


def test_names_in_addresses_hosts_and_links_say_nothing() -> None:
    assert judge("550 5.1.1 <spam@policy.example> https://x.example/mailbox-full") is Fault.ADDRESS
    assert judge("554 <userunknown@example.com> see https://x.example/#userunknown") is (
        Fault.UNKNOWN
    )


@given(st.text(max_size=200), st.sampled_from(["", "5.1.1", "5.7.1", "4.2.2"]))
def test_security_and_policy_never_blame_the_address(text: str, status: str) -> None:
    assert judge(f"550 5.7.1 {text}", status=status) is not Fault.ADDRESS


@given(st.text(max_size=400))
def test_any_reply_is_judged(text: str) -> None:
    assert judge(text) in Fault


def test_status_is_found_or_made_from_the_reply_code() -> None:
    assert status_in("550-5.1.1 no such user") == "5.1.1"
    assert status_in("550 no such user") == "5.0.0"
    assert status_in("host 192.0.2.5 is 5.1.1.4") == ""
