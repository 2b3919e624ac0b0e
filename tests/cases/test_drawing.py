"""The lot of the morning: who comes first where there is more equal work than time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Case, Draw, Entry
from afterscore.domain import lots
from afterscore.journal.models import Fact
from afterscore.workspaces.models import Absence
from tests.cases.answers import by, open_for
from tests.people import NOW, People

MONDAY = NOW.date()


def seed() -> str:
    return "a seed of today"


@pytest.fixture
def busy(people: People) -> People:
    """Ana can do two a day, and four passives without a comment are due on Thursday."""
    people.ana.follow_ups_a_day = 2
    people.ana.save()
    for _ in range(4):
        open_for(people, score=8, owner=people.ana)
    return people


def draw(now: datetime) -> int:
    return operations.draw_turns(now=now, new_seed=seed)


def thursday_at(hour: int) -> datetime:
    return NOW.replace(hour=hour, minute=11) + timedelta(days=3)


def test_the_lot_says_who_comes_first_and_is_written_down(busy: People) -> None:
    now = thursday_at(8)
    assert draw(now) == 1
    row = Draw.objects.get()
    assert (row.owner, row.on, row.capacity, row.chosen) == (busy.ana, now.date(), 2, 2)
    assert row.candidates == lots.in_order(seed(), row.candidates)
    assert len(row.candidates) == 4
    in_order = list(Case.objects.order_by("draw").values_list("public_id", flat=True))
    assert in_order == row.candidates
    assert set(Case.objects.values_list("drawn_on", flat=True)) == {now.date()}
    fact = Fact.objects.get(name="turns.drawn")
    assert (fact.subject, fact.payload["chosen"], fact.payload["candidates"]) == (
        row.public_id, 2, 4,
    )  # fmt: skip


@pytest.mark.usefixtures("busy")
def test_there_is_one_lot_a_day() -> None:
    assert draw(thursday_at(8)) == 1
    assert draw(thursday_at(9)) == 0
    assert Draw.objects.count() == 1


@pytest.mark.usefixtures("busy")
def test_what_is_not_due_yet_is_not_drawn() -> None:
    assert draw(NOW) == 0


@pytest.mark.parametrize(
    "now",
    [
        thursday_at(7),  # more than an hour before the desk opens
        thursday_at(9) + timedelta(days=2),  # a Saturday
    ],
)
@pytest.mark.usefixtures("busy")
def test_lots_are_drawn_in_the_morning_of_a_day_of_work(now: datetime) -> None:
    assert draw(now) == 0


def test_nobody_draws_for_whom_is_away_or_never_said_how_much_she_can_do(busy: People) -> None:
    away = Absence.objects.create(
        workspace=busy.workspace, member=busy.ana, starts_on=MONDAY, ends_on=date(2026, 5, 8)
    )
    assert draw(thursday_at(8)) == 0
    away.delete()
    busy.ana.follow_ups_a_day = None
    busy.ana.save()
    assert draw(thursday_at(8)) == 0


def test_where_everything_fits_there_is_no_lot(busy: People) -> None:
    busy.ana.follow_ups_a_day = 4
    busy.ana.save()
    assert draw(thursday_at(8)) == 0


def test_a_lot_holds_for_its_day_and_those_put_back_come_before_new_equals(busy: People) -> None:
    draw(thursday_at(8))
    first = Draw.objects.get()
    for public_id in first.candidates[:2]:
        case = Case.objects.get(public_id=public_id)
        operations.log_call(
            case=case, outcome=Entry.Call.REACHED, actor=by(busy.ana), now=thursday_at(12)
        )
    for _ in range(3):
        open_for(busy, score=8, owner=busy.ana, now=NOW + timedelta(days=1))
    busy.ana.follow_ups_a_day = 3
    busy.ana.save()
    assert draw(thursday_at(8) + timedelta(days=1)) == 1
    second = Draw.objects.latest("id")
    assert (len(second.candidates), second.chosen) == (3, 1)
    assert not set(second.candidates) & set(first.candidates)
    put_back = Case.objects.filter(public_id__in=first.candidates[2:])
    assert set(put_back.values_list("draw", "drawn_on")) == {(None, None)}
