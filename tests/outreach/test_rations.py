"""So many a minute to one mailbox provider, so many a day from a workspace, and the rest later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from afterscore.kit import clock
from afterscore.outreach import channels, operations, sender
from afterscore.outreach.channels import HandOff, Letter, Outcome, Untried
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post, minutes
from tests.people import NOW, People

MIDNIGHT = datetime(2026, 5, 5, tzinfo=UTC)  # of the workspace: the next day begins


def cap(workspace: Workspace, number: int) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(daily_cap=number)


def ask(post: Post, count: int, domain: str = "example.com", **changes) -> list[Message]:
    people = [post.contact(f"Guest {n}", f"guest{n}@{domain}") for n in range(count)]
    return [post.message(person, **changes) for person in people]


def states(messages: list[Message]) -> list[str]:
    rows = dict(Message.objects.values_list("pk", "state"))
    return [rows[message.pk] for message in messages]


def test_a_wave_to_one_provider_leaves_at_its_rate(
    post: Post, memory: type[Memory], settings
) -> None:
    settings.AFTERSCORE_DOMAIN_RATES = {"gmail.com": 60}  # three at once, 58 more a minute
    messages = ask(post, 20, "gmail.com")
    own = post.message(post.contact("Ben Ito"))
    assert post.send() == 4
    assert post.state(own) == State.SENT
    waiting = Message.objects.filter(state=State.DUE)
    assert {row.reason for row in waiting} == {
        "Waits its turn: at most 60 mails a minute go to Google."
    }
    assert waiting.count() == 17
    assert NOW < min(row.due_at for row in waiting) <= NOW + timedelta(seconds=2)

    for second in range(1, 19):
        post.send(NOW + timedelta(seconds=second))
    assert set(states(messages)) == {State.SENT}
    assert max(row.attempt for row in Message.objects.all()) <= 4  # nobody is asked all the time


def test_replies_wait_their_turn_at_a_provider_as_well(
    post: Post, memory: type[Memory], settings
) -> None:
    settings.AFTERSCORE_DOMAIN_RATES = {"gmail.com": 1}
    ask(post, 2, "gmail.com", kind="reply", subject="Your answer", body="Thank you.")
    assert post.send() == 1


def test_what_stays_in_the_outbox_needs_no_brake(post: Post, settings) -> None:
    settings.AFTERSCORE_CHANNEL = "outbox"
    settings.AFTERSCORE_DOMAIN_RATES = {"gmail.com": 1}
    ask(post, 5, "gmail.com")
    assert post.send() == 5


def test_a_daily_cap_leaves_the_rest_for_the_next_days(post: Post, memory: type[Memory]) -> None:
    cap(post.workspace, 4)
    messages = ask(post, 10)
    assert post.send() == 4
    assert post.send(NOW + minutes(60)) == 0
    waiting = Message.objects.filter(state=State.DUE)
    assert {(row.due_at, row.reason) for row in waiting} == {
        (MIDNIGHT, "Today's 4 automated messages have left: due the next day.")
    }
    assert post.send(MIDNIGHT) == 4
    assert post.send(MIDNIGHT + timedelta(hours=23)) == 0
    assert post.send(MIDNIGHT + timedelta(days=1)) == 2
    assert set(states(messages)) == {State.SENT}


def test_a_standstill_is_not_made_up_for_at_once(post: Post, memory: type[Memory]) -> None:
    """Nothing was sent for three days: the cap holds, and what is too late by then is listed."""
    cap(post.workspace, 4)
    messages = ask(post, 6, valid_until=MIDNIGHT + timedelta(days=3, hours=12))
    back = MIDNIGHT + timedelta(days=3)
    assert post.send(back) == 4
    assert post.send(back + timedelta(days=1)) == 0
    assert sorted(states(messages)) == [State.EXPIRED] * 2 + [State.SENT] * 4
    assert {row.reason for row in Message.objects.filter(state=State.EXPIRED)} == {
        "It was too late to ask when its turn came."
    }


def test_what_a_person_writes_does_not_count(post: Post, memory: type[Memory]) -> None:
    cap(post.workspace, 1)
    ask(post, 3, kind="reply", subject="Your answer", body="Thank you.")
    post.message(post.contact("Ben Ito"))
    assert post.send() == 4


def test_the_day_is_the_workspaces_own(people: People, post: Post, memory: type[Memory]) -> None:
    Workspace.objects.filter(pk=post.workspace.pk).update(time_zone="Pacific/Auckland")
    cap(post.workspace, 1)
    ask(post, 2)
    post.send()
    midnight = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert Message.objects.get(state=State.DUE).due_at == midnight


class Broken(Memory):
    """Takes nothing of what it is given."""

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        yield [Untried(letter.number) for letter in letters]


def test_a_broken_mail_server_uses_up_no_allowance(post: Post, settings, monkeypatch) -> None:
    monkeypatch.setitem(channels.CHANNELS, "broken", f"{Broken.__module__}.{Broken.__name__}")
    settings.AFTERSCORE_DOMAIN_RATES = {"gmail.com": 60}
    cap(post.workspace, 3)
    ask(post, 3, "gmail.com")
    settings.AFTERSCORE_CHANNEL = "broken"
    with clock.at(NOW):
        for _ in range(3):
            sender.send_some(worker=post.worker)
    settings.AFTERSCORE_CHANNEL = "memory"
    assert post.send(NOW) == 3


def test_a_mail_server_is_sent_no_more_than_its_rate(
    post: Post, memory: type[Memory], settings
) -> None:
    settings.AFTERSCORE_PER_MINUTE = 60  # three at once, 58 more a minute
    messages = ask(post, 20)
    assert post.send() == 3
    waiting = Message.objects.filter(state=State.PLANNED)
    assert {row.reason for row in waiting} == {
        "Waits its turn: at most 60 mails a minute leave this way."
    }
    assert {row.attempt for row in waiting} == {0}  # nothing is claimed that could not go
    assert sum(post.send(NOW + timedelta(seconds=second)) for second in range(1, 19)) == 17
    assert set(states(messages)) == {State.SENT}


def test_what_is_suppressed_uses_up_no_rate(post: Post, memory: type[Memory], settings) -> None:
    settings.AFTERSCORE_PER_MINUTE = 60
    for message in ask(post, 3):
        operations.suppress(
            workspace=post.workspace, email=message.to_email, reason="manual", now=NOW
        )
    post.message(post.contact("Ben Ito"))
    post.message(post.contact("Cyd Roe"))
    assert post.send() == 2


def test_an_owner_sets_the_daily_cap(people: People) -> None:
    olivia = people.client(people.olivia)
    address = "/w/harbourline/settings/sending/"
    initial = olivia.get(address).context["form"].initial
    values = {name: value for name, value in initial.items() if value not in (None, False)}
    assert olivia.post(address, {**values, "daily_cap": "200"}).status_code == 302
    people.workspace.refresh_from_db()
    assert people.workspace.daily_cap == 200


def test_an_owner_pauses_all_sending_and_resumes_it(people: People, post: Post) -> None:
    olivia, ana = people.client(people.olivia), people.client(people.ana)
    address = "/w/harbourline/settings/sending/"
    initial = olivia.get(address).context["form"].initial
    values = {name: value for name, value in initial.items() if value not in (None, False)}
    why = "The price list is being corrected."
    paused = {**values, "is_sending_paused": "on", "sending_paused_why": why}
    message = post.message()
    assert ana.post(address, paused).status_code == 403
    assert olivia.post(address, paused).status_code == 302
    assert post.send() == 0
    assert post.state(message) == State.PLANNED
    told = ana.get("/w/harbourline/customers/").content.decode()
    assert why in told
    assert address in told

    assert olivia.post(address, {**values, "sending_paused_why": why}).status_code == 302
    people.workspace.refresh_from_db()
    assert not people.workspace.is_sending_paused
    assert people.workspace.sending_paused_why == ""
    assert post.send() == 1
    assert post.state(message) == State.SENT
