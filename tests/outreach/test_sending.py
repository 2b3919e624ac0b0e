"""What becomes of a due message, and what holds it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from afterscore.kit import clock
from afterscore.outreach import channels, operations, queries, sender
from afterscore.outreach.channels import Declined, HandOff, Letter, Outcome, Untried
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, Message, State, Suppression
from afterscore.outreach.sender import lines, queue
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post, minutes
from tests.people import NOW, People


def test_a_due_message_is_sent_once(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    assert post.send() == 1
    assert post.send() == 0
    message.refresh_from_db()
    assert (message.state, message.attempt, message.sent_at) == (State.SENT, 1, NOW)
    assert [letter.recipient for letter in memory.letters] == ["ana.lima@example.com"]


def test_a_message_waits_for_its_time(post: Post, memory: type[Memory]) -> None:
    message = post.message(due_at=NOW + minutes(1))
    assert post.send() == 0
    assert post.state(message) == State.PLANNED
    assert post.send(NOW + minutes(1)) == 1


def test_asking_is_remembered_and_replying_is_not(post: Post, memory: type[Memory]) -> None:
    asked, answered = post.contact("Ana Lima"), post.contact("Ben Ito")
    post.message(asked)
    post.message(answered, kind="reply", body="Thank you, Ben.", subject="Your answer")
    post.send()
    asked.refresh_from_db()
    answered.refresh_from_db()
    assert (asked.last_asked_at, answered.last_asked_at) == (NOW, None)


def test_remembering_never_goes_back_in_time(post: Post, memory: type[Memory]) -> None:
    contact = post.contact()
    contact.last_asked_at = NOW + timedelta(days=1)
    contact.save()
    post.message(contact)
    post.send()
    contact.refresh_from_db()
    assert contact.last_asked_at == NOW + timedelta(days=1)


def test_a_held_stream_waits_until_it_is_released(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    assert operations.hold_messages(workspace=post.workspace, stream="wav_first") == 1
    assert post.send() == 0
    assert operations.release_messages(workspace=post.workspace, stream="wav_first") == 1
    assert post.send() == 1
    assert post.state(message) == State.SENT


def test_a_paused_workspace_sends_nothing(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    Workspace.objects.filter(pk=post.workspace.pk).update(is_sending_paused=True)
    assert post.send() == 0
    assert post.state(message) == State.PLANNED


def test_a_cancelled_message_stays(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    why = "The reader has answered."
    assert operations.cancel_messages(
        workspace=post.workspace, contact=message.contact, why=why, now=NOW
    )
    assert post.send() == 0
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.CANCELLED, why)


def test_too_late_is_expired_not_sent(post: Post, memory: type[Memory]) -> None:
    message = post.message(valid_until=NOW + minutes(5))
    assert post.send(NOW + minutes(5)) == 0
    assert post.state(message) == State.EXPIRED


@pytest.mark.parametrize("reason", Suppression.Reason.values)
def test_a_suppressed_address_gets_nothing(post: Post, memory: type[Memory], reason: str) -> None:
    message = post.message()
    operations.suppress(
        workspace=post.workspace, email="ANA.Lima@example.com", reason=reason, now=NOW
    )
    assert post.send() == 0
    message.refresh_from_db()
    assert message.state == State.SUPPRESSED
    assert message.reason
    assert memory.letters == []


def test_suppression_ends_at_the_wall_of_the_workspace(
    post: Post, people: People, memory: type[Memory]
) -> None:
    operations.suppress(
        workspace=people.elsewhere, email="ana.lima@example.com", reason="unsubscribed", now=NOW
    )
    post.message()
    assert post.send() == 1


def test_a_text_that_cannot_be_composed_fails_alone(post: Post, memory: type[Memory]) -> None:
    broken = post.message(post.contact("Ben Ito"), body="{{ frist_name }}")
    fine = post.message()
    assert post.send() == 1
    assert (post.state(broken), post.state(fine)) == (State.FAILED, State.SENT)
    assert "frist_name" in broken.reason


def test_a_claim_of_the_dead_is_due_again(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    _claim(post, "dead:1")
    _kill(message)
    sender.recover()
    assert post.state(message) == State.DUE
    assert post.send() == 1


def test_a_hand_off_of_the_dead_is_in_doubt_and_never_sent_again(
    post: Post, memory: type[Memory]
) -> None:
    message = post.message()
    _hand_off(post, "dead:1", message)
    _kill(message)
    sender.recover()
    message.refresh_from_db()
    message.contact.refresh_from_db()
    assert message.state == State.IN_DOUBT
    assert message.contact.last_asked_at == NOW  # in doubt counts as asked
    assert post.send(NOW + timedelta(days=30)) == 0


def test_the_living_are_left_alone(post: Post) -> None:
    message = post.message()
    _hand_off(post, "alive:1", message)
    sender.recover()
    assert post.state(message) == State.HANDOFF


def test_a_lease_from_a_clock_that_jumped_is_dead(post: Post) -> None:
    message = post.message()
    _claim(post, "dead:1")
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now() + timedelta(days=30))
    sender.recover()
    assert post.state(message) == State.DUE


def test_a_sleeper_that_wakes_settles_its_own_doubt(post: Post) -> None:
    from afterscore.outreach.channels import Accepted
    from afterscore.outreach.sender import settling

    message = post.message()
    _hand_off(post, "sleeper:1", message)
    _kill(message)
    sender.recover()
    message.refresh_from_db()
    settling.settle(
        messages={message.pk: message},
        outcomes=[Accepted(message.pk, "250 queued as 4711")],
        worker="sleeper:1",
        now=NOW,
        at=NOW,
    )
    message.refresh_from_db()
    assert (message.state, message.reply) == (State.SENT, "250 queued as 4711")


def test_a_sleeper_cannot_settle_what_another_has_taken_up(post: Post) -> None:
    from afterscore.outreach.channels import Accepted
    from afterscore.outreach.sender import settling

    message = post.message()
    _claim(post, "sleeper:1")
    stale = Message.objects.get(pk=message.pk)
    _kill(message)
    sender.recover()
    _hand_off(post, "other:1", message)
    settling.settle(
        messages={stale.pk: stale},
        outcomes=[Accepted(stale.pk, "250 from the past")],
        worker="sleeper:1",
        now=NOW,
        at=NOW,
    )
    assert post.state(message) == State.HANDOFF


def test_a_worker_cannot_use_a_claim_it_had_before(post: Post) -> None:
    """Frozen, taken for dead, awake again, and the message claimed anew under the same name."""
    message = post.message()
    stale = _claim(post, "one:1")[0]
    _kill(message)
    sender.recover()
    fresh = _claim(post, "one:1")[0]
    old, new = (queue.Pass(row.pk, row.attempt, "", None) for row in (stale, fresh))
    assert not queue.hand_off(worker="one:1", passes=[old], at=NOW)
    assert queue.hand_off(worker="one:1", passes=[new], at=NOW)


def _claim(post: Post, worker: str) -> list[Message]:
    turn = queries.Turn(post.workspace, None)
    return queue.claim(turn=turn, worker=worker, size=10, at=NOW)


def _hand_off(post: Post, worker: str, message: Message) -> None:
    claimed = _claim(post, worker)
    passes = [queue.Pass(row.pk, row.attempt, "", None) for row in claimed]
    assert queue.hand_off(worker=worker, passes=passes, at=NOW) == {message.pk}


def _kill(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def test_nothing_due_costs_two_small_queries(
    post: Post, memory: type[Memory], django_assert_num_queries
) -> None:
    post.message(due_at=NOW + timedelta(days=1))
    post.send()  # the first round of a process also asks which database this is
    with django_assert_num_queries(2):
        assert post.send() == 0


def test_the_database_says_what_is_due(post: Post, memory: type[Memory]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        database_now: datetime = cursor.fetchone()[0]
    post.message(post.contact("Ana Lima"), due_at=database_now - minutes(1))
    post.message(post.contact("Ben Ito"), due_at=database_now + minutes(1))
    assert sender.drain(worker=post.worker) == 1


def test_the_outbox_keeps_everything_without_composing(post: Post) -> None:
    message = post.message()
    assert post.send() == 1
    message.refresh_from_db()
    assert message.state == State.SENT
    assert "outbox" in message.reply


# Quiet hours.

MONDAY_NOON_IN_DUBLIN = datetime(2026, 5, 4, 11, 0, tzinfo=UTC)


def test_nobody_in_tokyo_is_woken(post: Post, memory: type[Memory]) -> None:
    message = post.message(time_zone="Asia/Tokyo", send_window="business_hours")
    assert post.send(MONDAY_NOON_IN_DUBLIN) == 0  # 20:00 in Tokyo
    message.refresh_from_db()
    opens = datetime(2026, 5, 5, 0, 0, tzinfo=UTC)  # Tuesday 09:00 in Tokyo
    assert (message.state, message.due_at) == (State.DUE, opens)
    assert post.send(opens - timedelta(seconds=1)) == 0
    assert post.send(opens) == 1


def test_the_window_is_asked_again_at_the_last_moment(post: Post) -> None:
    message = post.message(time_zone="Europe/Dublin", send_window="business_hours")
    claimed = _claim(post, post.worker)
    closing = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    ticket = queue.Pass(message.pk, claimed[0].attempt, "", closing)
    assert not queue.hand_off(worker=post.worker, passes=[ticket], at=closing)
    before = closing - timedelta(seconds=1)
    assert queue.hand_off(worker=post.worker, passes=[ticket], at=before) == {message.pk}


def test_no_zone_on_earth_gets_mail_at_night(post: Post, memory: type[Memory]) -> None:
    """Every hour of a week, through a clock change: only working hours by the reader's clock."""
    from zoneinfo import ZoneInfo

    zones = (
        "Pacific/Kiritimati", "Pacific/Chatham", "Asia/Kathmandu", "Europe/Berlin",
        "America/St_Johns", "America/Los_Angeles", "Pacific/Pago_Pago",
    )  # fmt: skip
    start = datetime(2026, 3, 27, 0, 0, tzinfo=UTC)  # the clocks change on the 29th in Europe
    for hour in range(0, 24, 3):
        due_at = start + timedelta(hours=hour)
        for zone in zones:
            contact = post.contact(
                f"{zone} {hour}", email=f"{hour}.{zones.index(zone)}@example.com"
            )
            post.message(contact, due_at=due_at, time_zone=zone, send_window="business_hours")
    for hour in range(24 * 7):
        post.send(start + timedelta(hours=hour))
    sent = list(Message.objects.filter(state=State.SENT))
    assert len(sent) == 8 * len(zones)
    for message in sent:
        assert message.sent_at is not None
        local = message.sent_at.astimezone(ZoneInfo(message.time_zone))
        assert local.weekday() < 5, (message.time_zone, local)
        assert 9 <= local.hour < 17, (message.time_zone, local)


