from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterscore.customers import queries as customers
from afterscore.domain import policies
from afterscore.domain.reminders import Positioning, touch_policy
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach.composition import ASKING_FIELDS
from afterscore.programs import definitions, operations, queries
from afterscore.programs.definitions import Definition
from afterscore.programs.forms import ProgramForm, paces
from afterscore.programs.models import Program
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def new_program(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _form_page(request, workspace, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_program(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    return _form_page(request, workspace, queries.get_program(workspace=workspace, slug=slug))


def _form_page(request: HttpRequest, workspace: Workspace, program: Program | None) -> HttpResponse:
    definition = queries.definition_of(program=program) if program else None
    if request.method != "POST":
        form = ProgramForm(workspace=workspace, definition=definition)
        return _render(request, form, program)
    form = ProgramForm(request.POST, workspace=workspace, definition=definition)
    if {"add", "remove"} & set(request.POST):
        response = _render(request, form, program)
        response.headers["HX-Trigger"] = "audienceChanged"  # count again
        return response
    if not form.is_valid():
        return _render(request, form, program, status=WRONG)
    saved = operations.apply(
        workspace=workspace,
        definition=form.definition_data(),
        why=form.cleaned_data["why"],
        actor=access.actor_of(request),
        now=clock.now(),
    )
    messages.success(request, "Saved." if program else "Saved. Look it over, then launch.")
    return redirect("programs:program", workspace.slug, saved.slug)


def _render(
    request: HttpRequest, form: ProgramForm, program: Program | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "program": program,
        "open_wave": queries.find_open_wave(program=program) if program else None,
        "paces": [(value, label, paces.REASONS[value]) for value, label in paces.CHOICES],
        "positionings": [
            (kind, touch_policy(kind).why, json.dumps(form.proposals(kind))) for kind in Positioning
        ],
        "whys": _whys(),
        "cautions": _cautions(form),
        "signal_names": customers.list_signal_names(workspace=form.workspace),
        "fields": list(ASKING_FIELDS),
    }
    return render(request, "programs/form.html", context, status=status)


def _whys() -> dict[str, list[tuple[Positioning, str]]]:
    """Why each proposal, by the setting's last name and the positioning."""
    return {
        each.setting.rpartition(".")[2]: [
            (kind, policies.proposal(kind, each.setting).why) for kind in Positioning
        ]
        for each in policies.proposals(Positioning.BETWEEN)
    }


def _cautions(form: ProgramForm) -> dict[str, list[str]]:
    """Beside each field, what is worth a second thought in the program as it was saved."""
    if form.definition is None or form.is_bound:
        return {}
    found: dict[str, list[str]] = {}
    for caution in definitions.cautions_of(form.definition):
        found.setdefault(caution.path.rpartition(".")[2], []).append(caution.text)
    return found


@require_POST
@access.needs(Role.MANAGER)
def count_audience(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """A fragment: whom the form, as it stands, would ask. Saves nothing."""
    definition = _edited(workspace, request.POST)
    form = ProgramForm(request.POST, workspace=workspace, definition=definition)
    try:
        wanted = queries.read_definition(form.audience_data())
    except (Refused, ValueError) as error:
        return render(request, "programs/count.html", {"problem": str(error)})
    program = queries.draft_program(workspace=workspace, definition=wanted)
    preview = queries.preview(program=program, now=clock.now())
    return render(request, "programs/count.html", {"preview": preview})


def _edited(workspace: Workspace, data: QueryDict) -> Definition | None:
    program = queries.find_program(workspace=workspace, slug=data.get("program", ""))
    return queries.definition_of(program=program) if program else None
