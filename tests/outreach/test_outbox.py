"""The pages on which one reads what was sent, and decides about the few in doubt."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.html import escape

from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Guard, Message, State
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post, minutes
from tests.people import NOW, People

OUTBOX = "/w/harbourline/outbox/"


@pytest.fixture
def ana(people: People) -> Client:
    return people.client(people.ana)


def page(client: Client, address: str = OUTBOX) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_outbox_says_when_mails_appear(ana: Client) -> None:
    assert "No mails yet" in page(ana)


def test_a_mail_is_listed_with_its_subject_and_state(ana: Client, post: Post) -> None:
    message = post.message()
    post.send()
    shown = page(ana)
    assert "Ana, how likely are you to recommend Harbourline?" in shown
    assert f"{OUTBOX}{message.public_id}" in shown
    assert "ana.lima@example.com" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Ana", "Ben"}), ("?state=failed", {"Ben"}), ("?state=problems", {"Ben"}),
        ("?state=waiting", {"Ana"}), ("?state=sent", set()), ("?kind=heads_up", {"Ben"}),
        ("?q=lima", {"Ana"}), ("?q=nobody", set()), ("?page=2", set()), ("?page=x", {"Ana", "Ben"}),
        ("?page=99999999999999999999", {"Ana", "Ben"}), ("?state=%00", {"Ana", "Ben"}),
        ("?q=%00", {"Ana", "Ben"}), ("?kind=' OR 1=1", {"Ana", "Ben"}),
    ],
)  # fmt: skip
def test_filters(ana: Client, post: Post, query: str, found: set[str]) -> None:
    post.message()
    failed = post.message(post.contact("Ben Ito"), kind="heads_up")
    Message.objects.filter(pk=failed.pk).update(state=State.FAILED)
    shown = page(ana, OUTBOX + query)
    assert {name for name in ("Ana", "Ben") if f"{name} " in shown.split("<tbody>")[-1]} == found


def test_problems_are_told_first(ana: Client, post: Post) -> None:
    for name, state in (("Ana Lima", State.IN_DOUBT), ("Ben Ito", State.FAILED)):
        Message.objects.filter(pk=post.message(post.contact(name)).pk).update(state=state)
    shown = page(ana)
    assert "1 message is in doubt." in shown
    assert "1 message could not be sent." in shown
    assert shown.index("in doubt") < shown.index("<table")


def test_a_pause_is_told_with_its_reason(ana: Client, post: Post) -> None:
    post.message()
    Workspace.objects.update(is_sending_paused=True, sending_paused_why="Too many bounces.")
    assert page(ana).count("Sending is paused. Too many bounces.") == 1


def test_lateness_is_told(ana: Client, post: Post) -> None:
    post.message(due_at=NOW - minutes(60 * 24 * 365))
    assert "1 message is late." in page(ana)


def test_fifty_a_page(ana: Client, post: Post) -> None:
    post.plan(*(post.draft(post.contact(f"Guest {number}")) for number in range(60)))
    first, second = page(ana), page(ana, f"{OUTBOX}?page=2")
    assert "1 to 50" in first
    assert "page=2" in first
    assert "51 to 60" in second
    assert 'rel="next"' not in second
    addresses = re.findall(r"guest\.\d+@", first + second)
    assert len(set(addresses)) == 60


def test_the_list_takes_few_queries(ana: Client, post: Post, django_assert_max_num_queries) -> None:
    post.plan(*(post.draft(post.contact(f"Guest {number}")) for number in range(50)))
    with django_assert_max_num_queries(10):  # one of them counts alerts, for the navigation
        page(ana)


def test_a_message_is_shown_as_its_reader_sees_it(ana: Client, post: Post) -> None:
    message = post.message()
    post.send()
    shown = page(ana, f"{OUTBOX}{message.public_id}")
    assert "Kind regards,\nOlivia Byrne" in shown  # the text part
    assert "List-Unsubscribe-Post" in shown
    assert "Kept in the outbox" in shown
    assert f'src="{OUTBOX}{message.public_id}/html?theme=light"' in shown
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown


def test_the_frame_lets_no_script_run(ana: Client, post: Post) -> None:
    message = post.message()
    answer = ana.get(f"{OUTBOX}{message.public_id}/html")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.content.decode().count("?score=") == 11


def test_the_frame_shows_the_dark_on_demand(ana: Client, post: Post) -> None:
    address = f"{OUTBOX}{post.message().public_id}/html"
    dark, light = page(ana, f"{address}?theme=dark"), page(ana, address)
    assert "@media all" in dark
    assert "prefers-color-scheme" not in dark + light


@pytest.mark.parametrize("look", ["width=phone", "theme=dark", "width=x&theme=y"])
def test_looks(ana: Client, post: Post, look: str) -> None:
    message = post.message()
    shown = page(ana, f"{OUTBOX}{message.public_id}?{look}")
    assert ("mail-frame-phone" in shown) == ("phone" in look)


def test_a_text_that_cannot_be_composed_is_explained(ana: Client, post: Post) -> None:
    message = post.message(body="{{ frist_name }}")
    assert "did you mean &#x27;first_name&#x27;?" in page(ana, f"{OUTBOX}{message.public_id}")
    assert "frist_name" in page(ana, f"{OUTBOX}{message.public_id}/html")


def test_a_viewer_sees_the_list_but_not_the_readers_links(people: People, post: Post) -> None:
    message = post.message()
    vic = people.client(people.vic)
    assert f"{OUTBOX}{message.public_id}" not in page(vic)
    for part in ("", "/html"):
        assert vic.get(f"{OUTBOX}{message.public_id}{part}").status_code == 403


def test_a_stranger_finds_nothing(people: People, post: Post) -> None:
    message = post.message()
    eve = people.client(people.eve)
    for address in (OUTBOX, f"{OUTBOX}{message.public_id}", f"{OUTBOX}{message.public_id}/html"):
        assert eve.get(address).status_code == 404
    own = f"/w/elsewhere/outbox/{message.public_id}"
    assert eve.get(own).status_code == 404
    assert eve.post(f"{own}/again").status_code == 404


def test_somebody_decides_about_a_message_in_doubt(
    ana: Client, post: Post, memory: type[Memory]
) -> None:
    arrived, lost = post.message(), post.message(post.contact("Ben Ito"))
    Message.objects.update(state=State.IN_DOUBT, handed_at=NOW)
    assert "It has arrived" in page(ana, f"{OUTBOX}{arrived.public_id}")
    ana.post(f"{OUTBOX}{arrived.public_id}/confirm")
    ana.post(f"{OUTBOX}{lost.public_id}/again")
    assert (post.state(arrived), post.state(lost)) == (State.SENT, State.DUE)


def test_a_sent_message_is_not_sent_again_by_a_click(
    ana: Client, post: Post, memory: type[Memory]
) -> None:
    message = post.message()
    post.send()
    answer = ana.post(f"{OUTBOX}{message.public_id}/again", follow=True)
    assert "can be sent again" in answer.content.decode()
    assert post.state(message) == State.SENT


def test_looking_at_a_decision_decides_nothing(ana: Client, post: Post) -> None:
    message = post.message()
    for action in ("again", "confirm"):
        assert ana.get(f"{OUTBOX}{message.public_id}/{action}").status_code == 405


def test_a_standstill_is_told_to_managers_on_every_page(people: People, post: Post) -> None:
    why = "The database's clock has moved by 30 days at once."
    Guard.objects.create(name="clock", is_closed=True, why=why, changed_at=NOW)
    told = escape(why)
    manager, viewer = people.client(people.max), people.client(people.vic)
    assert page(manager).count(told) == 1
    assert told in page(manager, "/w/harbourline/customers/")
    assert told not in page(viewer, "/w/harbourline/customers/")
    assert "paused for the whole installation" in page(viewer)
