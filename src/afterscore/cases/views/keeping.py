"""Promises: given in a case, kept or released there or on the page of all of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import forms, operations, queries
from afterscore.cases.forms.keeping import PromiseForm
from afterscore.cases.models import Case, CheckBack, Commitment
from afterscore.cases.operations.promising import today_of
from afterscore.cases.views import known, listing, showing
from afterscore.domain import promises
from afterscore.domain.promises import Standing
from afterscore.domain.roles import Role
from afterscore.domain.scanners import Validity
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.kit.templatetags.display import Appearance
from afterscore.outreach.models import State as MessageState
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

PAGE_SIZE = 50
RECORD_DAYS = 90
STANDINGS = {
    Standing.LATE: Appearance("late", "warn", "alert"),
    Standing.TODAY: Appearance("today", "busy", "clock"),
    Standing.AHEAD: Appearance("promised", "quiet", ""),
    Standing.KEPT_LATE: Appearance("made good late", "warn", "check"),
    Standing.KEPT: Appearance("kept", "good", "check"),
    Standing.RELEASED: Appearance("no longer wanted", "quiet", ""),
}


def part(request: HttpRequest, case: Case, now: datetime) -> dict[str, Any]:
    """What the parts of promises and of the question afterwards show of a case."""
    rows = list(queries.list_commitments(workspace=case.workspace, case=case))
    was_asked = known.reading_for(request, case).was_asked_back
    asked = queries.list_check_backs(case=case).first() if was_asked else None
    return {
        "promises": [_row(each, case.workspace, now) for each in rows],
        "owed": sum(each.settled_at is None for each in rows),
        "promise_form": _form_of(request, case) if access.may(request, Role.AGENT) else None,
        "check_back": _said(asked) if asked else None,
    }


def _form_of(request: HttpRequest, case: Case) -> forms.CaseForm:
    failed = refused_form(request)
    if isinstance(failed, PromiseForm):
        return failed
    return PromiseForm(case=case, member=access.member_of(request))


def _row(each: Commitment, workspace: Workspace, now: datetime) -> dict[str, Any]:
    standing = promises.standing(
        promises.State(each.state),
        due_on=each.due_on,
        is_settled=each.settled_at is not None,
        today=today_of(workspace, now),
    )
    return {
        "promise": each,
        "standing": standing,
        "appearance": STANDINGS[standing],
        "is_owed": standing.is_owed,
    }


def _said(asked: CheckBack) -> dict[str, Any]:
    """How far the question whether it is solved has come."""
    message = asked.message
    is_over = message is None or message.state in {
        MessageState.CANCELLED, MessageState.SUPPRESSED, MessageState.EXPIRED, MessageState.FAILED,
    }  # fmt: skip
    counts = asked.validity == Validity.COUNTED
    return {
        "row": asked,
        "answer": asked.get_answer_display() if counts else "",
        "is_set_aside": asked.validity == Validity.QUARANTINED,
        "is_sent": message is not None and message.sent_at is not None,
        "sent_at": message.sent_at if message else None,
        "why_not": (message.reason if message else "") if is_over else "",
        "is_over": is_over,
    }


# --- forms within parts ---


def refused_form(request: HttpRequest) -> forms.CaseForm | None:
    """The form of a part that was refused in this request: its part shows it again."""
    form: forms.CaseForm | None = getattr(request, "refused_form", None)
    return form


def show_refused(request: HttpRequest, workspace: Workspace, form: forms.CaseForm) -> HttpResponse:
    """The case again, with what was typed and what is wrong with it."""
    request.refused_form = form  # type: ignore[attr-defined]
    case = queries.get_case(workspace=workspace, public_id=form.case.public_id)
    page = showing.show_panes(request, workspace, case=case, now=clock.now())
    page.status_code = 422
    page["HX-Push-Url"] = "false"
    return page


def show_case_again(request: HttpRequest, workspace: Workspace, case: Case) -> HttpResponse:
    selection = listing.selection_of(request).query
    return redirect(reverse("cases:case", args=[workspace.slug, case.public_id]) + selection)


@access.needs(Role.AGENT)
@require_POST
def promise(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    case = queries.get_case(workspace=workspace, public_id=public_id)
    form = PromiseForm(request.POST, case=case, member=access.member_of(request))
    if not form.is_valid():
        return show_refused(request, workspace, form)
    try:
        operations.promise(
            case=case, actor=access.actor_of(request), now=clock.now(), **form.given()
        )
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return show_refused(request, workspace, form)
    messages.success(request, "The promise is written down. It comes up before its day.")
    return show_case_again(request, workspace, case)


@access.needs(Role.AGENT)
@require_POST
def settle(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Done, or no longer wanted; from the case or from the page of all promises."""
    commitment = queries.get_commitment(workspace=workspace, public_id=public_id)
    deed = request.POST.get("deed")
    if deed not in {"keep", "release"}:
        raise Http404
    act = operations.keep_promise if deed == "keep" else operations.release_promise
    commitment.case = queries.get_case(workspace=workspace, public_id=commitment.case.public_id)
    try:
        act(
            commitment=commitment,
            text=request.POST.get("text", ""),
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Kept." if deed == "keep" else "The promise is taken back.")
    if request.POST.get("back") == "promises":
        return redirect(reverse("promises:list", args=[workspace.slug]) + _query(request))
    return show_case_again(request, workspace, commitment.case)


def _query(request: HttpRequest) -> str:
    show = request.POST.get("show", "")
    return f"?show={show}" if show in SHOWN else ""


# --- all of them ---

SHOWN = {"mine": "Mine", "all": "Everybody’s", "settled": "Settled"}


@require_safe
def show_promises(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    home = "mine" if access.may(request, Role.AGENT) else "all"
    show = request.GET.get("show", home)
    show = show if show in SHOWN else home
    found = {
        "mine": queries.list_owed(workspace=workspace, member=access.member_of(request)),
        "all": queries.list_owed(workspace=workspace),
        "settled": queries.list_settled(workspace=workspace),
    }
    page = Paginator(found[show], PAGE_SIZE).get_page(request.GET.get("page"))
    since = today_of(workspace, now) - timedelta(days=RECORD_DAYS)
    context = {
        "rows": [_row(each, workspace, now) for each in page],
        "page": page,
        "show": show,
        "tabs": [
            {"label": label, "query": f"?show={key}", "active": key == show,
             "count": None if key == "settled" else found[key].count()}
            for key, label in SHOWN.items()
            if key != "mine" or home == "mine"
        ],
        "record": queries.promise_record(workspace=workspace, since=since),
        "record_days": RECORD_DAYS,
        "may_act": access.may(request, Role.AGENT),
        "pages_summary": f"{page.start_index()} to {page.end_index()} of {page.paginator.count}",
        "pages_query": f"show={show}",
    }  # fmt: skip
    return render(request, "cases/promises.html", context)
