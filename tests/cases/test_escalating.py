"""Before and after a deadline: who is told, once, and what ends it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Alert, Case, Entry
from afterscore.cases.operations import escalating
from afterscore.domain.alerts import Kind
from afterscore.domain.casework import Outcome
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests.cases.answers import open_for
from tests.people import NOW, People


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def escalate(text: str) -> None:
    escalating.escalate(now=at(text))


def standing(kind: Kind) -> list[tuple[Member | None, str]]:
    alerts = Alert.objects.filter(kind=kind, settled_at=None).order_by("id")
    return [(alert.member, alert.text) for alert in alerts]


def lead(member: Member, department: Department) -> None:
    Member.objects.filter(pk=member.pk).update(department=department)
    member.refresh_from_db()


# A detractor on Monday at nine is due on Monday at 17:00.


def test_the_owner_is_warned_two_business_hours_ahead(people: People) -> None:
    case = open_for(people, owner=people.ana)
    escalate("2026-05-04T14:59")
    assert standing(Kind.BREACH_AHEAD) == []
    escalate("2026-05-04T15:00")
    escalate("2026-05-04T15:05")
    assert standing(Kind.BREACH_AHEAD) == [
        (people.ana, "Nora Lindqvist (Quayside Freight) is due Mon 4 May, 17:00.")
    ]
    case.refresh_from_db()
    assert case.warned_at == at("2026-05-04T15:00")
    facts = Fact.objects.filter(name="case.escalated")
    assert [fact.payload for fact in facts] == [
        {"stage": "before", "members": [people.ana.public_id]}
    ]


def test_business_hours_count_over_a_weekend(people: People) -> None:
    # Friday 16:00; due on Monday at 16:00. A Monday deadline at ten is near on Friday at four.
    case = open_for(people, owner=people.ana, now=at("2026-05-08T16:00"))
    Case.objects.filter(pk=case.pk).update(next_due_at=at("2026-05-11T10:00"))
    escalate("2026-05-08T15:55")
    assert standing(Kind.BREACH_AHEAD) == []
    escalate("2026-05-08T16:00")
    assert len(standing(Kind.BREACH_AHEAD)) == 1


def test_once_it_is_late_those_who_lead_the_department_hear_of_it(people: People) -> None:
    lead(people.ana, Department.SUCCESS)
    lead(people.max, Department.SUCCESS)
    case = open_for(people, owner=people.ana)
    escalate("2026-05-04T15:00")
    escalate("2026-05-04T17:01")
    escalate("2026-05-04T17:06")
    assert standing(Kind.BREACH_AHEAD) == []
    assert standing(Kind.BREACH) == [
        (people.ana, "Nora Lindqvist (Quayside Freight) was to hear from you by Mon 4 May, 17:00."),
        (people.max, "Nora Lindqvist (Quayside Freight) was to hear from Ana by Mon 4 May, 17:00."),
    ]
    told = Entry.objects.filter(case=case).latest("id").text
    assert told == "Late since Mon 4 May, 17:00; Max was told."


def test_where_nobody_leads_the_department_all_who_lead_hear_of_it(people: People) -> None:
    open_for(people, owner=people.ana)
    escalate("2026-05-04T17:01")
    assert {member for member, _ in standing(Kind.BREACH)} == {
        people.ana, people.max, people.olivia,
    }  # fmt: skip


def test_a_reply_ends_the_alarm_and_a_new_deadline_is_new_news(people: People) -> None:
    case = open_for(people, owner=people.ana)
    escalate("2026-05-04T17:01")
    now = at("2026-05-04T17:30")
    case = operations.log_call(case=case, outcome=Entry.Call.REACHED, actor=SYSTEM, now=now)
    escalate("2026-05-04T17:35")
    case.refresh_from_db()
    assert standing(Kind.BREACH) == []
    assert (case.warned_at, case.escalated_at) == (None, None)
    # Comes up again on Monday a week later at 17:00.
    escalate("2026-05-11T17:01")
    assert (
        people.ana,
        "Nora Lindqvist (Quayside Freight) was to be looked at again by Mon 11 May, 17:00.",
    ) in standing(Kind.BREACH)


def test_closing_ends_the_alarm(people: People) -> None:
    case = open_for(people, owner=people.ana)
    escalate("2026-05-04T17:01")
    operations.close_case(
        case=case, outcome=Outcome.SOLVED, actor=SYSTEM, now=at("2026-05-04T17:30")
    )
    escalate("2026-05-04T17:35")
    assert standing(Kind.BREACH) == []


def test_an_alarm_that_somebody_put_away_is_not_raised_again(people: People) -> None:
    open_for(people, owner=people.ana)
    escalate("2026-05-04T17:01")
    Alert.objects.update(settled_at=at("2026-05-04T17:02"), settled_by=people.ana)
    escalate("2026-05-04T17:06")
    assert standing(Kind.BREACH) == []


def test_calm_cases_are_told_to_leaders_as_one_sum_a_day(people: People) -> None:
    for number in range(5):
        open_for(people, score=8, owner=people.ana, now=NOW + timedelta(minutes=number))
    seen = []
    # Due on Wednesday at 17:00, and on Thursday from 9:01 to 9:04.
    for moment in ("2026-05-06T17:05", "2026-05-07T09:03", "2026-05-07T09:30"):
        escalate(moment)
        seen.append([text for member, text in standing(Kind.BREACH) if member == people.max])
    oldest = "the oldest: Nora Lindqvist (Quayside Freight), due Wed 6 May, 17:00."
    assert seen == [
        [f"Ana has 1 late case, {oldest}"],
        [f"Ana has 3 late cases, {oldest}"],
        [f"Ana has 3 late cases, {oldest}"],  # one a day
    ]
    assert len([1 for member, _ in standing(Kind.BREACH) if member == people.ana]) == 5


def test_a_sum_ends_with_its_last_case(people: People) -> None:
    case = open_for(people, score=8, owner=people.ana)
    escalate("2026-05-07T09:30")
    assert (people.max.pk in {member.pk for member, _ in standing(Kind.BREACH) if member}) is True
    operations.close_case(
        case=case, outcome=Outcome.UNDERSTOOD, actor=SYSTEM, now=at("2026-05-07T10:00")
    )
    escalate("2026-05-07T10:05")
    assert standing(Kind.BREACH) == []


def test_whoever_leads_is_warned_where_the_owner_is_away(people: People) -> None:
    lead(people.ana, Department.SUCCESS)
    lead(people.max, Department.SUCCESS)
    open_for(people, owner=people.ana)
    workspaces.plan_absence(
        member=people.ana,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 8),
        actor=SYSTEM,
        now=NOW,
    )
    escalate("2026-05-04T15:00")
    assert [member for member, _ in standing(Kind.BREACH_AHEAD)] == [people.max]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles"])
def test_times_are_told_by_the_workspaces_clocks(people: People, zone: str) -> None:
    people.workspace.time_zone = zone
    people.workspace.save()
    case = open_for(people, owner=people.ana)
    Case.objects.filter(pk=case.pk).update(next_due_at=at("2026-05-04T20:00"))
    escalate("2026-05-04T20:01")
    told = {"Europe/Berlin": "Mon 4 May, 22:00", "America/Los_Angeles": "Mon 4 May, 13:00"}
    assert standing(Kind.BREACH)[0][1].endswith(f"by {told[zone]}.")
