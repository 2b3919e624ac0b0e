"""What this means for us: a page for each department, open to everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.domain.departments import Department
from afterscore.domain.mentions import MINIMUM_PEOPLE, Change
from afterscore.domain.money import format_money
from afterscore.domain.roles import Role
from afterscore.improvements.forms import tabs_for
from afterscore.insights import operations, queries
from afterscore.insights.composition.departmental import Figure
from afterscore.insights.models import Reading
from afterscore.insights.queries import DAYS, USUAL_DAYS, DepartmentView, Overview, ThemeRow
from afterscore.insights.queries.departments import Aim
from afterscore.insights.views.department_figures import BEFORE, Addresses, days_of
from afterscore.kit import clock
from afterscore.kit.templatetags.rates import scale_of
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

WORK = (Figure.TASKS, Figure.LATE_TASKS, Figure.CASES, Figure.LATE_CASES)


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme in a table, with what its numbers open."""

    row: ThemeRow
    addresses: Addresses

    @property
    def rate_url(self) -> str:
        return self._url(Figure.RATE)

    @property
    def before_url(self) -> str:
        return self._url(Figure.RATE, when=BEFORE)

    @property
    def change_url(self) -> str:
        return self._url(Figure.CHANGE)

    @property
    def later_url(self) -> str:
        return self._url(Figure.LATER)

    @property
    def who_url(self) -> str:
        return self._url(Figure.WHO)

    @property
    def revenue_url(self) -> str:
        return self._url(Figure.REVENUE)

    def _url(self, figure: Figure, **further: str) -> str:
        return self.addresses.of(figure, self.row.theme, **further)


@dataclass(frozen=True, slots=True)
class ShownOverview:
    """A department in the list, with what its numbers open; nothing where there is none."""

    row: Overview
    workspace: Workspace

    @property
    def rate_url(self) -> str:
        leading = self.row.leading
        return Addresses(self.workspace).of(Figure.RATE, leading.theme) if leading else ""

    @property
    def counts(self) -> list[tuple[str, int, str]]:
        """What each is called, how many there are, and where they are listed."""
        row, addresses = self.row, Addresses(self.workspace, department=self.row.department)
        counted = (
            ("Tasks", row.open_tasks, Figure.TASKS),
            ("Cases", row.open_cases, Figure.CASES),
            ("Under way", row.running, Figure.RUNNING),
            ("Done", row.done, Figure.DONE),
        )
        return [
            (label, number, addresses.of(figure) if number else "")
            for label, number, figure in counted
        ]


@require_safe
def list_departments(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member, now = access.member_of(request), clock.now()
    rows, people = queries.list_overviews(workspace=workspace, now=now)
    addresses = Addresses(workspace)
    operations.note_reading(member=member, page=Reading.Page.DEPARTMENT, now=now)
    context = {
        "tabs": tabs_for(workspace, "departments:list"),
        "rows": [ShownOverview(row, workspace) for row in rows],
        "people": people,
        "people_url": addresses.of(Figure.ANSWERED) if people else "",
        "days": USUAL_DAYS,
        "own": member.department,
        "minimum": MINIMUM_PEOPLE,
    }
    return render(request, "insights/departments.html", context)


@require_safe
def show_department(request: HttpRequest, workspace: Workspace, key: str) -> HttpResponse:
    if key not in set(Department):
        raise Http404
    now, department = clock.now(), Department(key)
    view = queries.get_department(
        workspace=workspace, department=department, days=days_of(request), now=now
    )
    addresses = Addresses(workspace, view.days, department)
    operations.note_reading(member=access.member_of(request), page=Reading.Page.DEPARTMENT, now=now)
    rows = [*view.own, *view.others]
    shown = {row.theme: ShownTheme(row, addresses) for row in rows}
    context = {
        "view": view,
        "own": [shown[row.theme] for row in view.own],
        "others": [shown[row.theme] for row in view.others],
        "aims": [(aim.objective, _shown(aim, addresses)) for aim in view.aims],
        "people_url": addresses.of(Figure.ANSWERED) if view.people else "",
        "leading_url": addresses.of(Figure.RATE, view.leading.theme) if view.leading else "",
        "work_urls": {figure.value: addresses.of(figure) for figure in WORK},
        "departments": list(Department),
        "all_days": DAYS,
        "answer": describe(view),
        "scale": scale_of(max((row.rate.high for row in rows if row.is_ranked), default=0.1)),
        "minimum": MINIMUM_PEOPLE,
        "may_change": access.may(request, Role.MANAGER),
        "may_improve": access.may(request, Role.AGENT),
    }
    return render(request, "insights/department.html", context)


def _shown(aim: Aim, addresses: Addresses) -> ShownTheme | None:
    return ShownTheme(aim.row, addresses) if aim.row else None


def describe(view: DepartmentView) -> str:
    """The answer in a sentence or two."""
    if not view.people:
        return f"Nobody has answered in the last {view.days} days."
    leading = view.leading
    if leading is None:
        return _nothing(view)
    sentence = (
        f"{leading.theme.name} is what most people speak of here: {leading.rate.count:,} of "
        f"{leading.rate.n:,} who answered."
    )
    behind = ""
    if leading.revenue:
        amount = format_money(leading.revenue, leading.currency)
        behind = f"Companies with {amount} a year are behind it."
    return " ".join(part for part in (sentence, behind, _moved(leading, view.days)) if part)


def _nothing(view: DepartmentView) -> str:
    if not view.own:
        return "No theme is this department's yet."
    if view.people < MINIMUM_PEOPLE:
        return (
            f"Can’t tell yet: {view.people} {'person' if view.people == 1 else 'people'} answered "
            f"in the last {view.days} days, we would need {MINIMUM_PEOPLE}."
        )
    return f"Nobody of {view.people:,} who answered speaks of this department’s themes."


def _moved(row: ThemeRow, days: int) -> str:
    match row.change:
        case Change.MORE:
            return f"That is more than in the {days} days before ({_percent(row)})."
        case Change.FEWER:
            return f"That is less than in the {days} days before ({_percent(row)})."
        case Change.SAME:
            return f"That is about as many as in the {days} days before."
        case Change.NOT_ENOUGH:
            return ""


def _percent(row: ThemeRow) -> str:
    return f"{100 * (row.before.ratio or 0):.0f}\N{NARROW NO-BREAK SPACE}%"
