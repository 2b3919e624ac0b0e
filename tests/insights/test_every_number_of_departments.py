"""The numbers of the departments' pages: shares, changes, revenue, and what is in hand."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from afterscore.cases.models import Case, Task
from afterscore.customers.models import Account
from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.improvements import operations as improvements
from afterscore.improvements.models import Theme
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from tests import builders, planner
from tests.cases.answers import by
from tests.improvements.scene import link, propose, save_theme
from tests.insights import crowd
from tests.insights.crowd import Part
from tests.insights.test_every_number import HOME, Figure, figures_of, get, told
from tests.people import NOW, People

BEFORE = NOW - timedelta(days=90)
PAGE = f"{HOME}/departments/product/"
EXPLAIN = f"{HOME}/departments/explain/"


@pytest.fixture
def reports(people: People) -> Theme:
    return save_theme(people, words="report", department=Department.PRODUCT)


@pytest.fixture
def asked(people: People, reports: Theme) -> People:
    """More of forty speak of reports than before; two only later; some are colleagues."""
    price = save_theme(people, name="Price", words="price", department=Department.SALES)
    save_theme(people, name="Nothing", words="nothing", department=Department.PRODUCT)
    before = builders.launch_wave(people.workspace, launched_at=BEFORE - timedelta(days=1))
    crowd.answer_all(
        people, [Part("", "DE", (3,) * 24, "Fine")], wave=before, at=BEFORE, prefix="b"
    )
    crowd.answer_all(people, [Part("", "DE", (3, 7, 9, 10) * 10, "Late reports")])
    earlier, now = (list(Response.objects.filter(wave=wave).order_by("pk")) for wave in _waves())
    for colleague, first in zip(now[25:], now, strict=False):
        colleague.account = first.account
    Response.objects.bulk_update(now, ["account"])
    Account.objects.filter(name__startswith="p").update(
        recurring_revenue=Decimal("12000.5"), currency="EUR"
    )
    cases = [_case(each, [reports] if number < 2 else []) for number, each in enumerate(earlier)]
    for number, each in enumerate(now):
        themes = [reports] if number % 2 else [price] if number < 6 else []
        cases.append(_case(each, themes, heard=[reports] if number in {10, 12} else []))
    _work(people, Case.objects.bulk_create(cases), reports)
    planner.count()
    return people


def _waves() -> list[Wave]:
    return list(Wave.objects.order_by("launched_at"))


def _case(answer: Response, themes: list[Theme], heard: list[Theme] | None = None) -> Case:
    return Case(
        workspace=answer.workspace, response=answer, contact=answer.contact,
        account=answer.account, score=answer.score, themes=[each.public_id for each in themes],
        heard_themes=[each.public_id for each in heard or []], department=Department.PRODUCT,
        opened_at=NOW, due_at=NOW, next_due_at=NOW + timedelta(days=20), changed_at=NOW,
    )  # fmt: skip


def _work(people: People, cases: list[Case], reports: Theme) -> None:
    for late in cases[:3]:
        late.next_due_at = NOW
    Case.objects.bulk_update(cases, ["next_due_at"])
    Task.objects.bulk_create(
        Task(
            workspace=people.workspace, case=case, kind="department", title=f"Task {number}",
            department=Department.PRODUCT, due_at=NOW + timedelta(days=number), created_at=NOW,
        )
        for number, case in enumerate(cases[:30])
    )  # fmt: skip
    running, done = propose(people, "Faster", reports), propose(people, "Complete", reports)
    for improvement in (running, done):
        link(people, improvement, cases[0].response)
    improvements.move_improvement(
        improvement=running, to=State.PLANNED, actor=by(people.max), now=NOW
    )
    improvements.finish_improvement(improvement=done, tells=False, actor=by(people.max), now=NOW)
    improvements.save_objective(
        workspace=people.workspace, department=Department.PRODUCT, title="Half as many",
        theme=reports, actor=by(people.max), now=NOW,
    )  # fmt: skip


def opening(figures: list[Figure], figure: str) -> list[str]:
    return [each.text for each in figures if f"figure={figure}&" in f"{each.url}&"]


def test_every_number_of_a_department_is_told_by_its_explanation(asked: People) -> None:
    figures = told(asked, PAGE)
    assert opening(figures, "answered") == ["40"] * 3
    assert opening(figures, "tasks") == ["30"]
    assert opening(figures, "late_tasks") == ["10"]
    assert opening(figures, "cases") == ["64"]
    assert opening(figures, "late_cases") == ["3"]
    assert opening(figures, "later") == ["2"]
    assert {"20", "50\N{NARROW NO-BREAK SPACE}%", "8\N{NARROW NO-BREAK SPACE}%"} <= set(
        opening(figures, "rate")
    )
    assert opening(figures, "change")[0] == "how we know"


def test_a_page_of_more_days_opens_what_is_of_more_days(asked: People) -> None:
    figures = told(asked, f"{PAGE}?days=180")
    assert opening(figures, "answered") == ["64"] * 3
    assert all("days=180" in each.url for each in figures)


def test_every_number_of_the_list_is_told_by_its_explanation(asked: People) -> None:
    figures = told(asked, f"{HOME}/departments/")
    assert {"30", "64", "1"} <= {each.text for each in figures}
    assert opening(figures, "running") == ["1"]
    assert opening(figures, "done") == ["1"]


def test_leadership_reads_the_same_numbers_of_all_themes(asked: People) -> None:
    assert len(told(asked, f"{HOME}/departments/leadership/")) > 10


def _now(theme: Theme) -> QuerySet[Case]:
    return Case.objects.filter(
        themes__contains=[theme.public_id], response__received_at__gte=NOW
    ).select_related("contact")


def test_a_share_has_what_people_are_worth_and_lists_who_raised_it(
    asked: People, reports: Theme
) -> None:
    page = get(asked, f"{EXPLAIN}?figure=rate&department=product&theme={reports.public_id}")
    assert "20 raised it of 40 who answered: 50" in page
    assert "The 20 people behind it" in page
    assert "Late reports" in page
    assert "independent ones" in page
    assert 'href="/w/harbourline/departments/product/"' in page


def test_where_nobody_raised_it_everybody_who_answered_stands_behind_it(asked: People) -> None:
    nothing = Theme.objects.get(name="Nothing")
    page = get(asked, f"{EXPLAIN}?figure=rate&theme={nothing.public_id}")
    assert "0 raised it of 40 who answered: 0" in page
    assert "The 40 people behind it" in page


def test_a_change_has_all_themes_and_both_sides_with_their_people(
    asked: People, reports: Theme
) -> None:
    page = get(asked, f"{EXPLAIN}?figure=change&department=product&theme={reports.public_id}")
    assert "more than before, beyond chance" in page
    assert all(name in page for name in ("Reports", "Price", "Nothing"))
    assert "2 of 24 raised it" in page
    sides = re.findall(r'<li><a href="([^"]+)"', page.split("explained-sides")[1])
    before, now = (get(asked, html.unescape(url)) for url in sides)
    assert "The 2 people behind it" in before
    assert "The 20 people behind it" in now


def test_the_revenue_of_accounts_is_added_up_once_each(asked: People, reports: Theme) -> None:
    page = get(asked, f"{EXPLAIN}?figure=revenue&theme={reports.public_id}")
    assert "€12,000 a year" in page or "€12,001 a year" in page
    accounts = _now(reports).values("account").distinct()
    assert f"The {accounts.count()} accounts behind it" in page


def test_somebody_who_answered_twice_is_one_person_and_two_answers(
    asked: People, reports: Theme
) -> None:
    first, second = _now(reports).order_by("pk")[:2]
    Response.objects.filter(pk=second.response_id).update(contact=first.contact)
    people = get(asked, f"{EXPLAIN}?figure=rate&theme={reports.public_id}")
    answers = get(asked, f"{EXPLAIN}?figure=who&theme={reports.public_id}")
    assert "The 19 people behind it" in people
    assert "The 20 answers behind it" in answers
    told(asked, PAGE)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "figure=luck",
        "figure=rate",
        "figure=rate&theme=theme_nowhere",
        "figure=tasks",
        "figure=tasks&department=cooks",
        "figure=change",
    ],
)
def test_a_figure_that_there_is_not_is_not_found(people: People, query: str) -> None:
    assert people.client(people.vic).get(f"{EXPLAIN}?{query}").status_code == 404


def test_a_theme_of_others_is_not_found(people: People, reports: Theme) -> None:
    address = (
        f"/w/{people.elsewhere.slug}/departments/explain/?figure=rate&theme={reports.public_id}"
    )
    assert people.client(people.eve).get(address).status_code == 404


def test_without_anything_in_hand_no_number_leads_anywhere(people: People) -> None:
    assert not list(figures_of(get(people, PAGE)))
    assert not list(figures_of(get(people, f"{HOME}/departments/")))
