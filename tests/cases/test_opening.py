"""From an answer to its case: who owns it, by when it is due, how urgent it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry
from afterscore.customers.models import Account
from afterscore.domain.casework import Outcome, State
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests import builders
from tests.cases.answers import open_for
from tests.people import NOW, People


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("score", [0, 6, 7, 8, 9, 10])
@pytest.mark.parametrize("comment", ["", "It is slow."])
def test_every_answer_has_a_case(people: People, score: int, comment: str) -> None:
    case = open_for(people, score=score, comment=comment)
    assert (case.state, case.score, bool(case.comment_key)) == (State.NEW, score, bool(comment))


def test_opening_twice_opens_once(people: People) -> None:
    case = open_for(people)
    again = operations.open_case(response=case.response, now=NOW + timedelta(days=1))
    assert again.pk == case.pk
    assert Entry.objects.filter(case=case).count() == 1
    assert Fact.objects.filter(name="case.opened").count() == 1


def test_a_fact_opens_the_case_and_a_later_comment_reaches_it(people: People) -> None:
    enrolment = builders.enrol(people)
    with jobs.inline() as queue, clock.at(NOW):
        response = builders.answer(enrolment, score=4)
        queue.run()
        case = Case.objects.get(response=response)
        builders.answer(enrolment, score=4, comment="Too many clicks.")
        queue.run()
    case.refresh_from_db()
    assert case.comment_key
    texts = Entry.objects.filter(case=case).order_by("id").values_list("text", flat=True)
    assert texts[1] == "The customer added a comment."


def test_the_change_may_be_heard_before_the_answer(people: People) -> None:
    enrolment = builders.enrol(people)
    response = builders.answer(enrolment, score=4, comment="Too many clicks.")
    case = operations.follow_response(response=response, now=NOW)
    assert operations.open_case(response=response, now=NOW).pk == case.pk
    assert Fact.objects.filter(name="case.changed").count() == 0


# --- who -----------------------------------------------------------------------------------------


def give_account_to(owner: Member | None) -> None:
    Account.objects.update(owner=owner)


def test_the_owner_of_the_account_owns_the_case(people: People) -> None:
    enrolment = builders.enrol(people)
    give_account_to(people.max)
    response = Response.objects.get(pk=builders.answer(enrolment, score=9).pk)
    case = operations.open_case(response=response, now=NOW)
    assert case.owner == people.max
    assert "looks after this account" in Entry.objects.get(case=case).text


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.VIEWER}])
def test_an_owner_who_left_or_only_looks_gets_no_case(
    people: People, change: dict[str, Any]
) -> None:
    enrolment = builders.enrol(people)
    give_account_to(people.max)
    Member.objects.filter(pk=people.max.pk).update(**change)
    response = Response.objects.get(pk=builders.answer(enrolment, score=9).pk)
    assert operations.open_case(response=response, now=NOW).owner not in {people.max, None}


def test_without_an_owner_cases_go_round_by_open_load(people: People) -> None:
    owners = [open_for(people).owner for _ in range(6)]
    assert owners == [people.olivia, people.max, people.ana] * 2


def test_whoever_closed_a_case_is_free_for_the_next(people: People) -> None:
    first = [open_for(people) for _ in range(3)][1]
    operations.close_case(case=first, outcome=Outcome.SOLVED, actor=SYSTEM, now=NOW)
    assert open_for(people).owner == people.max


def test_a_viewer_never_gets_a_case_and_nobody_is_better_than_a_stranger(people: People) -> None:
    Member.objects.filter(workspace=people.workspace).exclude(pk=people.vic.pk).update(
        is_active=False
    )
    assert open_for(people).owner is None


def test_the_first_new_member_takes_what_comes(people: People) -> None:
    Member.objects.filter(workspace=people.workspace).update(is_active=False)
    user = people.eve.user
    member = workspaces.add_member(
        workspace=people.workspace, user=user, role=Role.AGENT, actor=SYSTEM, now=NOW
    )
    assert open_for(people).owner == member


# --- by when -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "received", "due"),
    [
        (2, "2026-05-04T09:00", "2026-05-04T17:00"),  # Monday at opening: the whole of Monday
        (2, "2026-05-08T16:59", "2026-05-11T16:59"),  # Friday 16:59: Monday 16:59
        (2, "2026-05-08T17:00", "2026-05-11T17:00"),  # Friday at closing: all of Monday
        (2, "2026-05-09T12:00", "2026-05-11T17:00"),  # Saturday
        (8, "2026-05-04T12:00", "2026-05-07T12:00"),
        (10, "2026-05-04T12:00", "2026-05-11T12:00"),
    ],
)
def test_business_hours_decide_when_it_is_due(
    people: People, score: int, received: str, due: str
) -> None:
    case = open_for(people, score=score, now=at(received))
    assert case.due_at == case.next_due_at == at(due)


def test_public_holidays_do_not_count_even_across_the_year(people: People) -> None:
    people.workspace.country = "DE"
    people.workspace.time_zone = "Europe/Berlin"
    people.workspace.save()
    # Wednesday 31 December 2025, 11:00 in Berlin; Thursday is New Year's Day.
    case = open_for(people, now=at("2025-12-31T10:00"))
    assert case.due_at == at("2026-01-02T10:00")


def test_the_clock_change_keeps_the_hour_on_the_wall(people: People) -> None:
    people.workspace.time_zone = "Europe/Berlin"
    people.workspace.save()
    # Friday 27 March 2026, 15:00 in Berlin (UTC+1); on Monday Berlin is at UTC+2.
    case = open_for(people, now=at("2026-03-27T14:00"))
    assert case.due_at == at("2026-03-30T13:00")


def test_the_workspace_sets_its_days_and_the_program_may_promise_fewer(people: People) -> None:
    people.workspace.answer_within_days = {"detractor": 2, "passive": 3, "promoter": 10}
    people.workspace.save()
    assert open_for(people, score=2).due_at == at("2026-05-05T17:00")
    # A program promises an answer within five days unless it says otherwise.
    assert open_for(people, score=10).due_at == at("2026-05-08T17:00")


# --- how urgent ----------------------------------------------------------------------------------


def test_money_and_a_near_renewal_make_a_case_urgent_and_say_so(people: People) -> None:
    enrolment = builders.enrol(people)
    Account.objects.update(
        recurring_revenue=Decimal(48_000), currency="EUR", renewal_on=date(2026, 6, 1)
    )
    response = Response.objects.get(pk=builders.answer(enrolment, score=8, comment="Fine.").pk)
    case = operations.open_case(response=response, now=NOW)
    assert case.priority == 3
    assert case.priority_reasons == ["Passive", "Renews in 28 days", "Large account"]


def test_money_in_another_currency_is_not_compared(people: People) -> None:
    enrolment = builders.enrol(people)
    Account.objects.update(recurring_revenue=Decimal(48_000), currency="JPY")
    response = Response.objects.get(pk=builders.answer(enrolment, score=8, comment="Fine.").pk)
    assert operations.open_case(response=response, now=NOW).priority_reasons == ["Passive"]


# --- when the answer changes ---------------------------------------------------------------------


def change(case: Case, *, now: datetime, **values: object) -> Case:
    Response.objects.filter(pk=case.response_id).update(**values)
    return operations.follow_response(response=case.response, now=now)


def test_until_the_first_reply_deadline_and_priority_follow_the_answer(people: People) -> None:
    case = open_for(people, score=9)
    changed = change(case, score=2, now=NOW + timedelta(hours=1))
    assert (changed.priority, changed.due_at) == (2, at("2026-05-04T17:00"))
    entry = Entry.objects.filter(case=case).latest("id")
    assert entry.text == "The customer changed the score from 9 to 2."


def test_hearing_of_the_same_change_twice_changes_nothing(people: People) -> None:
    case = open_for(people, score=9)
    change(case, score=2, now=NOW)
    before = Entry.objects.count(), Fact.objects.count()
    change(case, score=2, now=NOW)
    assert (Entry.objects.count(), Fact.objects.count()) == before


def test_after_a_reply_a_new_score_alone_moves_no_deadline(people: People) -> None:
    case = open_for(people, score=6)
    case = operations.log_call(
        case=case, outcome=Entry.Call.REACHED, actor=SYSTEM, now=NOW + timedelta(hours=1)
    )
    changed = change(case, score=9, now=NOW + timedelta(hours=2))
    assert (changed.due_at, changed.next_due_at) == (case.due_at, case.next_due_at)
    assert changed.score == 9


@pytest.mark.parametrize("values", [{"comment": "Now I remember what it was."}, {"score": 3}])
def test_a_word_of_the_customer_brings_a_closed_case_back(
    people: People, values: dict[str, Any]
) -> None:
    case = open_for(people, score=9)
    operations.close_case(case=case, outcome=Outcome.THANKED, actor=SYSTEM, now=NOW)
    later = NOW + timedelta(days=2)
    back = change(case, now=later, **values)
    assert back.state == State.REOPENED
    assert (back.closed_at, back.outcome) == (None, "")
    assert back.next_due_at is not None
    assert back.next_due_at > later


def test_a_better_score_leaves_a_closed_case_closed(people: People) -> None:
    case = open_for(people, score=3)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=SYSTEM, now=NOW)
    assert change(case, now=NOW, score=9).state == State.CLOSED


def test_find_case_of_an_answer(people: People) -> None:
    case = open_for(people)
    found = queries.find_case_of(workspace=people.workspace, response=case.response)
    assert found == case
    assert queries.find_case_of(workspace=people.elsewhere, response=case.response) is None
