"""Questions to the answers: what is counted, and told apart by what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from afterscore.cases import operations as cases
from afterscore.cases.models import Case
from afterscore.domain.nps import Tally
from afterscore.improvements.models import Theme
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Condition, Question
from afterscore.insights.models import SealedMonth
from afterscore.insights.operations import sealing
from afterscore.kit.errors import Refused
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace
from tests import builders
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=62)


def count(people: People, *by: str, **question: object) -> list[Cell]:
    asked = Question(by=by, **question)  # type: ignore[arg-type]
    return analyses.count_cells(workspace=people.workspace, question=asked, now=NOW)


def sizes(cells: list[Cell]) -> dict[object, int]:
    """How many answers, by key: a single one as itself."""
    return {(c.keys[0] if len(c.keys) == 1 else c.keys): sum(c.histogram) for c in cells}


def test_without_a_single_answer_there_is_one_empty_cell(people: People) -> None:
    assert count(people) == [Cell((), Tally(0, 0, 0), (0,) * 11)]
    assert count(people, with_comments=True) == [Cell((), Tally(0, 0, 0), (0,) * 11, 0)]
    assert count(people, "program") == []


def test_an_answer_is_counted_the_moment_it_is_there(people: People) -> None:
    said(people, 9, comment="Good.")
    said(people, 3)
    (cell,) = count(people, with_comments=True)
    assert cell.histogram == (0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0)
    assert cell.commented == 1


def test_what_does_not_count_is_in_no_cell(people: People) -> None:
    for validity in ("provisional", "quarantined", "discarded"):
        said(people, 0, validity=validity)
    said(people, 10)
    assert sizes(count(people)) == {(): 1}


def test_another_workspace_s_answers_are_in_no_cell(people: People) -> None:
    said(people, 10)
    found = analyses.count_cells(workspace=people.elsewhere, question=Question(), now=NOW)
    assert sizes(found) == {(): 0}


def test_attributes_are_those_of_the_moment_of_the_answer(people: People) -> None:
    said(people, 10, account={"industry": "Freight"}, contact={"persona": "user"})
    said(people, 2, account={"industry": "Logistics"}, contact={"persona": ""})
    assert sizes(count(people, "account.industry")) == {"Freight": 1, "Logistics": 1}
    assert sizes(count(people, "contact.persona")) == {"user": 1, None: 1}


def test_own_attributes_tell_answers_apart(people: People) -> None:
    said(people, 10, account={"attributes": {"region": "North", "seats": 40}})
    said(people, 9, account={"attributes": {"region": "North", "seats": 7}})
    said(people, 2, account={"attributes": {"region": ""}})
    assert sizes(count(people, "account.attribute.region")) == {"North": 2, None: 1}
    assert sizes(count(people, "account.attribute.region", "account.attribute.seats")) == {
        ("North", "40"): 1,
        ("North", "7"): 1,
        (None, None): 1,
    }


@pytest.mark.parametrize("is_sealed", [False, True])
def test_attributes_that_differ_in_case_are_two(people: People, *, is_sealed: bool) -> None:
    own = "account.attribute"
    said(people, 9, account={"attributes": {"Region": "North", "region": "south"}})
    said(people, 2, account={"attributes": {"Region": "East"}})
    if is_sealed:
        sealing.seal_workspace(workspace=people.workspace, now=LATER)
        assert SealedMonth.objects.exists()
    assert sizes(count(people, f"{own}.Region", f"{own}.region")) == {
        ("North", "south"): 1,
        ("East", None): 1,
    }
    only = Condition(f"{own}.region", "is", ("south",))
    assert sizes(count(people, f"{own}.Region", conditions=(only,))) == {"North": 1}
    labels = {each.key for each in analyses.list_dimensions(workspace=people.workspace)}
    assert {f"{own}.Region", f"{own}.region"} <= labels


def test_two_programs_waves_and_languages_stand_apart(people: People) -> None:
    first = builders.launch_wave(people.workspace)
    second = builders.launch_wave(people.workspace, program="onboarding")
    said(people, 10, wave=first)
    said(people, 0, wave=second, language="de")
    found = count(people, "program", "wave", "language")
    assert sizes(found) == {
        (first.program.public_id, first.public_id, "en"): 1,
        (second.program.public_id, second.public_id, "de"): 1,
    }


def test_channel_touch_and_owner_stand_apart(people: People) -> None:
    answer = said(people, 10, touch="reminder")
    type(answer.enrolment).objects.filter(pk=answer.enrolment_id).update(owner=people.ana)
    said(people, 1, channel="in_app")
    assert sizes(count(people, "channel", "touch", "owner")) == {
        ("email", "reminder", people.ana.public_id): 1,
        ("in_app", None, None): 1,
    }


def test_groups_and_comments_stand_apart(people: People) -> None:
    for score, comment in ((10, ""), (9, "Good."), (7, ""), (0, "Bad.")):
        said(people, score, comment=comment)
    assert sizes(count(people, "group")) == {"promoter": 2, "passive": 1, "detractor": 1}
    assert sizes(count(people, "commented")) == {"yes": 2, "no": 2}


def test_days_begin_at_the_workspace_s_midnight(people: People) -> None:
    Workspace.objects.filter(pk=people.workspace.pk).update(time_zone="Pacific/Auckland")
    people.workspace.refresh_from_db()
    said(people, 10, at=datetime(2026, 3, 31, 10, 59, tzinfo=UTC))  # 23:59 there
    said(people, 10, at=datetime(2026, 3, 31, 11, 0, tzinfo=UTC))  # midnight of 1 April there
    assert sizes(count(people, "day")) == {"2026-03-31": 1, "2026-04-01": 1}
    assert sizes(count(people, "month")) == {"2026-03-01": 1, "2026-04-01": 1}
    assert sizes(count(people, "quarter")) == {"2026-01-01": 1, "2026-04-01": 1}
    assert sizes(count(people, until=date(2026, 4, 1))) == {(): 1}
    assert sizes(count(people, "day", since=date(2026, 4, 1))) == {"2026-04-01": 1}


def test_weeks_begin_on_monday(people: People) -> None:
    sunday = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
    said(people, 10, at=sunday)
    said(people, 10, at=sunday + timedelta(days=1))
    assert sizes(count(people, "week")) == {"2026-04-27": 1, "2026-05-04": 1}


def test_the_turn_of_a_year_stays_in_its_week(people: People) -> None:
    said(people, 10, at=datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    assert sizes(count(people, "week")) == {"2025-12-29": 1}


def speaks_of(people: People, answer: object, *themes: Theme) -> None:
    case = Case.objects.filter(response=answer).first() or cases.open_case(  # type: ignore[misc]
        response=answer,  # type: ignore[arg-type]
        now=NOW,
    )
    Case.objects.filter(pk=case.pk).update(themes=[theme.public_id for theme in themes])


def theme(people: People, name: str) -> Theme:
    return Theme.objects.create(workspace=people.workspace, name=name, created_at=NOW)


def test_an_answer_stands_under_each_of_its_themes(people: People) -> None:
    price, speed = theme(people, "Price"), theme(people, "Speed")
    speaks_of(people, said(people, 2), price, speed)
    speaks_of(people, said(people, 9), speed)
    said(people, 10)
    assert sizes(count(people, "theme")) == {price.public_id: 1, speed.public_id: 2, None: 1}
    about_speed = Condition("theme", "is", (speed.public_id,))
    assert sizes(count(people, conditions=(about_speed,))) == {(): 2}
    not_price = Condition("theme", "is_not", (price.public_id,))
    assert sizes(count(people, conditions=(not_price,))) == {(): 2}
    assert sizes(count(people, conditions=(Condition("theme", "is_empty"),))) == {(): 1}


def test_conditions_choose_and_leave_out(people: People) -> None:
    for industry in ("Freight", "Retail", ""):
        said(people, 10, account={"name": f"{industry} Ltd", "industry": industry})

    def found(operator: str, *values: str) -> int:
        condition = Condition("account.industry", operator, values)  # type: ignore[arg-type]
        (cell,) = count(people, conditions=(condition,))
        return sum(cell.histogram)

    assert found("is", "Freight") == 1
    assert found("is", "Freight", "Retail") == 2
    assert found("is_not", "Freight") == 2
    assert found("is_empty") == 1


@pytest.mark.parametrize(
    ("dimension", "at_least", "expected"),
    [
        ("account.attribute.seats", "40", 2),
        ("account.attribute.seats", "40.5", 1),
        ("account.attribute.since", "2024-02-01", 1),
        ("account.recurring_revenue", "1200.5", 1),
        ("account.recurring_revenue", "1200", 2),
        ("account.renewal_on", "2026-06-01", 1),
    ],
)
def test_limits_compare_numbers_amounts_and_dates(
    people: People, dimension: str, at_least: str, expected: int
) -> None:
    rows = (
        ("A", {"seats": 40, "since": "2024-01-31"}, "1200.00", "2026-05-31"),
        ("B", {"seats": "140.25", "since": "2024-02-01"}, "1200.50", "2026-06-01"),
        ("C", {"seats": "many", "since": "long ago"}, None, None),
    )
    for name, own, revenue, renewal in rows:
        known = {"name": name, "recurring_revenue": revenue, "renewal_on": renewal}
        said(people, 10, account=known | {"attributes": own})
    above = Condition(dimension, "at_least", (at_least,))
    assert sizes(count(people, conditions=(above,))) == {(): expected}


def test_an_account_pays_once_however_many_of_its_people_answer(people: People) -> None:
    for name, revenue, currency in (
        ("A", 100, ""),
        ("A", 100, "EUR"),
        ("B", 7, "USD"),
        ("C", None, ""),
    ):
        said(people, 10, account={"name": name, "recurring_revenue": revenue, "currency": currency})
    (cell,) = count(people, with_accounts=True)
    assert (cell.accounts, cell.revenue) == (3, Decimal(100))
    by_name = {c.keys[0]: c.revenue for c in count(people, "account.name", with_accounts=True)}
    assert by_name == {"A": Decimal(100), "B": None, "C": None}


@pytest.mark.parametrize(
    ("revenue", "band"),
    [
        ("999.99", "0"),
        ("1000", "1000"),
        ("49999.99", "10000"),
        ("5000000", "1000000"),
        (None, None),
    ],
)
def test_revenue_falls_into_bands(people: People, revenue: str | None, band: str | None) -> None:
    said(people, 10, account={"recurring_revenue": revenue})
    assert sizes(count(people, "revenue_band")) == {band: 1}


def test_what_cannot_be_asked_is_refused_in_words(people: People) -> None:
    with pytest.raises(Refused, match=r"told apart by 'account\.colour'"):
        count(people, "account.colour")
    with pytest.raises(Refused, match="at most 3"):
        count(people, "day", "program", "wave", "touch")
    above = Condition("account.attribute.seats", "at_least", ("many",))
    with pytest.raises(Refused, match="neither a number nor a date"):
        count(people, conditions=(above,))
    with pytest.raises(Refused, match="no order"):
        count(people, conditions=(Condition("program", "at_most", ("3",)),))


def test_values_from_outside_are_never_read_as_sql(people: People) -> None:
    said(people, 10, account={"industry": "O'Hara; DROP TABLE"})
    same = Condition("account.industry", "is", ("O'Hara; DROP TABLE",))
    assert sizes(count(people, conditions=(same,))) == {(): 1}
    other = Condition("account.industry", "is", ("' OR 1=1 --",))
    assert sizes(count(people, conditions=(other,))) == {(): 0}


def test_the_answers_behind_a_number_are_those_that_it_counts(people: People) -> None:
    older = said(people, 2, at=MARCH, account={"industry": "Freight"})
    newer = said(people, 3, at=APRIL, account={"industry": "Freight"})
    said(people, 3, account={"industry": "Retail"})
    question = Question(conditions=(Condition("account.industry", "is", ("Freight",)),))

    def listed(**more: object) -> list[Response]:
        return analyses.list_answers(
            workspace=people.workspace,
            question=question,
            **({"limit": 10} | more),  # type: ignore[arg-type]
        )

    assert listed() == [newer, older]
    assert listed(limit=1) == [newer]
    assert listed(limit=1, after=newer) == [older]
    assert listed(after=older) == []


def test_dimensions_come_with_names_and_counts(people: People) -> None:
    said(people, 10, account={"attributes": {"tier": "gold", "seats": 4, "since": "2024-01-31"}})
    said(people, 0, account={"attributes": {"tier": "gold"}})
    found = {d.key: d for d in analyses.list_dimensions(workspace=people.workspace)}
    tier = found["account.attribute.tier"]
    assert (tier.label, tier.kind) == ("Tier (account)", "choice")
    assert [(v.value, v.label, v.answers) for v in tier.values] == [("gold", "gold", 2)]
    assert found["account.attribute.seats"].kind == "number"
    assert found["account.attribute.seats"].empty == 1
    assert found["account.attribute.since"].kind == "date"
    assert found["theme"].is_many
    (program,) = found["program"].values
    assert (program.label, program.answers) == ("Relationship", 2)
    assert [v.label for v in found["group"].values] == ["Detractors", "Promoters"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_rows_come_as_columns_over_a_connection_of_their_own(
    people: People,
) -> None:
    price = theme(people, "Price")
    answer = said(people, 2, account={"attributes": {"note": "O'Hara"}, "recurring_revenue": 12})
    speaks_of(people, answer, price)
    (cell,) = count(people, "theme", "account.attribute.note", "day", with_accounts=True)
    assert cell.keys == (price.public_id, "O'Hara", "2026-05-04")
    assert (cell.histogram[2], cell.accounts, cell.revenue) == (1, 1, Decimal(12))