def test_a_public_holiday_of_the_workspace_is_quiet(post: Post, memory: type[Memory]) -> None:
    Workspace.objects.filter(pk=post.workspace.pk).update(country="IE")
    message = post.message(send_window="business_hours")  # the first Monday of May
    assert post.send(NOW) == 0
    message.refresh_from_db()
    assert message.due_at.date().isoformat() == "2026-05-05"


def test_the_sender_tells_bounces_only_where_there_are_some(
    post: Post, memory: type[Memory]
) -> None:
    post.message()
    post.send()
    assert not Delivery.objects.exists()
    assert queries.delivery_counts(workspace=post.workspace, streams=["wav_first"])["sent"] == 1


class Slow(Memory):
    """Has time for one letter of each batch, and refuses it."""

    is_last = False

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        first, *others = letters
        yield [Declined(first.number, "452 try later", False, is_last=self.is_last)]
        yield [Untried(letter.number) for letter in others]


class Leaving(Slow):
    """Says 421 and goes."""

    is_last = True


@pytest.mark.parametrize(("channel", "tried"), [(Slow, 6), (Leaving, 4)])
def test_a_server_that_goes_away_is_given_a_rest_and_one_that_refuses_is_not(  # noqa: PLR0917 (a table's row)
    post: Post, settings, monkeypatch, channel: type[Slow], tried: int
) -> None:
    monkeypatch.setitem(channels.CHANNELS, "odd", f"{channel.__module__}.{channel.__name__}")
    monkeypatch.setattr(lines, "time", SimpleNamespace(monotonic=lambda: 0.0))
    settings.AFTERSCORE_CHANNEL = "odd"
    post.plan(*(post.draft(post.contact(f"Guest {number}")) for number in range(8)))
    with clock.at(NOW):
        for _round in range(6):
            sender.send_some(worker=post.worker)
    assert Message.objects.filter(failures=1).count() == tried
