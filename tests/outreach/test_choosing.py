"""The choices behind the link at the foot: less often, not this, gladly."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from afterscore.customers.models import Contact
from afterscore.journal.models import Fact
from afterscore.kit import clock, signing
from afterscore.outreach import operations, queries
from afterscore.outreach.models import Message, Suppression
from afterscore.outreach.operations import Choice
from afterscore.surveys import languages
from tests.outreach.post import Post, minutes
from tests.people import NOW

pytestmark = pytest.mark.django_db
PROGRAM = "prg_relationship"


def page_of(message: Message) -> str:
    return f"/u/{signing.sign('unsubscribe', message.public_id)}"


@pytest.fixture
def sent(post: Post) -> Message:
    message = post.message(scope=PROGRAM)
    post.send()
    return message


@pytest.fixture
def reader() -> Client:
    """Enforces what a browser without any cookie of ours would meet."""
    return Client(enforce_csrf_checks=True)


def choose(reader: Client, message: Message, choice: str) -> str:
    with clock.at(NOW):
        answer = reader.post(
            page_of(message),
            f"choice={choice}",
            content_type="application/x-www-form-urlencoded",
        )
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


def reader_of(message: Message) -> Contact:
    return Contact.objects.get(pk=message.contact_id)


@pytest.mark.parametrize(("choice", "days"), [("twice", 182), ("once", 365)])
def test_less_often_is_kept_as_their_own_wish(sent: Message, reader: Client, choice, days):
    page = choose(reader, sent, choice)
    assert "Your choice is saved." in page
    assert page.count('aria-current="true"') == 1
    assert reader_of(sent).ask_gap_days == days
    assert not Suppression.objects.exists()
    fact = Fact.objects.get(name="contact.changed")
    assert (fact.payload["changed"], fact.actor) == (
        ["ask_gap_days"],
        f"contact:{sent.contact.public_id}",
    )


def test_opting_in_is_recorded_with_its_source_and_date(sent: Message, reader: Client):
    choose(reader, sent, "once")
    choose(reader, sent, "opt_in")
    contact = reader_of(sent)
    assert (contact.consent_basis, contact.consent_on) == ("opt_in", date(2026, 5, 4))
    assert contact.consent_source == "Their own choice, by the link in a mail"
    assert contact.ask_gap_days is None


def test_leaving_one_program_leaves_the_others(post: Post, sent: Message, reader: Client):
    reminder = post.message(kind="reminder", step=1, scope=PROGRAM, due_at=NOW + minutes(5))
    other = post.message(stream="wav_other", scope="prg_other", due_at=NOW + minutes(5))
    choose(reader, sent, "not_this")
    assert post.state(reminder) == "cancelled"
    reminder.refresh_from_db()
    assert reminder.reason == "The reader wants no more of this program."
    emails = [sent.to_email]
    assert not queries.suppression_reasons(workspace=post.workspace, emails=emails)
    assert queries.suppression_reasons(workspace=post.workspace, emails=emails, scope=PROGRAM) == {
        sent.to_email: "unsubscribed"
    }
    late = post.message(stream="wav_late", scope=PROGRAM, due_at=NOW + minutes(5))
    assert post.send(NOW + minutes(6)) == 1
    assert [post.state(each) for each in (other, late)] == ["sent", "suppressed"]
    assert Fact.objects.get(name="contact.unsubscribed").payload == {"scope": PROGRAM}


def test_a_mail_of_no_program_offers_no_program_to_leave(post: Post, reader: Client):
    message = post.message()
    page = reader.get(page_of(message)).content.decode()
    assert "Nothing more of this survey" not in page
    operations.leave_program(message=message, now=NOW)
    assert queries.is_unsubscribed(message=message)


def test_who_left_everything_may_come_back(post: Post, sent: Message, reader: Client):
    choose(reader, sent, "not_this")
    assert "You are unsubscribed" in choose(reader, sent, "nothing")
    assert "How often may we ask you?" in choose(reader, sent, "opt_in")
    assert not Suppression.objects.exists()
    assert Fact.objects.filter(name="contact.resubscribed").count() == 1
    assert "You are unsubscribed" in choose(reader, sent, "nothing")
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("reason", ["bounced", "complained", "manual", "erased"])
def test_only_their_own_no_is_taken_back(post: Post, sent: Message, reader: Client, reason):
    operations.suppress(workspace=post.workspace, email=sent.to_email, reason=reason, now=NOW)
    choose(reader, sent, "opt_in")
    assert [row.reason for row in Suppression.objects.all()] == [reason]


def test_whoever_was_erased_may_still_leave_and_nothing_else_is_written(
    sent: Message, reader: Client
):
    Contact.objects.filter(pk=sent.contact_id).update(email=None, name="", erased_at=NOW)
    for choice in Choice:
        choose(reader, sent, choice)
    contact = reader_of(sent)
    assert (contact.consent_basis, contact.ask_gap_days) == ("", None)


def test_a_choice_nobody_offers_unsubscribes_like_any_other_body(sent: Message, reader: Client):
    assert "You are unsubscribed" in choose(reader, sent, "made_up")


@pytest.mark.parametrize("code", languages.available())
def test_every_language_offers_every_choice(post: Post, reader: Client, code: str):
    mail = languages.get(code).mail
    page = reader.get(page_of(post.message(language=code, scope=PROGRAM))).content.decode()
    for name in ("title", "opt_in", "twice", "once", "not_this"):
        key = "choices_title" if name == "title" else f"choice_{name}"
        assert mail[key].replace("'", "&#x27;") in page
    assert mail["unsubscribe_button"].replace("'", "&#x27;") in page
