"""Who gets a case, through the operations: rules, themes, absence, and comments that come late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry, RoutingRule
from afterscore.customers.models import Account
from afterscore.domain import routing
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Group
from afterscore.domain.routing import Criteria
from afterscore.improvements.models import Theme
from afterscore.journal.models import Fact
from afterscore.responses.models import Response
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Member
from tests import builders
from tests.cases.answers import by, open_for
from tests.people import NOW, People

TUESDAY = NOW + timedelta(days=1)


def rule(people: People, name: str = "Bills", **values: Any) -> RoutingRule:
    criteria = values.pop("criteria", routing.EVERYBODY)
    return RoutingRule.objects.create(
        workspace=people.workspace,
        name=name,
        position=RoutingRule.objects.count(),
        conditions=routing.to_data(criteria),
        **values,
    )


def theme(people: People, name: str, *words: str, department: str = "") -> Theme:
    return Theme.objects.create(
        workspace=people.workspace,
        name=name,
        words=list(words),
        department=department,
        created_at=NOW,
    )


def work_in(member: Member, department: Department) -> None:
    Member.objects.filter(pk=member.pk).update(department=department)
    member.refresh_from_db()


def owned_by(people: People, member: Member, *, score: int = 3, comment: str = "") -> Case:
    """The account of the answer is looked after by this member."""
    enrolment = builders.enrol(people, email=f"owned{Response.objects.count()}@quayside.example")
    Account.objects.update(owner=member)
    answered = builders.answer(enrolment, score=score, comment=comment)
    return operations.open_case(response=Response.objects.get(pk=answered.pk), now=NOW)


def first_line(case: Case) -> str:
    return str(Entry.objects.filter(case=case).earliest("id").text)


def test_a_theme_leads_a_case_to_its_department(people: People) -> None:
    work_in(people.max, Department.FINANCE)
    bills = theme(people, "Billing", "invoice")
    rule(people, criteria=Criteria(themes=frozenset({bills.public_id})), department="finance")
    case = open_for(people, comment="The invoices are wrong again.")
    assert (case.owner, case.department, case.themes) == (
        people.max, "finance", [bills.public_id],
    )  # fmt: skip
    assert first_line(case) == (
        "Case opened. By the rule “Bills”: Max has the fewest open cases in Finance."
    )


def test_a_rule_on_a_department_follows_the_themes_that_are_its_own(people: People) -> None:
    work_in(people.max, Department.FINANCE)
    theme(people, "Billing", "invoice", department="finance")
    rule(
        people,
        criteria=Criteria(departments=frozenset({Department.FINANCE})),
        department="finance",
    )
    assert open_for(people, comment="An invoice is wrong.").owner == people.max


def test_the_owner_of_the_account_keeps_it_unless_the_rule_comes_first(people: People) -> None:
    bills = rule(people, member=people.max)
    assert owned_by(people, people.ana).owner == people.ana
    bills.before_owner = True
    bills.save()
    assert owned_by(people, people.ana).owner == people.max


def test_a_rule_that_sleeps_or_cannot_be_read_decides_nothing(people: People) -> None:
    rule(people, member=people.ana, is_active=False)
    broken = rule(people, member=people.ana)
    RoutingRule.objects.filter(pk=broken.pk).update(conditions={"mood": "bad"})
    assert queries.rules_in_force(workspace=people.workspace) == []
    assert open_for(people).owner == people.olivia


def test_a_rule_makes_cases_urgent_whoever_owns_them(people: People) -> None:
    rule(people, "Every promoter", criteria=Criteria(groups=frozenset({Group.PROMOTER})),
         is_urgent=True)  # fmt: skip
    case = owned_by(people, people.ana, score=9)
    assert case.owner == people.ana
    assert (case.priority, case.priority_reasons[1]) == (1, "Rule: Every promoter")


# --- a comment that comes a moment after the score ------------------------------------------------


def comment(case: Case, text: str, *, now: datetime = NOW) -> Case:
    Response.objects.filter(pk=case.response_id).update(comment=text)
    return operations.follow_response(response=case.response, now=now)


def bills_go_to_max(people: People) -> None:
    work_in(people.max, Department.FINANCE)
    bills = theme(people, "Billing", "invoice")
    rule(people, criteria=Criteria(themes=frozenset({bills.public_id})), department="finance")


def test_a_late_comment_brings_the_case_to_whom_its_theme_belongs(people: People) -> None:
    bills_go_to_max(people)
    case = open_for(people)
    assert case.owner == people.olivia
    case = comment(case, "The invoice was wrong.")
    assert (case.owner, case.department, len(case.themes)) == (people.max, "finance", 1)
    told = Entry.objects.filter(case=case).latest("id").text
    assert told.startswith("Handed over from Olivia to Max. By the rule “Bills”")
    assert Fact.objects.filter(name="case.assigned", subject=case.public_id).count() == 1


def test_a_late_comment_takes_nothing_from_whoever_has_begun(people: People) -> None:
    bills_go_to_max(people)
    case = open_for(people)
    case = operations.add_note(case=case, text="I know her.", actor=by(people.ana), now=NOW)
    assert comment(case, "The invoice was wrong.").owner == people.olivia


def test_nor_from_whom_it_was_given_to_by_hand(people: People) -> None:
    bills_go_to_max(people)
    case = open_for(people, owner=people.ana)
    assert comment(case, "The invoice was wrong.").owner == people.ana


def test_without_a_rule_a_late_comment_moves_nothing(people: People) -> None:
    case = open_for(people)
    open_for(people)
    assert comment(case, "It is slow.").owner == people.olivia


def test_themes_that_somebody_added_by_hand_stay(people: People) -> None:
    bills_go_to_max(people)
    case = open_for(people)
    Case.objects.filter(pk=case.pk).update(themes=["thm_by_hand"])
    assert "thm_by_hand" in comment(case, "The invoice was wrong.").themes


# --- absence --------------------------------------------------------------------------------------


def away(member: Member, starts: date, ends: date, stand_in: Member | None = None) -> None:
    workspaces.plan_absence(
        member=member, starts_on=starts, ends_on=ends, stand_in=stand_in, actor=SYSTEM, now=NOW
    )


def test_a_stand_in_gets_the_new_cases_in_the_usual_time(people: People) -> None:
    away(people.ana, date(2026, 5, 4), date(2026, 5, 8), people.max)
    case = owned_by(people, people.ana)
    assert case.owner == people.max
    assert "Max stands in" in first_line(case)
    assert case.due_at.isoformat() == "2026-05-04T17:00:00+00:00"


def test_a_day_away_moves_the_deadline_by_that_day(people: People) -> None:
    away(people.ana, date(2026, 5, 4), date(2026, 5, 4))
    case = owned_by(people, people.ana)
    assert case.owner == people.ana
    assert first_line(case) == (
        "Case opened. Ana looks after this account but is away until 4 May, which is soon enough."
    )
    assert case.due_at.isoformat() == "2026-05-05T17:00:00+00:00"


def test_a_week_away_gives_the_case_to_somebody_who_is_there(people: People) -> None:
    away(people.ana, date(2026, 5, 4), date(2026, 5, 8))
    case = owned_by(people, people.ana)
    assert case.owner == people.olivia
    assert "and nobody stands in" in first_line(case)


def test_what_comes_on_a_weekend_looks_at_who_is_there_on_monday(people: People) -> None:
    away(people.ana, date(2026, 5, 11), date(2026, 5, 15), people.max)
    enrolment = builders.enrol(people)
    Account.objects.update(owner=people.ana)
    saturday = NOW + timedelta(days=5)
    answered = builders.answer(enrolment, score=3, now=saturday)
    response = Response.objects.get(pk=answered.pk)
    assert operations.open_case(response=response, now=saturday).owner == people.max


# --- history --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "reason"), [(2, "Detractor again"), (9, "Was a promoter before")]
)
def test_what_somebody_said_before_makes_a_case_more_urgent(
    people: People, earlier: int, reason: str
) -> None:
    first = builders.answer(builders.enrol(people), score=earlier)
    operations.open_case(response=first, now=NOW)
    wave = builders.launch_wave(people.workspace, launched_at=TUESDAY)
    again = builders.answer(builders.enrol(people, wave=wave), score=3, now=TUESDAY)
    case = operations.open_case(response=again, now=TUESDAY)
    assert (case.priority, case.priority_reasons[1]) == (3, reason)
