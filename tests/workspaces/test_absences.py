"""Days off: of one member, and of the whole company."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.workspaces import operations, queries
from afterscore.workspaces.models import Absence, Member
from tests.people import NOW, People

MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 8)


def plan(member: Member, starts: date = MONDAY, ends: date = FRIDAY, **values: Any) -> Absence:
    return operations.plan_absence(
        member=member, starts_on=starts, ends_on=ends, actor=SYSTEM, now=NOW, **values
    )


def test_an_absence_lasts_from_its_first_day_to_its_last(people: People) -> None:
    absence = plan(people.ana, stand_in=people.max)
    by_day = [
        queries.absences_on(workspace=people.workspace, day=MONDAY + timedelta(days=number))
        for number in (-1, 0, 4, 5)
    ]
    assert by_day == [{}, {people.ana.pk: absence}, {people.ana.pk: absence}, {}]
    fact = Fact.objects.get(name="absence.planned")
    assert fact.payload == {
        "member": people.ana.public_id,
        "starts_on": "2026-05-04",
        "ends_on": "2026-05-08",
        "stand_in": people.max.public_id,
    }


def test_days_away_are_counted_from_a_day_on(people: People) -> None:
    plan(people.ana)
    plan(people.ana, date(2026, 6, 1), date(2026, 6, 1))
    assert queries.days_away(member=people.ana, since=date(2026, 5, 7)) == {
        date(2026, 5, 7), date(2026, 5, 8), date(2026, 6, 1),
    }  # fmt: skip
    assert queries.days_away(member=people.max, since=MONDAY) == frozenset()
    assert queries.days_away(member=None, since=MONDAY) == frozenset()


@pytest.mark.parametrize(
    ("days", "field", "complaint"),
    [
        ((FRIDAY, MONDAY), "ends_on", "before the first"),
        ((date(2026, 4, 27), date(2026, 5, 3)), "ends_on", "are over"),
        ((MONDAY, date(2027, 6, 1)), "ends_on", "Longer than a year"),
        ((FRIDAY, date(2026, 5, 20)), "starts_on", "already away from 4 May to 8 May"),
    ],
)
def test_what_cannot_be_is_refused(
    people: People, days: tuple[date, date], field: str, complaint: str
) -> None:
    plan(people.ana)
    with pytest.raises(Refused, match=complaint) as refusal:
        plan(people.ana, *days)
    assert refusal.value.field == field
    assert Absence.objects.count() == 1


def test_whoever_stands_in_can_answer_customers_and_is_somebody_else(people: People) -> None:
    for stand_in, complaint in (
        (people.ana, "Nobody stands in for herself"),
        (people.vic, "cannot answer customers"),
        (people.eve, "cannot answer customers"),
    ):
        with pytest.raises(Refused, match=complaint):
            plan(people.ana, stand_in=stand_in)


def test_an_absence_may_be_changed_and_taken_back(people: People) -> None:
    absence = plan(people.ana)
    operations.change_absence(
        absence=absence,
        starts_on=MONDAY,
        ends_on=date(2026, 5, 6),
        stand_in=people.max,
        actor=SYSTEM,
        now=NOW,
    )
    absence.refresh_from_db()
    assert (absence.ends_on, absence.stand_in) == (date(2026, 5, 6), people.max)
    operations.remove_absence(absence=absence, actor=SYSTEM, now=NOW)
    assert not Absence.objects.exists()
    assert Fact.objects.filter(name="absence.removed").count() == 1


def test_regions_and_days_of_ones_own_are_days_off(people: People) -> None:
    workspace = people.workspace
    workspace.country = "DE"
    assert date(2026, 1, 6) not in queries.holidays_of(workspace, years=(2026,))
    workspace.region = "BY"
    workspace.closed_on = ["2026-12-24"]
    days = queries.holidays_of(workspace, years=(2026,))
    assert days[date(2026, 1, 6)] == "Epiphany"
    assert days[date(2026, 12, 24)] == "Closed"
    assert date(2026, 12, 24) in queries.calendar_of(workspace, years=(2026,)).holidays


def test_a_region_that_its_country_does_not_have_changes_nothing(people: People) -> None:
    people.workspace.country, people.workspace.region = "IE", "BY"
    assert date(2026, 3, 17) in queries.holidays_of(people.workspace, years=(2026,))
    people.workspace.country = "XX"
    assert queries.holidays_of(people.workspace, years=(2026,)) == {}


def test_a_day_that_is_none_is_refused(people: People) -> None:
    with pytest.raises(Refused, match="Write days as"):
        operations.change_workspace(
            workspace=people.workspace,
            changes={"closed_on": ["24 December"]},
            actor=SYSTEM,
            now=NOW,
        )
