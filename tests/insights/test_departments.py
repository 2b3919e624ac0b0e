"""What customers' words mean for a department: rates of people, real changes, and what is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from afterscore.cases.models import Case, Task
from afterscore.customers.models import Account
from afterscore.domain import intervals, mentions
from afterscore.domain.departments import Department
from afterscore.domain.health import Rate
from afterscore.domain.improving import State
from afterscore.domain.mentions import Change
from afterscore.improvements import operations as improvements
from afterscore.improvements.models import Theme
from afterscore.insights import operations, queries
from afterscore.insights.models import Reading
from afterscore.insights.queries import DepartmentView, ThemeRow
from afterscore.kit import clock
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from tests import builders
from tests.cases.answers import by, open_for
from tests.improvements.scene import link, propose, save_theme
from tests.people import NOW, People

LATER = NOW + timedelta(days=10)
BEFORE = NOW - timedelta(days=90)


@pytest.fixture
def reports(people: People) -> Theme:
    return save_theme(people, words="report", department=Department.PRODUCT)


@pytest.fixture
def price(people: People) -> Theme:
    return save_theme(people, name="Price", words="price", department=Department.SALES)


def view(people: People, department: Department = Department.PRODUCT) -> DepartmentView:
    return queries.get_department(
        workspace=people.workspace, department=department, days=90, now=LATER
    )


def row(people: People, theme: Theme) -> ThemeRow:
    found = view(people)
    return next(each for each in (*found.own, *found.others) if each.theme == theme)


def answer(
    people: People, comment: str = "", *, times: int = 1, now: datetime = NOW, **more: Any
) -> list[Case]:
    return [open_for(people, comment=comment, now=now, **more) for _ in range(times)]


def test_a_rate_is_people_of_all_who_answered_silent_ones_included(people: People, reports: Theme):
    answer(people, "The report is late", times=3)
    answer(people, "All fine", times=10)
    answer(people, times=12)
    found = row(people, reports)
    assert (found.rate.count, found.rate.n) == (3, 25)
    assert found.rate.low < 3 / 25 < found.rate.high
    assert found.is_ranked


def test_colleagues_who_raise_it_together_count_for_less(people: People, reports: Theme):
    for number in range(10):
        comment = "The report is late" if number < 3 else "Fine"
        answer(people, comment, times=4, account=f"Company {number}")
    found = row(people, reports)
    assert (found.rate.count, found.rate.n) == (12, 40)
    assert found.rate.worth == pytest.approx(10)
    assert (found.rate.low, found.rate.high) == pytest.approx(intervals.wilson(0.3, 10))


def test_who_has_no_account_is_one_of_her_own_and_counts_in_full(people: People, reports: Theme):
    cases = [*answer(people, "The report is late", times=3), *answer(people, times=20)]
    Response.objects.filter(pk__in=[case.response_id for case in cases]).update(account=None)
    assert row(people, reports).rate == Rate(3, 23)


def test_a_person_is_of_the_account_of_her_latest_answer(people: People, reports: Theme):
    first, second = answer(people, "The report is late", times=2, account="Quayside Freight")
    (later,) = answer(
        people, "The report is late", account="Northwind", now=NOW + timedelta(days=1)
    )
    answer(people, times=20)
    Response.objects.filter(pk=later.response_id).update(contact=first.contact)
    found = queries.speaking.count_speakers(
        workspace=people.workspace, since=NOW - timedelta(days=1), until=LATER
    )
    sums = found.sums_of(reports.public_id)
    assert (sums.balance, sums.squared_balances) == (2, 2)
    assert second.account != later.account


def test_a_change_among_colleagues_takes_more_to_be_real(people: People, reports: Theme):
    """Twelve of forty said it, all of one of four companies; ten of forty would have been enough
    had everybody been of another one."""
    answer(people, "The report is late", times=2, now=BEFORE)
    answer(people, "Fine", times=38, now=BEFORE)
    Wave.objects.update(state=Wave.State.CLOSED)
    for number in range(4):
        comment = "The report is late" if number == 0 else "Fine"
        answer(people, comment, times=12, account=f"Company {number}")
    found = row(people, reports)
    assert found.change is Change.NOT_ENOUGH
    alone = (Rate(found.before.count, found.before.n), Rate(found.rate.count, found.rate.n))
    assert mentions.changes({"reports": alone}) == {"reports": Change.MORE}


def test_somebody_who_says_it_twice_counts_once(people: People, reports: Theme):
    first, second = answer(people, "The report is late", times=2)
    type(second.response).objects.filter(pk=second.response_id).update(contact=first.contact)
    answer(people, "Nothing to say", times=19)
    found = row(people, reports)
    assert (found.rate.count, found.rate.n) == (1, 20)
    assert sum(found.histogram) == 2


def test_below_twenty_people_nothing_is_ranked(people: People, reports: Theme):
    answer(people, "The report is late", times=19)
    found = view(people)
    assert not found.own[0].is_ranked
    assert found.leading is None


def test_each_company_counts_its_revenue_once_in_the_main_currency(people: People, reports: Theme):
    answer(people, "The report is late", times=2, account="Quayside Freight")
    answer(people, "Fine", account="Northwind")
    answer(people, "The report is late", account="Dollar Inc")
    answer(people, "The report is late", account="Unknown")
    for name, amount, currency in (
        ("Quayside Freight", 30_000, "EUR"),
        ("Northwind", 70_000, "EUR"),
        ("Dollar Inc", 5_000, "USD"),
    ):
        Account.objects.filter(name=name).update(recurring_revenue=amount, currency=currency)
    found = row(people, reports)
    assert (found.revenue, found.currency) == (Decimal(30_000), "EUR")
    assert found.revenue_ratio == pytest.approx(0.3)


def test_a_change_is_named_only_when_it_is_real(people: People, reports: Theme, price: Theme):
    answer(people, "The report is late", times=2, now=BEFORE)
    answer(people, "The price is high", times=4, now=BEFORE)
    answer(people, "Fine", times=34, now=BEFORE)
    Wave.objects.update(state=Wave.State.CLOSED)  # those from now on answer in the next one
    answer(people, "The report is late", times=20)
    answer(people, "The price is high", times=6)
    answer(people, "Fine", times=14)
    assert row(people, reports).change is Change.MORE
    assert row(people, reports).shift is not None
    assert row(people, price).change is Change.NOT_ENOUGH
    assert row(people, price).shift is None


def test_answers_of_others_and_those_that_do_not_count_are_left_out(people: People, reports: Theme):
    (case,) = answer(people, "The report is late")
    answer(people, "The report is late")
    case.response.validity = "quarantined"
    case.response.save(update_fields=["validity"])
    assert row(people, reports).rate.n == 1
    elsewhere = queries.get_department(
        workspace=people.elsewhere, department=Department.PRODUCT, now=LATER
    )
    assert (elsewhere.people, elsewhere.own) == (0, ())


def test_its_own_themes_lead_and_leadership_sees_all(people: People, reports: Theme, price: Theme):
    answer(people, "The report is late", times=5)
    answer(people, "The price is high", times=9)
    answer(people, "Fine", times=10)
    product, leadership = view(people), view(people, Department.LEADERSHIP)
    assert [each.theme for each in product.own] == [reports]
    assert [each.theme for each in product.others] == [price]
    assert [each.theme for each in leadership.own] == [price, reports]
    assert {answer.comment for answer, _case, _themes in product.verbatims} == {
        "The report is late"
    }


def test_open_work_objectives_and_improvements_stand_beside_it(people: People, reports: Theme):
    (case,) = answer(people, "The report is late")
    Task.objects.all().delete()  # what the playbook would have done
    Task.objects.create(
        workspace=people.workspace,
        case=case,
        kind="department",
        title="Look into the export",
        department=Department.PRODUCT,
        due_at=LATER - timedelta(days=1),
        created_at=NOW,
    )
    Case.objects.filter(pk=case.pk).update(department=Department.PRODUCT)
    improvements.save_objective(
        workspace=people.workspace,
        department=Department.PRODUCT,
        title="Half as many",
        theme=reports,
        actor=by(people.max),
        now=NOW,
    )
    running, done = propose(people, "Faster", reports), propose(people, "Complete", reports)
    link(people, done, case.response)
    improvements.move_improvement(
        improvement=running, to=State.PLANNED, actor=by(people.max), now=NOW
    )
    improvements.finish_improvement(improvement=done, tells=False, actor=by(people.max), now=NOW)
    found = view(people)
    assert (found.work.open_tasks, found.work.late_tasks, found.work.open_cases) == (1, 1, 1)
    assert [(aim.objective.title, aim.row and aim.row.theme) for aim in found.aims] == [
        ("Half as many", reports)
    ]
    assert [each.improvement for each in found.running] == [running]
    assert [(each.improvement, each.voices, each.told) for each in found.done] == [(done, 1, 0)]
    leadership = view(people, Department.LEADERSHIP)
    assert [each.improvement for each in leadership.running] == [running]
    assert len(leadership.aims) == 1
    assert [each.improvement for each in view(people, Department.SALES).running] == []
    rows, _people = queries.list_overviews(workspace=people.workspace, now=LATER)
    product = next(each for each in rows if each.department is Department.PRODUCT)
    assert (product.open_tasks, product.open_cases, product.running, product.done) == (1, 1, 1, 1)


HOME = "/w/harbourline/departments/"


def test_everybody_reads_every_page(people: People, reports: Theme):
    answer(people, "The report is late", times=21)
    client = people.client(people.vic)
    assert "What this means for Product" in client.get(f"{HOME}product/").content.decode()
    page = client.get(f"{HOME}product/?days=365").content.decode()
    assert "Reports is what most people speak of here: 21 of 21 who answered" in page
    assert "The report is late" in page
    for department in Department:
        assert client.get(f"{HOME}{department}/").status_code == 200
    assert client.get(f"{HOME}cooks/").status_code == 404
    with clock.at(LATER):
        assert "Reports" in client.get(HOME).content.decode()


def test_a_page_without_answers_says_so(people: People):
    page = people.client(people.max).get(f"{HOME}product/").content.decode()
    assert "Nobody has answered in the last 90 days." in page
    assert "Say at a theme who acts on it" in page


def test_who_reads_is_noted_once_a_day(people: People):
    client = people.client(people.olivia)
    for _twice in range(2):
        client.get(f"{HOME}product/")
        client.get("/w/harbourline/pulse/")
    rows = Reading.objects.filter(member=people.olivia)
    assert rows.filter(page=Reading.Page.DEPARTMENT).count() == 1
    assert rows.count() <= 2


def test_old_readings_are_forgotten(people: People):
    for now in (NOW, LATER + timedelta(days=150)):
        operations.note_reading(member=people.vic, page=Reading.Page.PULSE, now=now)
    assert operations.forget_readings(now=LATER + timedelta(days=150)) == 1
    assert Reading.objects.count() == 1


def test_a_program_without_backing_is_warned_of(people: People):
    builders.launch_wave(people.workspace)
    page = people.client(people.max).get("/w/harbourline/pulse/standing/relationship/")
    text = page.content.decode()
    assert "“Relationship” has no sponsor" in text
    assert "Nobody of Leadership has a seat here" in text


def test_an_executive_who_reads_is_seen(people: People):
    wave = builders.launch_wave(people.workspace)
    type(people.olivia).objects.filter(pk=people.olivia.pk).update(department=Department.LEADERSHIP)

    def told() -> set[str]:
        return {
            each.text
            for each in queries.check_standing(
                workspace=people.workspace, program=wave.program, now=LATER
            )
        }

    assert "No executive has looked at it for 30 days." in told()
    operations.note_reading(member=people.olivia, page=Reading.Page.PULSE, now=NOW)
    assert "1 executive has looked at it within 30 days." in told()


def test_one_department_alone_is_warned_of(people: People):
    type(people.ana).objects.filter(pk=people.ana.pk).update(department=Department.SUCCESS)
    from afterscore.cases import operations as cases

    (case,) = answer(people, "The report is late", owner=people.ana)
    for _ in range(10):
        cases.add_note(case=case, text="Looked at it", actor=by(people.ana), now=NOW)
    found = queries.check_standing(workspace=people.workspace, now=LATER)
    assert "Customer success alone acts on what customers say." in {each.text for each in found}
