"""Reading the inbox: the whole page, or the part of it that a script asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from afterscore.cases import forms, queries
from afterscore.cases.models import Case
from afterscore.cases.schemas import Selection
from afterscore.cases.views import known, listing, living, mails, offering, parts, presenting
from afterscore.cases.views.listing import selection_of
from afterscore.domain import casework, nps
from afterscore.domain.questionnaire import Driver
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import NotFound
from afterscore.surveys import queries as surveys
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

LIST, ROWS, CASE = "pane-list", "inbox-rows", "pane-case"
"""The parts of the page that are brought in by themselves: ids in the templates."""

OPEN_FORMS = (
    forms.ReplyForm,
    forms.CallForm,
    forms.NoteForm,
    forms.AssignForm,
    forms.CloseForm,
    forms.HeardForm,
    forms.ThemesForm,
)
CLOSED_FORMS = (forms.ReopenForm, forms.HeardForm, forms.NoteForm, forms.ThemesForm)


@require_safe
def show_inbox(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    if _part_of(request) in {LIST, ROWS}:
        return _show_list(request, workspace, now=now)
    return show_panes(request, workspace, case=None, now=now)


@require_safe
def show_case(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    case = queries.get_case(workspace=workspace, public_id=public_id)
    return show_panes(request, workspace, case=case, now=clock.now())


def _part_of(request: HttpRequest) -> str:
    """What a script will replace; "" for a browser that wants the whole page."""
    if request.headers.get("HX-History-Restore-Request") == "true":
        return ""
    return request.headers.get("HX-Target", "")


def show_panes(
    request: HttpRequest,
    workspace: Workspace,
    *,
    case: Case | None,
    now: datetime,
    failed: forms.CaseForm | None = None,
) -> HttpResponse:
    """A case, or without one the first of the list, beside the customer and the list.

    `failed` is a form that was refused: it stands open, with its errors and all that was typed.
    """
    is_part = _part_of(request) == CASE
    selection = selection_of(request)
    context: dict[str, Any] = {"now": now, "selection": selection, "showing": "case"}
    if not is_part or case is None:
        context |= listing.context_of(request, workspace, selection, now=now)
        context |= listing.tools_of(request, workspace, now=now)
    if case is None:
        context["showing"] = "list"
        case = _first(workspace, context["rows"])
    if case is not None:
        context |= _case_context(request, case, selection, failed, now=now)
        context |= parts.context_of(request, case, now)
        context["renewal"] = presenting.renewal(case, now=now)
        context["reasons"] = presenting.reasons(case, now=now)
    page = render(
        request,
        "cases/swap.html" if is_part else "cases/inbox.html",
        context,
        status=422 if failed else 200,
    )
    if failed:
        page["HX-Push-Url"] = "false"  # the form's own address cannot be read again
    patch_vary_headers(page, ["HX-Target"])
    return page


def _first(workspace: Workspace, rows: list[listing.Row]) -> Case | None:
    if not rows:
        return None
    return queries.get_case(workspace=workspace, public_id=rows[0].case.public_id)


def _case_context(
    request: HttpRequest,
    case: Case,
    selection: Selection,
    failed: forms.CaseForm | None,
    *,
    now: datetime,
) -> dict[str, Any]:
    background = queries.background_of(
        case=case, suppressed_as=known.reading_for(request, case).suppressed_as
    )
    lines = _lines(case)
    acts: list[presenting.Act] = []
    if access.may(request, Role.AGENT):
        acts = presenting.acts(_forms(request, case, failed, now=now), case.workspace, selection)
    return {
        "case": case,
        "response": case.response,
        "group": nps.group_of(case.response.score),
        "drivers": _drivers(case),
        "lines": lines,
        "latest_entry": living.latest_of(lines),
        "latest": presenting.latest_word(case, lines),
        "background": background,
        "appearance": presenting.STATES[casework.State(case.state)],
        "outcome": casework.Outcome(case.outcome) if case.outcome else None,
        "acts": acts,
        "has_further_acts": len(acts) > presenting.FIRST_ACTS,
        "act": _act(case, background, failed),
    }


def _lines(case: Case) -> list[presenting.Line]:
    entries = list(queries.list_entries(case=case))
    mailed = mails.mails_of(entries, case)
    return [presenting.line(entry, mailed.get(entry.pk)) for entry in entries]


def _forms(
    request: HttpRequest, case: Case, failed: forms.CaseForm | None, *, now: datetime
) -> list[forms.CaseForm]:
    shared: dict[str, Any] = {
        "case": case,
        "member": access.member_of(request),
        "offered": offering.offered_for(request, case.workspace, now=now),
        "setting": known.setting_for(request, case, now=now),
        "follow_ups": known.reading_for(request, case).follow_ups,
    }
    kinds = CLOSED_FORMS if case.next_due_at is None else OPEN_FORMS
    made: dict[str, forms.CaseForm] = {kind.name: kind(**shared) for kind in kinds}
    if failed:
        made[failed.name] = failed
    return list(made.values())


def _act(case: Case, background: queries.Background, failed: forms.CaseForm | None) -> str:
    """Which form stands open: what is wrong, else what the case waits for."""
    if failed:
        return failed.name
    is_our_turn = case.first_reply_at is None or case.customer_wrote_at is not None
    if not is_our_turn or case.next_due_at is None:
        return ""
    return "call" if background.suppressed else "reply"


def _drivers(case: Case) -> list[tuple[str, object]]:
    """What was asked beside the score, with the words it was asked in."""
    if not case.response.drivers:
        return []
    asked = surveys.questionnaire_of(case.response.wave.survey_version)
    answers = case.response.drivers
    return [
        (driver.label, _said(driver, answers[driver.key]))
        for driver in asked.drivers
        if driver.key in answers
    ]


def _said(driver: Driver, answer: object) -> object:
    """A number of a scale that is not the score's says how far that goes."""
    return f"{answer} of {driver.kind.numbers[-1]}" if driver.kind.has_words else answer


def _show_list(request: HttpRequest, workspace: Workspace, *, now: datetime) -> HttpResponse:
    """The list by itself. Asked again with what it was `seen` as, it answers only to a change."""
    selection = selection_of(request)
    context = listing.context_of(request, workspace, selection, now=now)
    context |= {"now": now, "selection": selection, "news": _find_news(request, workspace)}
    is_poll = _part_of(request) == ROWS
    if is_poll and not context["news"] and request.GET.get("seen") == context["seal"]:
        return HttpResponse(status=204)
    if is_poll and context["news"]:
        context |= _live(request, context["news"])
    if not is_poll:
        context |= listing.tools_of(request, workspace, now=now)
    page = render(request, "cases/rows_swap.html" if is_poll else "cases/list_swap.html", context)
    if not is_poll:
        page["HX-Push-Url"] = request.path + selection.query
    patch_vary_headers(page, ["HX-Target"])
    return page


def _live(request: HttpRequest, case: Case) -> dict[str, Any]:
    return living.changes_of(case, _lines(case), known=request.GET.get("latest", ""))


def _find_news(request: HttpRequest, workspace: Workspace) -> Case | None:
    """The case that stands open, if somebody has changed it since it was shown."""
    try:
        case = queries.get_case(workspace=workspace, public_id=request.GET.get("case", ""))
    except NotFound:
        return None
    return case if case.changed_at.isoformat() != request.GET.get("known") else None
