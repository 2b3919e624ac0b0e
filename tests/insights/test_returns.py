"""What came after the answers: each person and company counted once, in the right arm."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from afterscore.cases import operations as cases
from afterscore.cases.models import Case, Draw, Entry
from afterscore.cases.queries import EVER, Period
from afterscore.customers import operations as customers
from afterscore.customers.models import Account
from afterscore.domain.experiments import Arm
from afterscore.domain.nps import Group
from afterscore.domain.returns import Basis, Finding, Renewals
from afterscore.insights import queries
from afterscore.insights.queries.returns import conversion_trial
from afterscore.programs.models import Wave
from tests import builders
from tests.cases.answers import by
from tests.people import NOW, People

DAY = timedelta(days=1)
FIRST, SECOND = NOW - 200 * DAY, NOW - 100 * DAY


@pytest.fixture
def waves(people: People) -> tuple[Wave, Wave]:
    """Two waves of one program, half a year and a quarter ago; both still take answers."""
    found = []
    for launched_at in (FIRST, SECOND):
        wave = builders.launch_wave(people.workspace, launched_at=launched_at)
        wave.closes_at = NOW + DAY
        wave.save()
        found.append(wave)
    return found[0], found[1]


def answered(
    people: People, wave: Wave, name: str, score: int, *, contacted_after: timedelta | None = None
) -> Case:
    """Somebody of a company of the same name answered; a member called so long after."""
    enrolment = builders.enrol(
        people, email=f"{name}@example.com", name=name, account=name, wave=wave
    )
    at = wave.launched_at + DAY
    response = builders.answer(enrolment, score=score, now=at)
    case = cases.open_case(response=response, now=at)
    if contacted_after is not None:
        cases.log_call(
            case=case,
            outcome=Entry.Call.REACHED,
            minutes=10,
            actor=by(people.ana),
            now=at + contacted_after,
        )
    return case


def company(people: People, name: str, **changes: object) -> None:
    Account.objects.filter(workspace=people.workspace, name=name).update(**changes)


def told(people: People, name: str, account: str, at: datetime) -> None:
    intake = customers.record_signals(
        workspace=people.workspace,
        signals=[
            customers.NewSignal(
                kind="outcome", name=name, source="billing", occurred_at=at, account=account
            )
        ],
        actor=by(people.max),
        now=NOW,
    )
    assert not intake.problems


def next_scores(people: People) -> set[tuple[int, bool, int, int]]:
    found = queries.list_next_scores(workspace=people.workspace, period=EVER, now=NOW)
    return {tuple(row) for row in found}  # type: ignore[misc]


def renewals(people: People) -> set[tuple[int, bool, int, int]]:
    found = queries.list_renewals(workspace=people.workspace, period=EVER, now=NOW)
    return {(row.score, row.is_contacted, row.stayed, row.left) for row in found}


def test_the_next_score_is_of_the_same_person_in_the_next_wave(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    first, second = waves
    answered(people, first, "nora", 3, contacted_after=2 * DAY)
    answered(people, second, "nora", 9)
    answered(people, first, "theo", 3)
    answered(people, second, "theo", 5)
    answered(people, first, "ines", 8, contacted_after=20 * DAY)  # too late to count as contacted
    answered(people, second, "ines", 10)
    answered(people, first, "paul", 10)  # a promoter has nowhere to go
    answered(people, second, "paul", 9)
    answered(people, first, "gone", 2)  # never answered again
    assert next_scores(people) == {(3, True, 9, 1), (3, False, 5, 1), (8, False, 10, 1)}
    changes = queries.list_next_scores(workspace=people.workspace, period=EVER, now=NOW)
    trial = conversion_trial(changes, Group.DETRACTOR)
    assert (trial.treated, trial.held_out) == (Arm(1, 1), Arm(1, 0))


def test_the_next_wave_of_another_program_is_no_next_wave(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    answered(people, waves[0], "nora", 3)
    other = builders.launch_wave(people.workspace, program="onboarding", launched_at=SECOND)
    other.closes_at = NOW + DAY
    other.save()
    answered(people, other, "nora", 9)
    assert next_scores(people) == set()


def test_a_company_counts_once_with_its_lowest_score(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    answered(people, waves[0], "quay", 4)
    enrolment = builders.enrol(
        people, email="two@example.com", name="Two", account="quay", wave=waves[0]
    )
    response = builders.answer(enrolment, score=9, now=FIRST + DAY)
    case = cases.open_case(response=response, now=FIRST + DAY)
    cases.log_call(
        case=case, outcome=Entry.Call.REACHED, minutes=25, actor=by(people.ana), now=FIRST + 2 * DAY
    )
    company(people, "quay", recurring_revenue=Decimal(5000), currency="EUR")
    told(people, "renewed", "quay", NOW - 10 * DAY)
    found = queries.list_renewals(workspace=people.workspace, period=EVER, now=NOW)
    assert found == [Renewals(4, True, 1, 0, Decimal(5000), 25)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"churned_on": (NOW - 5 * DAY).date()}, {(4, False, 0, 1)}),
        ({"renewal_on": (NOW - 5 * DAY).date()}, {(4, False, 1, 0)}),
        ({"renewal_on": (NOW + 5 * DAY).date()}, set()),  # not come up yet
        ({"churned_on": (NOW + 5 * DAY).date()}, set()),
        ({}, set()),
    ],
)
def test_without_signals_the_days_of_the_account_tell(
    people: People, waves: tuple[Wave, Wave], changes: dict[str, object], expected: set[object]
) -> None:
    answered(people, waves[0], "quay", 4)
    company(people, "quay", **changes)
    assert renewals(people) == expected


def test_what_was_told_is_not_counted_again_by_its_day(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    answered(people, waves[0], "stays", 4)
    told(people, "renewed", "stays", NOW - 6 * DAY)
    company(people, "stays", renewal_on=(NOW - 5 * DAY).date())
    answered(people, waves[0], "leaves", 2)
    told(people, "churned", "leaves", NOW - 6 * DAY)
    company(people, "leaves", churned_on=(NOW - 5 * DAY).date())
    assert renewals(people) == {(4, False, 1, 0), (2, False, 0, 1)}


def test_what_ended_before_or_soon_after_the_answer_is_not_its_consequence(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    answered(people, waves[1], "early", 4)
    told(people, "left", "early", SECOND - DAY)
    answered(people, waves[1], "soon", 4)
    told(people, "left", "soon", SECOND + 10 * DAY)
    assert renewals(people) == set()


def test_an_amount_in_another_currency_is_not_added(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    answered(people, waves[0], "quay", 4)
    company(people, "quay", recurring_revenue=Decimal(5000), currency="JPY")
    told(people, "renewed", "quay", NOW - 10 * DAY)
    (found,) = queries.list_renewals(workspace=people.workspace, period=EVER, now=NOW)
    assert found.revenue == 0


def test_a_lot_compares_those_it_put_first_with_those_it_put_back(
    people: People, waves: tuple[Wave, Wave]
) -> None:
    """Whatever became of them: the first was never called, and counts as put first."""
    first, second = waves
    drawn = [answered(people, first, name, 5) for name in ("one", "two", "three", "four")]
    Draw.objects.create(
        workspace=people.workspace,
        owner=people.ana,
        on=(FIRST + 2 * DAY).date(),
        capacity=2,
        priority=1,
        seed="s",
        candidates=[case.public_id for case in drawn],
        chosen=2,
        drawn_at=FIRST + 2 * DAY,
    )
    for name, score in (("one", 9), ("two", 6), ("three", 3), ("four", 3)):
        answered(people, second, name, score)
    told(people, "left", "three", NOW - DAY)
    told(people, "renewed", "one", NOW - DAY)
    conversion = queries.get_conversion(workspace=people.workspace, period=EVER, now=NOW)
    assert conversion.by_lot is not None
    assert (conversion.by_lot.basis, conversion.by_lot.finding) == (
        Basis.BY_LOT, Finding.NOT_ENOUGH,
    )  # fmt: skip
    assert (conversion.by_lot.contacted, conversion.by_lot.others) == (Arm(2, 1), Arm(2, 0))
    retention = queries.get_retention(workspace=people.workspace, period=EVER, now=NOW)
    assert retention.by_lot is not None
    assert (retention.by_lot.contacted, retention.by_lot.others) == (Arm(1, 1), Arm(1, 0))


def test_without_lots_nothing_is_said_of_them(people: People, waves: tuple[Wave, Wave]) -> None:
    answered(people, waves[0], "nora", 3)
    conversion = queries.get_conversion(workspace=people.workspace, period=EVER, now=NOW)
    assert conversion.by_lot is None
    assert conversion.observed.finding is Finding.NOT_ENOUGH
    page = people.client(people.vic).get("/w/harbourline/loops/minds/").content.decode()
    assert "Nobody to compare yet" in page


def test_a_period_is_of_the_answers(people: People, waves: tuple[Wave, Wave]) -> None:
    answered(people, waves[0], "nora", 3)
    answered(people, waves[1], "nora", 9)
    later = Period(since=SECOND)
    found = queries.list_next_scores(workspace=people.workspace, period=later, now=NOW)
    assert found == []
