"""RFC 8058: each mail of every kind in every language can be left with one click, and only so."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
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


@contextmanager
def as_if_nothing_had_happened() -> Iterator[None]:
    """What is written meanwhile is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_one_click_leaves_and_looking_does_not_in_any_language(post: Post, settings: Any) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    assert len(languages.available()) > 40
    for code in languages.available():
        with as_if_nothing_had_happened():
            mails = {kind: written(post, kind, code) for kind in KINDS}
            paths = {kind: way_out(mail, code) for kind, mail in mails.items()}
            look(paths, code)
            leave(post, paths, code)


def look(paths: Mapping[str, str], code: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    for kind, path in paths.items():
        page, head = stranger.get(path), stranger.head(path)
        assert (page.status_code, head.status_code) == (200, 200), (code, kind)
        choices = set(re.findall(r'name="choice" value="(\w+)"', page.content.decode()))
        assert choices >= {"twice", "once"}, (code, kind)
    assert not Suppression.objects.exists(), code
    assert not Delivery.objects.exists(), code


def leave(post: Post, paths: Mapping[str, str], code: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    for kind, path in paths.items():
        with clock.at(NOW):
            left = stranger.post(path, {"List-Unsubscribe": "One-Click"})
        assert (left.status_code, dict(left.cookies), left.get("Location")) == (200, {}, None)
        emails = [f"{kind}@example.com"]
        reasons = queries.suppression_reasons(workspace=post.workspace, emails=emails)
        assert reasons == {emails[0]: "unsubscribed"}, (code, kind)


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
