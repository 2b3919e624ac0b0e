"""Addresses that name one object: whole, short enough, and not to be forged."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from afterscore.kit import ids, mailboxes

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def test_a_token_names_its_object_in_whatever_case() -> None:
    for _ in range(200):
        public_id = ids.make("msg")
        token = mailboxes.token("bounce", public_id)
        assert token is not None
        for spelt in (token, token.upper(), token.capitalize()):
            assert mailboxes.read("bounce", spelt, prefix="msg") == public_id


def test_addresses_fit_into_what_mail_allows() -> None:
    address = mailboxes.address("unsubscribe", ids.make("msg"), "example.com")
    assert address is not None
    local, _, domain = address.partition("@")
    assert len(local) <= mailboxes.MAX_LOCAL
    assert domain == "example.com"
    assert local == local.lower()


def test_a_token_is_good_for_one_purpose_only() -> None:
    token = mailboxes.token("bounce", ids.make("msg"))
    assert token is not None
    assert mailboxes.read("unsubscribe", token, prefix="msg") is None


def test_of_a_hundred_forged_ones_none_is_taken() -> None:
    chance = random.Random(7)
    token = mailboxes.token("bounce", ids.make("msg"))
    assert token is not None
    forged: set[str] = set()
    while len(forged) < 50:  # one letter changed
        place = chance.randrange(len(token))
        forged.add(token[:place] + chance.choice(LETTERS) + token[place + 1 :])
        forged.discard(token)
    while len(forged) < 100:  # an identifier of somebody else under the same signature
        other = mailboxes.token("bounce", ids.make("msg"))
        assert other is not None
        forged.add(other[:25] + token[25:])
    assert [each for each in forged if mailboxes.read("bounce", each, prefix="msg")] == []


@given(st.text(max_size=60))
def test_any_text_is_read_and_none_of_it_taken(text: str) -> None:
    assert mailboxes.read("bounce", text, prefix="msg") is None


@given(st.integers(min_value=0, max_value=len(ids.ALPHABET) ** ids.LENGTH - 1))
def test_numbers_are_spelt_and_read_again(number: int) -> None:
    assert ids.number_of(ids.spell("msg", number)) == number


def test_identifiers_of_another_make_have_no_number() -> None:
    for other in ("msg_first", "", "msg_", "msg_" + "0" * 22, "msg_" + "2" * 23):
        assert ids.number_of(other) is None
        assert mailboxes.token("bounce", other) is None
