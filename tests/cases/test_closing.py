"""How cases end, and what happens when two people end one at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.causes import RootCause
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from tests import builders
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def test_closing_says_how_it_ended_and_what_was_learned(people: People) -> None:
    case = operations.close_case(
        case=open_for(people),
        outcome=Outcome.SOLVED,
        root_cause=RootCause.SPEED,
        insight="The import times out above 10 MB.",
        minutes=20,
        actor=by(people.ana),
        now=NOW,
    )
    assert (case.state, case.closed_at, case.closed_by) == (State.CLOSED, NOW, people.ana)
    assert (case.outcome, case.minutes, case.next_due_at) == ("solved", 20, None)
    assert case.root_cause == RootCause.SPEED
    entry = Entry.objects.filter(case=case).latest("id")
    assert entry.text == (
        "Closed. The problem is solved.\n"
        "Behind it: Speed and availability.\n"
        "The import times out above 10 MB."
    )
    assert Fact.objects.get(name="case.closed").payload == {"outcome": "solved"}


@pytest.mark.parametrize(
    ("outcome", "reason", "field"),
    [
        (None, None, "outcome"),
        (Outcome.NOT_CLOSED, None, "reason"),
        (Outcome.SOLVED, NotClosedReason.TIME, "reason"),
    ],
)
def test_an_ending_must_make_sense(
    people: People, outcome: Outcome | None, reason: NotClosedReason | None, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        operations.close_case(
            case=open_for(people), outcome=outcome, reason=reason, actor=by(people.ana), now=NOW
        )
    assert refusal.value.field == field


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_closes(people: People, outcome: Outcome) -> None:
    reason = NotClosedReason.UNREACHABLE if outcome is Outcome.NOT_CLOSED else None
    case = operations.close_case(
        case=open_for(people), outcome=outcome, reason=reason, actor=by(people.ana), now=NOW
    )
    assert (case.state, case.outcome) == (State.CLOSED, outcome)


def test_whoever_comes_second_is_told_who_was_first(people: People) -> None:
    case = open_for(people)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    with pytest.raises(Refused, match=r"Ana closed this case on 4 May at 09:00: The problem is"):
        operations.close_case(case=case, outcome=Outcome.THANKED, actor=by(people.max), now=NOW)


def test_reopening_makes_it_due_again(people: People) -> None:
    case = open_for(people)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    later = NOW + timedelta(days=1, hours=3)
    case = operations.reopen_case(case=case, why="It broke again.", actor=by(people.max), now=later)
    assert (case.state, case.outcome, case.closed_at) == (State.REOPENED, "", None)
    assert case.next_due_at == later + timedelta(days=1)
    assert Entry.objects.filter(case=case).latest("id").text == "Reopened. It broke again."
    assert Fact.objects.filter(name="case.reopened").count() == 1


def test_what_lay_behind_it_stays_known_when_a_case_is_closed_again(people: People) -> None:
    case = open_for(people)
    end = partial(operations.close_case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    case = end(case=case, root_cause=RootCause.PRICE)
    case = operations.reopen_case(case=case, actor=by(people.ana), now=NOW)
    assert end(case=case).root_cause == RootCause.PRICE
    case = operations.reopen_case(case=case, actor=by(people.ana), now=NOW)
    assert end(case=case, root_cause=RootCause.UNKNOWN).root_cause == RootCause.UNKNOWN


def test_only_what_is_closed_is_reopened(people: People) -> None:
    with pytest.raises(Refused, match="Only a closed case"):
        operations.reopen_case(case=open_for(people), actor=by(people.ana), now=NOW)


def test_given_up_is_not_closed_in_the_count(people: People) -> None:
    given_up = open_for(people, score=3, comment="Slow.")
    operations.close_case(
        case=given_up,
        outcome=Outcome.NOT_CLOSED,
        reason=NotClosedReason.TIME,
        actor=by(people.ana),
        now=NOW,
    )
    done = open_for(people, score=3, comment="Slow.")
    operations.close_case(case=done, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    open_for(people, score=10)
    counts = queries.closure_counts(workspace=people.workspace)
    assert [tuple(row) for row in counts] == [(3, True, 2, 1), (10, False, 1, 0)]
    assert queries.closure_counts(workspace=people.workspace, since=NOW + timedelta(1)) == []
    assert queries.closure_counts(workspace=people.workspace, waves=[done.response.wave]) == counts
    assert queries.closure_counts(workspace=people.workspace, waves=[]) == []
    assert queries.closure_counts(workspace=people.elsewhere) == []


# --- at the same time ----------------------------------------------------------------------------


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Runs each deed on a thread and a connection of its own; returns results and exceptions."""
    barrier = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(index: int, deed: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            results[index] = deed()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, deed)) for index, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_eight_workers_open_one_case_for_one_answer(people: People) -> None:
    response = builders.answer(builders.enrol(people), score=3)

    def open_it() -> int:
        fresh = Response.objects.select_related("workspace").get(pk=response.pk)
        return operations.open_case(response=fresh, now=NOW).pk

    results = at_once(*[open_it] * 8)
    assert len(set(results)) == 1, results
    assert Case.objects.count() == 1
    assert Entry.objects.count() == 1
    assert Fact.objects.filter(name="case.opened").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_close_at_once_and_one_wins(people: People) -> None:
    case = open_for(people)

    def close(actor: Actor) -> Case:
        return operations.close_case(case=case, outcome=Outcome.SOLVED, actor=actor, now=NOW)

    actors = [by(people.ana), by(people.max)]
    results = at_once(*[partial(close, actor) for actor in actors])
    [refusal] = [result for result in results if isinstance(result, Refused)]
    [closed] = [result for result in results if isinstance(result, Case)]
    assert refusal.message.startswith(f"{closed.closed_by} closed this case")
    assert Fact.objects.filter(name="case.closed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_follow_ups_planned_at_once_stay_within_the_cap(people: People) -> None:
    case = open_for(people, owner=people.ana)
    results = at_once(*[lambda: operations.plan_follow_up(case=case, actor=SYSTEM, now=NOW)] * 5)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert queries.count_follow_ups(case=case) == 2
