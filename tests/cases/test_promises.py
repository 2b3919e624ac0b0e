"""What was promised to customers, and whether the word was kept."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.models import Alert, Case, Commitment, Entry
from afterscore.domain import promises
from afterscore.domain.casework import Outcome
from afterscore.domain.promises import Record, State
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound, Refused
from tests.cases.answers import by, open_for
from tests.people import NOW, People

TODAY = NOW.date()
FRIDAY = date(2026, 5, 8)
AFTERWARDS = NOW + timedelta(days=5)


def give(people: People, *, text: str = "A fix of the import", due_on: date = FRIDAY) -> Commitment:
    case = open_for(people, owner=people.ana)
    operations.promise(case=case, text=text, due_on=due_on, actor=by(people.ana), now=NOW)
    return Commitment.objects.latest("id")


def test_the_states_of_the_rows_are_those_of_the_domain() -> None:
    assert [state.value for state in Commitment.State] == [state.value for state in State]


def test_a_promise_says_who_gave_it_what_and_by_when(people: People) -> None:
    given = give(people)
    assert (given.text, given.due_on, given.promised_by) == (
        "A fix of the import", FRIDAY, people.ana,
    )  # fmt: skip
    entry = Entry.objects.filter(case=given.case).latest("id")
    assert entry.text == "Promised by 8 May 2026.\nA fix of the import"
    assert Fact.objects.get(name="commitment.made").payload == {
        "case": given.case.public_id, "due_on": "2026-05-08",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "due_on", "field"),
    [(" ", FRIDAY, "text"), ("A fix", TODAY - timedelta(days=1), "due_on")],
)
def test_a_promise_that_cannot_be_kept_is_refused(
    people: People, text: str, due_on: date, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        give(people, text=text, due_on=due_on)
    assert refusal.value.field == field


def test_done_on_its_day_it_is_kept(people: People) -> None:
    given = give(people)
    assert operations.break_promises(now=NOW + timedelta(days=4)) == 0
    operations.keep_promise(
        commitment=given, text="Released in 4.2", actor=by(people.ana), now=NOW + timedelta(days=4)
    )
    given.refresh_from_db()
    assert (given.state, given.settled_by, given.settled_text) == (
        State.KEPT, people.ana, "Released in 4.2",
    )  # fmt: skip
    assert Fact.objects.get(name="commitment.settled").payload["was_late"] is False


def test_when_its_day_is_over_it_is_broken_and_its_owner_is_told_once(people: People) -> None:
    given = give(people)
    case = given.case
    assert operations.break_promises(now=AFTERWARDS) == 1
    assert operations.break_promises(now=AFTERWARDS + timedelta(hours=1)) == 0
    given.refresh_from_db()
    assert (given.state, given.settled_at) == (State.BROKEN, None)
    alert = Alert.objects.get()
    assert (alert.kind, alert.member, alert.case) == ("broken_promise", people.ana, case)
    assert alert.text == "Nora Lindqvist was promised by 8 May 2026: A fix of the import"
    assert Case.objects.filter(pk=case.pk, next_due_at__lte=AFTERWARDS).exists()
    assert Fact.objects.filter(name="commitment.broken").count() == 1


def test_the_workspaces_own_day_decides(people: People) -> None:
    people.workspace.time_zone = "Pacific/Auckland"  # twelve hours ahead of UTC in May
    people.workspace.save()
    given = give(people, due_on=date(2026, 5, 4))
    assert operations.break_promises(now=NOW + timedelta(hours=2)) == 0
    assert operations.break_promises(now=NOW + timedelta(hours=4)) == 1
    given.refresh_from_db()
    assert given.state == State.BROKEN


def test_made_good_late_it_stays_broken_and_the_alert_ends(people: People) -> None:
    given = give(people)
    operations.break_promises(now=AFTERWARDS)
    operations.keep_promise(commitment=given, actor=by(people.max), now=AFTERWARDS)
    given.refresh_from_db()
    assert (given.state, given.settled_at) == (State.BROKEN, AFTERWARDS)
    assert Alert.objects.get().settled_at == AFTERWARDS
    assert queries.promise_record(workspace=people.workspace) == Record(kept=0, broken=1)


def test_a_customer_may_no_longer_want_it(people: People) -> None:
    given = give(people)
    release = partial(
        operations.release_promise, commitment=given, actor=by(people.ana), now=AFTERWARDS
    )
    with pytest.raises(Refused, match="Say why"):
        release(text=" ")
    release(text="They bought another tool.")
    given.refresh_from_db()
    assert given.state == State.RELEASED
    assert queries.promise_record(workspace=people.workspace) == Record(0, 0)


def test_what_is_settled_is_settled(people: People) -> None:
    given = give(people)
    keep = partial(operations.keep_promise, commitment=given, actor=by(people.ana), now=NOW)
    keep()
    with pytest.raises(Refused, match="settled already"):
        keep()


def test_a_promise_outlives_the_closing_of_its_case(people: People) -> None:
    given = give(people)
    operations.close_case(case=given.case, outcome=Outcome.PASSED_ON, actor=by(people.ana), now=NOW)
    assert operations.break_promises(now=AFTERWARDS) == 1
    assert Case.objects.get(pk=given.case_id).next_due_at is None
    assert [each.pk for each in queries.list_owed(workspace=people.workspace)] == [given.pk]


def test_each_sees_what_is_owed_in_her_cases(people: People) -> None:
    given = give(people)
    owed = partial(queries.list_owed, workspace=people.workspace)
    assert list(owed(member=people.ana)) == [given]
    assert not owed(member=people.max).exists()
    operations.assign(case=given.case, owner=people.max, actor=by(people.ana), now=NOW)
    assert list(owed(member=people.max)) == [given]
    assert not queries.list_owed(workspace=people.elsewhere).exists()
    counts = partial(queries.count_owed, workspace=people.workspace, member=people.max)
    assert counts(today=FRIDAY) == (1, 0)
    assert counts(today=FRIDAY + timedelta(days=1)) == (1, 1)
    assert promises.Standing.LATE.is_owed


def test_nobody_reads_a_promise_of_another_workspace(people: People) -> None:
    given = give(people)
    with pytest.raises(NotFound):
        queries.get_commitment(workspace=people.elsewhere, public_id=given.public_id)
