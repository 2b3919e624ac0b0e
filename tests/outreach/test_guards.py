from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.customers.models import Contact, Signal
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach import guards, ledger, operations, queries, sender
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.guards import clocks, comparing, recovering, restores
from afterscore.outreach.guards.clocks import Watch
from afterscore.outreach.models import Guard, Message, Suppression
from tests.outreach.post import Post
from tests.people import NOW

pytestmark = pytest.mark.django_db
REAL = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def boot(monkeypatch) -> list[float]:
    """The clock that nobody can set; tests move it by hand."""
    seconds = [1_000.0]
    monkeypatch.setattr(clocks, "since_boot", lambda: seconds[0])
    return seconds


def _restore_backup_of(*messages: Message) -> None:
    """The rows are as they were before anything was sent, and so is what was compared."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        state="planned", attempt=0, handed_at=None, sent_at=None, reply="", claimed_by=""
    )
    Guard.objects.filter(name__startswith="ledger:").delete()
    guards.forget()


def test_a_clock_that_goes_with_the_other_is_right(boot: list[float]) -> None:
    watch = Watch()
    assert watch.look(REAL, is_closed=False) is None
    boot[0] += 3_600
    jump = watch.look(REAL + timedelta(hours=1, minutes=4), is_closed=False)
    assert jump is not None
    assert not jump.is_real


@given(st.integers(-400 * 86_400, 400 * 86_400), st.integers(0, 86_400))
def test_a_jump_is_what_the_other_clock_did_not_do(seconds: int, later: int) -> None:
    watch = Watch(wall=REAL, boot=clocks.since_boot() - later)
    jump = watch.look(REAL + timedelta(seconds=later + seconds), is_closed=False)
    assert jump is not None
    assert jump.is_real == (abs(jump.by) > timedelta(minutes=5))
    assert abs(jump.by.total_seconds() - seconds) < 5


def test_a_jump_stops_the_install_until_the_clock_is_back(boot: list[float]) -> None:
    watch = Watch()
    watch.look(REAL, is_closed=False)
    clocks.remember(watch.look(REAL + timedelta(days=30), is_closed=False), now=NOW)
    (closed,) = guards.list_closed()
    assert "moved by 30 days" in closed.why
    clocks.remember(watch.look(REAL + timedelta(days=30), is_closed=True), now=NOW)
    assert guards.list_closed()
    boot[0] += 60
    clocks.remember(watch.look(REAL + timedelta(minutes=1), is_closed=True), now=NOW)
    assert not guards.list_closed()


def test_somebody_may_say_that_the_new_time_is_right(boot: list[float]) -> None:
    watch = Watch()
    watch.look(REAL, is_closed=False)
    clocks.remember(watch.look(REAL + timedelta(hours=2), is_closed=False), now=NOW)
    assert guards.resume(now=NOW) == ["clock"]
    clocks.remember(watch.look(REAL + timedelta(hours=2), is_closed=False), now=NOW)
    assert not guards.list_closed()
    assert watch.expected() == REAL + timedelta(hours=2)


def test_a_worker_with_a_wrong_clock_leaves_the_work_to_others() -> None:
    assert clocks.skew_reason(database=REAL, own=REAL - timedelta(seconds=59)) is None
    reason = clocks.skew_reason(database=REAL, own=REAL + timedelta(hours=1))
    assert reason is not None
    assert "60 minutes" in reason


def test_a_closed_guard_stops_what_was_claimed_already(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    Guard.objects.create(name="restore", is_closed=True, why="Look first.", changed_at=NOW)
    assert post.send() == 0
    assert post.state(message) == "planned"
    assert guards.reason_to_wait() == "Look first."
    guards.resume(now=NOW)
    assert post.send() == 1


def test_a_restored_database_sends_nothing(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    assert post.send() == 1
    _restore_backup_of(message)
    assert post.send() == 0
    assert len(memory.letters) == 1
    (closed,) = guards.list_closed()
    assert "knows of 1 hand-overs" in closed.why
    assert "afterscore restore check" in closed.why


def test_reading_the_ledger_back_makes_it_sent_and_not_twice(
    post: Post, memory: type[Memory]
) -> None:
    message, other = post.message(), post.message(post.contact("Ben Ito"))
    Message.objects.filter(pk=other.pk).update(is_held=True)
    assert post.send() == 1
    _restore_backup_of(message)
    post.send()
    report = recovering.check()
    assert (report.sent, report.in_doubt, report.known) == (1, 0, 0)
    assert recovering.apply(now=NOW).sent == 1
    assert post.state(message) == "sent"
    assert message.attempt == 1
    contact = Contact.objects.get(pk=message.contact_id)
    assert contact.last_asked_at is not None
    assert abs(contact.last_asked_at - clock.real()) < timedelta(minutes=1)
    assert recovering.apply(now=NOW).missing == 0
    assert guards.resume(now=NOW) == ["restore"]
    operations.release_messages(workspace=post.workspace, stream=other.stream)
    assert post.send() == 1
    assert len(memory.letters) == 2


def test_without_an_outcome_it_is_in_doubt(post: Post) -> None:
    message = post.message()
    ledger.handed_over([_handed(post, message)])
    assert recovering.apply(now=NOW).in_doubt == 1
    assert post.state(message) == "in_doubt"
    assert "after the backup" in message.reason


def test_what_was_only_tried_is_due_again(post: Post) -> None:
    message = post.message()
    ledger.handed_over([_handed(post, message)])
    ledger.settled([ledger.Settled(message.public_id, 1, "later", "451 not now")])
    assert recovering.apply(now=NOW).missing == 0
    assert post.state(message) == "planned"


def test_what_was_claimed_at_the_backup_and_left_with_that_attempt_is_not_due_again(
    post: Post, memory: type[Memory]
) -> None:
    message = post.message()
    assert post.send() == 1
    _restore_backup_of(message)
    Message.objects.filter(pk=message.pk).update(state="claimed", attempt=1, lease_until=NOW)
    assert guards.reason_to_wait() is not None
    sender.recover()
    assert post.state(message) == "due"
    assert recovering.apply(now=NOW).sent == 1
    assert post.state(message) == "sent"
    guards.resume(now=NOW)
    assert post.send() == 0
    assert len(memory.letters) == 1


@pytest.mark.parametrize("state", ["claimed", "due"])
def test_what_was_claimed_at_the_backup_and_has_no_outcome_is_in_doubt(
    post: Post, state: str
) -> None:
    message = post.message()
    ledger.handed_over([_handed(post, message)])
    Message.objects.filter(pk=message.pk).update(state=state, attempt=1)
    assert guards.reason_to_wait() is None  # so it stands in every install that is at work
    assert recovering.apply(now=NOW).in_doubt == 1
    assert post.state(message) == "in_doubt"


@pytest.mark.parametrize("is_first", [True, False])
def test_a_try_after_the_restore_says_nothing_of_the_same_attempt_before(
    post: Post, is_first: bool
) -> None:
    """A worker of the restored database may have claimed the row with the number that it had."""
    message = post.message()
    before = ledger.Settled(message.public_id, 1, "sent", "250 yes")
    after = ledger.Settled(message.public_id, 1, "untried")
    files = [("host.1", before), ("host.2", after)]
    Message.objects.filter(pk=message.pk).update(state="due", attempt=2)
    entries = [(who, entry) for who, said in files for entry in (_handed(post, message), said)]
    found = comparing.compare(entries if is_first else entries[2:] + entries[:2])
    assert [each.outcome for each in found.behind] == ["sent"]


def test_an_outcome_read_without_its_hand_over_gives_the_restore_away(post: Post) -> None:
    message = post.message()
    said = ledger.Settled(message.public_id, 1, "sent", "250 yes")
    Message.objects.filter(pk=message.pk).update(state="due", attempt=1)
    assert comparing.compare([("host.1", said)]).missing == 1


def test_a_doubt_that_was_sent_again_by_choice_is_no_sign_of_a_restore(post: Post) -> None:
    message = post.message()
    late = ledger.Settled(message.public_id, 1, "sent", "250 yes")
    Message.objects.filter(pk=message.pk).update(state="due", attempt=1, resends=1)
    found = comparing.compare([("host.1", _handed(post, message)), ("host.1", late)])
    assert (found.missing, found.unclear) == (0, [])


def test_a_guard_that_another_process_closes_holds_at_once(
    post: Post, memory: type[Memory]
) -> None:
    message = post.message()
    assert post.send() == 1
    _restore_backup_of(message)
    assert restores.look(now=NOW) is not None
    assert restores.look(now=NOW) is not None


def test_who_was_silenced_after_the_backup_stays_so(
    post: Post, django_capture_on_commit_callbacks
) -> None:
    message = post.message()
    with django_capture_on_commit_callbacks(execute=True):
        operations.unsubscribe(message=message, now=NOW)
    Suppression.objects.all().delete()
    assert recovering.apply(now=NOW).silenced == 1
    reasons = queries.suppression_reasons(workspace=post.workspace, emails=[message.to_email])
    assert reasons == {message.to_email: "unsubscribed"}


def test_what_was_lifted_again_is_not_silenced(
    post: Post, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        operations.suppress(
            workspace=post.workspace, email="ana.lima@example.com", reason="manual", now=NOW
        )
        operations.lift(rows=Suppression.objects.all())
    assert recovering.check().missing == 0


def test_a_plan_made_after_the_backup_still_counts_for_its_readers(post: Post) -> None:
    message = post.message()
    ledger.handed_over([_handed(post, message)])
    Message.objects.filter(pk=message.pk).delete()
    assert recovering.apply(now=NOW).absent == 1
    signal = Signal.objects.get(source=recovering.SOURCE)
    assert (signal.kind, signal.external_id) == ("message", message.public_id)
    assert Contact.objects.get(pk=message.contact_id).last_asked_at == signal.occurred_at


def test_another_database_is_noticed(post: Post, memory: type[Memory]) -> None:
    post.send()
    Guard.objects.filter(name="database").update(value="7000000000000000000/1")
    guards.forget()
    post.message()
    assert post.send() == 0
    assert "not the one that was used before" in guards.list_closed()[0].why


def test_without_a_ledger_there_is_nothing_to_read_back(db: None) -> None:
    with pytest.raises(Refused, match="AFTERSCORE_LEDGER_DIR"):
        recovering.check()


def test_a_ledger_that_cannot_be_written_stops_the_sender(
    post: Post, memory: type[Memory], settings, tmp_path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.LEDGER_DIR = tmp_path / "file" / "ledger"
    message = post.message()
    assert post.send() == 0
    assert not memory.letters
    assert post.state(message) == "planned"
    assert "cannot be written" in (guards.reason_to_wait() or "")


def _handed(post: Post, message: Message) -> ledger.Handed:
    return ledger.Handed(
        workspace=post.workspace.public_id,
        message=message.public_id,
        attempt=1,
        address=queries.address_hash(message.to_email),
        kind=message.kind,
    )
