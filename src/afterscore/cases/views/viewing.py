"""What one looks at: the filters, the views one keeps, the board of everybody's work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import operations, queries, schemas
from afterscore.cases.queries import Due, Show
from afterscore.cases.views import listing, sentences
from afterscore.domain.casework import State
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.roles import Role
from afterscore.improvements import queries as improvements
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.kit.templatetags import display
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

SEGMENT_NAMES = {
    "plan": "Plan",
    "industry": "Industry",
    "country": "Country",
    "lifecycle_stage": "Stage",
    "persona": "Role",
}


@require_safe
def show_filters(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The form behind "Filter"; a page of its own without scripts."""
    selection = listing.selection_of(request)
    choices = queries.choices_of(workspace=workspace)
    context = {
        "selection": selection,
        "shows": sentences.BEGINNINGS.items(),
        "groups": list(Group),
        "comments": sentences.COMMENTS.items(),
        "themes": improvements.list_themes(workspace=workspace),
        "segments": [
            (SEGMENT_NAMES[field], [(f"{field}:{value}", value) for value in values])
            for field, values in choices.segments
        ],
        "departments": list(Department),
        "owners": queries.list_assignable(workspace=workspace),
        "languages": sorted((display.language_name(code), code) for code in choices.languages),
        "states": [(state, words) for state, words in sentences.STATES.items()],
        "urgencies": sentences.URGENCIES.items(),
        "dues": list(Due),
        "is_part": bool(request.headers.get("HX-Request")),
    }
    page = render(request, "cases/filters.html", context)
    patch_vary_headers(page, ["HX-Request"])
    return page


@access.needs(Role.VIEWER)
@require_POST
def save_view(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    selection = listing.selection_of(request)
    try:
        view = operations.save_view(
            member=access.member_of(request),
            name=request.POST.get("name", ""),
            query=selection.change().query,
            is_shared="is_shared" in request.POST and access.may(request, Role.AGENT),
            actor=access.actor_of(request),
            now=clock.now(),
        )
        messages.success(request, f"The view “{view.name}” is kept.")
    except Refused as error:
        messages.error(request, error.message)
    return redirect(reverse("cases:inbox", args=[workspace.slug]) + selection.query)


@access.needs(Role.VIEWER)
@require_POST
def remove_view(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    view = queries.get_own_view(member=access.member_of(request), public_id=public_id)
    operations.remove_view(view=view, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"The view “{view.name}” is gone.")
    selection = listing.selection_of(request)
    return redirect(reverse("cases:inbox", args=[workspace.slug]) + selection.query)


@require_safe
def show_board(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    members = list(queries.list_assignable(workspace=workspace))
    loads = queries.list_loads(workspace=workspace, members=members, now=clock.now())
    most = max((load.open for load in loads), default=0)
    context = {
        "lines": [_line(workspace, load, most) for load in loads],
        "columns": [sentences.STATES[state] for state in STATE_COLUMNS],
        "totals": _totals(loads),
        "has_nobodys": any(load.owner is None for load in loads),
    }
    return render(request, "cases/board.html", context)


STATE_COLUMNS = (State.NEW, State.REOPENED, State.IN_PROGRESS, State.WAITING)


def _line(workspace: Workspace, load: queries.Load, most: int) -> dict[str, Any]:
    inbox = reverse("cases:inbox", args=[workspace.slug])
    show = Show.ALL if load.owner else Show.UNASSIGNED
    selection = schemas.Selection(show=show, owner=load.owner.public_id if load.owner else "")

    ours = load.open - load.late - load.waiting

    def cell(number: int, **narrowed: Any) -> tuple[int, str]:
        return number, inbox + selection.change(**narrowed).query

    return {
        "owner": load.owner,
        "open": cell(load.open),
        "late": cell(load.late, due=Due.LATE),
        "today": cell(load.today, due=Due.TODAY),
        "wrote": load.wrote,
        "states": [
            (sentences.STATES[state].capitalize(), *cell(getattr(load, state.value), state=state))
            for state in STATE_COLUMNS
        ],
        "share_late": _share(load.late, most),
        "share_ours": _share(ours, most),
        "start_waiting": _share(load.late, most) + _share(ours, most),
        "share_waiting": _share(load.waiting, most),
    }


def _share(number: int, most: int) -> int:
    """In percent of the longest bar."""
    return round(100 * max(number, 0) / most) if most else 0


def _totals(loads: list[queries.Load]) -> dict[str, int]:
    return {
        name: sum(getattr(load, name) for load in loads)
        for name in ("open", "late", "today", "wrote", "waiting")
    }
