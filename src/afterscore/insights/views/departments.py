"""What this means for us: a page for each department, open to everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.domain.departments import Department
from afterscore.domain.mentions import MINIMUM_PEOPLE, Change
from afterscore.domain.money import format_money
from afterscore.domain.roles import Role
from afterscore.improvements.forms import tabs_for
from afterscore.insights import operations, queries
from afterscore.insights.models import Reading
from afterscore.insights.queries import DAYS, USUAL_DAYS, DepartmentView, ThemeRow
from afterscore.kit import clock
from afterscore.kit.templatetags.rates import scale_of
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_safe
def list_departments(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member, now = access.member_of(request), clock.now()
    rows, people = queries.list_overviews(workspace=workspace, now=now)
    operations.note_reading(member=member, page=Reading.Page.DEPARTMENT, now=now)
    context = {
        "tabs": tabs_for(workspace, "departments:list"),
        "rows": rows,
        "people": people,
        "days": USUAL_DAYS,
        "own": member.department,
        "minimum": MINIMUM_PEOPLE,
    }
    return render(request, "insights/departments.html", context)


@require_safe
def show_department(request: HttpRequest, workspace: Workspace, key: str) -> HttpResponse:
    if key not in set(Department):
        raise Http404
    chosen = request.GET.get("days", "")
    days = int(chosen) if chosen in {str(each) for each in DAYS} else USUAL_DAYS
    now = clock.now()
    view = queries.get_department(
        workspace=workspace, department=Department(key), days=days, now=now
    )
    operations.note_reading(member=access.member_of(request), page=Reading.Page.DEPARTMENT, now=now)
    rows = [*view.own, *view.others]
    context = {
        "view": view,
        "departments": list(Department),
        "all_days": DAYS,
        "answer": describe(view),
        "scale": scale_of(max((row.rate.high for row in rows if row.is_ranked), default=0.1)),
        "minimum": MINIMUM_PEOPLE,
        "may_change": access.may(request, Role.MANAGER),
        "may_improve": access.may(request, Role.AGENT),
    }
    return render(request, "insights/department.html", context)


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
