"""RFC 8058: each mail of every kind in every language can be left with one click, and only so."""

from __future__ import annotations

import email.policy
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from afterscore.kit import clock
from afterscore.outreach import composition, queries
from afterscore.outreach.models import Delivery, Kind, Suppression
from afterscore.surveys import languages
from tests.outreach.post import Post
from tests.people import NOW

LETTER: dict[str, Any] = {"subject": "Your answer", "body": "Hello Ana,\n\nthank you.\n\nOlivia"}
KINDS: dict[str, dict[str, Any]] = {
    "invitation": {},
    "reminder": {"step": 1},
    "heads_up": {},
    "follow_up": LETTER,
}
FIELDS = re.compile(r"<([^>]+)>")


def written(post: Post, kind: str, language: str) -> EmailMessage:
    """The mail as it goes over the wire, to a reader of its own."""
    reader = post.contact(email=f"{kind}@example.com")
    message = post.message(reader, kind=kind, language=language, **KINDS[kind])
    raw = composition.as_bytes(composition.compose(message), date=NOW)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_every_automated_kind_is_tried() -> None:
    assert set(KINDS) == {kind.value for kind in Kind} - {Kind.REPLY.value}


@pytest.mark.parametrize("code", languages.available())
def test_one_click_leaves_and_looking_does_not(post: Post, settings: Any, code: str) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    stranger = Client(enforce_csrf_checks=True)
    mails = {kind: written(post, kind, code) for kind in KINDS}
    paths = {kind: way_out(mail, code) for kind, mail in mails.items()}

    for path in paths.values():
        for looked in (stranger.get(path), stranger.head(path)):
            assert looked.status_code == 200
        page = stranger.get(path).content.decode()
        assert set(re.findall(r'name="choice" value="(\w+)"', page)) >= {"twice", "once"}
    assert not Suppression.objects.exists()
    assert not Delivery.objects.exists()

    for kind, path in paths.items():
        with clock.at(NOW):
            left = stranger.post(path, {"List-Unsubscribe": "One-Click"})
        assert (left.status_code, dict(left.cookies), left.get("Location")) == (200, {}, None)
        emails = [f"{kind}@example.com"]
        reasons = queries.suppression_reasons(workspace=post.workspace, emails=emails)
        assert reasons == {emails[0]: "unsubscribed"}


def way_out(mail: EmailMessage, code: str) -> str:
    by_web, by_mail = FIELDS.findall(mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert by_mail.startswith("mailto:unsubscribe+")
    assert by_mail.endswith("@bounces.example")
    path: str = urlsplit(by_web).path
    for part in mail.iter_parts():
        assert isinstance(part, EmailMessage)
        assert path in part.get_content(), f"the way out in the body is the same ({code})"
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_way_back_only_the_web_is_offered(post: Post, settings: Any, kind: str) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = ""
    mail = written(post, kind, "en")
    (by_web,) = FIELDS.findall(mail["List-Unsubscribe"])
    assert urlsplit(by_web).path.startswith("/u/")


def test_a_reply_by_a_person_is_no_mailing(post: Post) -> None:
    message = post.message(kind="reply", **LETTER)
    headers = composition.compose(message).headers
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"} & set(headers)
