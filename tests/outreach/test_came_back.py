"""The pages on which one reads what came back, and decides about what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs, mailboxes
from afterscore.outreach import operations, queries
from afterscore.outreach.models import InboundEvent, Message
from tests.outreach import returned
from tests.outreach.post import Post
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
OUTBOX = "/w/harbourline/outbox/"
CAME_BACK = f"{OUTBOX}came-back/"


@pytest.fixture
def ana(people: People) -> Client:
    return people.client(people.ana)


def page(client: Client, address: str = CAME_BACK) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def comes_back(message: Message, raw: bytes) -> InboundEvent:
    address = mailboxes.address("bounce", message.public_id, "bounces.example")
    assert address is not None
    with jobs.inline() as queue:
        event = operations.receive(recipient=address, raw=raw, now=NOW)
        queue.run()
    return event


def test_where_nothing_can_come_back_the_page_says_how_to_change_that(ana, settings) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = ""
    assert "AFTERSCORE_BOUNCE_DOMAIN" in page(ana)


def test_where_nothing_came_back_the_page_says_what_would_be_here(ana, settings) -> None:
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    shown = page(ana)
    assert "Nothing has come back" in shown
    assert "bounces.example" in shown


def test_a_bounce_is_listed_and_leads_to_its_message_and_back(ana, post: Post) -> None:
    message = post.sent()
    event = comes_back(message, returned.report())
    shown = page(ana)
    assert "Undelivered Mail Returned to Sender" in shown
    assert "the address does not work" in shown
    assert f"{OUTBOX}{message.public_id}" in shown
    about_it = page(ana, f"{OUTBOX}{message.public_id}")
    assert f"{CAME_BACK}{event.public_id}" in about_it
    assert "Nothing more is sent to ana.lima@example.com" in about_it
    for refused in (about_it, page(ana, OUTBOX)):
        assert re.search(r"</svg>\s*came back", refused)


def test_a_mail_is_shown_as_text_whatever_it_holds(ana, post: Post) -> None:
    raw = returned.mail("<script>alert(1)</script>", "<img src=x onerror=alert(2)> Wörter")
    event = comes_back(post.sent(), raw)
    for shown in (page(ana), page(ana, f"{CAME_BACK}{event.public_id}")):
        assert "<script>alert(1)" not in shown
        assert "<img src=x" not in shown
    assert "Wörter" in shown


def test_what_only_a_person_can_read_waits_for_one(ana, post: Post) -> None:
    comes_back(post.sent(), returned.report())
    comes_back(post.sent(post.contact("Ben Ito")), returned.mail("Please call me"))
    left = page(ana, f"{CAME_BACK}?show=open")
    assert "Please call me" in left
    assert "Undelivered" not in left


def test_a_mail_that_nobody_reads_is_shown_as_unread(ana, post: Post) -> None:
    address = mailboxes.address("bounce", post.sent().public_id, "bounces.example")
    assert address is not None
    operations.receive(recipient=address, raw=returned.report(), now=NOW)
    assert "still unread" in page(ana, f"{CAME_BACK}?show=open")


def test_a_report_about_no_known_mail_is_kept_where_it_can_only_be_ours(
    ana, post: Post, people: People
) -> None:
    stray = returned.report(reader="nobody@elsewhere.example", quoted="<x@elsewhere.example>")
    with pytest.raises(operations.NotOurs):  # two workspaces: it could be either's
        operations.receive(recipient="bounce@bounces.example", raw=stray, now=NOW)
    people.elsewhere.delete()
    with jobs.inline() as queue:
        operations.receive(recipient="bounce@bounces.example", raw=stray, now=NOW)
        queue.run()
    assert "does not say which" in page(ana, f"{CAME_BACK}?show=open")
    advertising = returned.mail("Cheap watches")
    with pytest.raises(operations.NotOurs):
        operations.receive(recipient="bounce@bounces.example", raw=advertising, now=NOW)


def test_an_automatic_reply_is_called_one(ana, post: Post) -> None:
    message = post.sent()
    comes_back(message, returned.mail("Out of office", Auto_Submitted="auto-replied"))
    shown = page(ana, f"{OUTBOX}{message.public_id}")
    assert "Answered by a machine" in shown
    assert "unsubscribed" not in shown


def test_the_outbox_shows_which_mails_of_a_wave_came_back(ana, post: Post) -> None:
    comes_back(post.sent(), returned.report())
    post.sent(post.contact("Ben Ito"))
    rows = page(ana, f"{OUTBOX}?wave=wav_first&heard=bounced").split("<tbody>")[-1]
    assert "Ana, how likely" in rows
    assert "Ben, how likely" not in rows
    assert "Ana, how likely" not in page(ana, f"{OUTBOX}?wave=wav_other&heard=bounced")


def test_somebody_who_knows_better_has_the_address_written_to_again(ana, post: Post) -> None:
    message = post.sent()
    comes_back(message, returned.report())
    answer = ana.post(f"{OUTBOX}{message.public_id}/trust", follow=True).content.decode()
    assert "ana.lima@example.com is written to again" in answer
    assert "Nothing more is sent to ana.lima" not in answer
    assert Fact.objects.filter(name="message.address_trusted").count() == 1
    again = ana.post(f"{OUTBOX}{message.public_id}/trust", follow=True).content.decode()
    assert "is not held back" in again


def test_what_was_lifted_is_no_longer_said_to_hold(ana, post: Post) -> None:
    message = post.sent()
    event = comes_back(message, returned.report())
    pages = (f"{OUTBOX}{message.public_id}", f"{CAME_BACK}{event.public_id}")
    assert not [shown for path in pages if "That was lifted" in (shown := page(ana, path))]
    with clock.at(NOW + timedelta(days=1)):
        ana.post(f"{OUTBOX}{message.public_id}/trust")
    with clock.at(NOW + timedelta(days=3)):
        for path in pages:
            told = " ".join(re.sub("<[^>]+>", "", page(ana, path)).split())
            assert "Nothing more is sent to it." in told
            assert "That was lifted 2 days ago by Ana: the address is written to again." in told
        assert "As Ana says, the address works." in page(ana, pages[0])

    again = comes_back(message, returned.report(diagnostic="550 5.1.1 still nobody here"))
    InboundEvent.objects.filter(pk=again.pk).update(received_at=NOW + timedelta(days=4))
    assert "That was lifted" not in page(ana, f"{CAME_BACK}{again.public_id}")
    assert page(ana, pages[0]).count("That was lifted") == 1


def test_what_was_lifted_at_another_mail_to_the_address_is_told_here_too(ana, post: Post) -> None:
    first, second = post.sent(), post.sent(step=2, kind="reminder")
    comes_back(first, returned.report())
    with clock.at(NOW + timedelta(days=1)):
        ana.post(f"{OUTBOX}{second.public_id}/trust")
    assert "That was lifted" in page(ana, f"{OUTBOX}{first.public_id}")
    assert "Written to again" in page(ana, f"{OUTBOX}{first.public_id}")
    assert "Written to again" not in page(ana, f"{OUTBOX}{second.public_id}")


def test_nobody_lifts_what_the_reader_said(ana, post: Post) -> None:
    message = post.sent()
    comes_back(message, returned.report())
    comes_back(message, returned.complaint())
    assert "/trust" not in page(ana, f"{OUTBOX}{message.public_id}")
    ana.post(f"{OUTBOX}{message.public_id}/trust")
    reasons = queries.suppression_reasons(workspace=post.workspace, emails=[message.to_email])
    assert reasons == {message.to_email: "complained"}


def test_readers_words_are_not_for_viewers(people: People, post: Post) -> None:
    comes_back(post.sent(), returned.mail("Please call me"))
    assert people.client(people.vic).get(CAME_BACK).status_code == 403
