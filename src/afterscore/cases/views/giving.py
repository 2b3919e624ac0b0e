"""Gifts: asked for in a case, decided and sent from one list, with the catalogue and the budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import forms, operations, queries
from afterscore.cases.forms.keeping import BudgetForm, GestureForm, GiftForm
from afterscore.cases.models import Case, Gesture, Gift
from afterscore.cases.operations.promising import today_of
from afterscore.cases.views import keeping, known
from afterscore.domain import gestures, nps
from afterscore.domain.gestures import State, Verdict
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.kit.templatetags.display import Appearance
from afterscore.workspaces import access
from afterscore.workspaces import forms as settings
from afterscore.workspaces.models import Workspace

PAGE_SIZE = 50
STATES = {
    State.ASKED: Appearance("waits for approval", "busy", "clock"),
    State.APPROVED: Appearance("to send", "busy", "check"),
    State.DECLINED: Appearance("declined", "quiet", "ban"),
    State.SENT: Appearance("on its way", "quiet", "send"),
    State.ARRIVED: Appearance("arrived", "good", "check"),
    State.CANCELLED: Appearance("called off", "quiet", ""),
}
TABS = {
    State.ASKED: "To approve",
    State.APPROVED: "To send",
    State.SENT: "On their way",
    State.ARRIVED: "Arrived",
    State.DECLINED: "Declined",
    State.CANCELLED: "Called off",
}


def part(request: HttpRequest, case: Case, _now: datetime) -> dict[str, Any]:
    """What the part of gifts shows of a case; without a catalogue it offers nothing."""
    has_any = known.reading_for(request, case).has_gestures
    rows = list(queries.list_gestures(case=case)) if has_any else []
    has_one = any(State(each.state).is_alive for each in rows)
    offers = access.may(request, Role.AGENT) and not has_one
    return {
        "gestures": [{"gesture": row, "appearance": STATES[State(row.state)]} for row in rows],
        "gesture_form": _form_of(request, case) if offers else None,
    }


def _form_of(request: HttpRequest, case: Case) -> forms.CaseForm | None:
    """None where the catalogue is empty."""
    failed = keeping.refused_form(request)
    if isinstance(failed, GestureForm):
        return failed
    form = GestureForm(case=case, member=access.member_of(request))
    return form if form.gifts else None


@access.needs(Role.AGENT)
@require_POST
def ask(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    case = queries.get_case(workspace=workspace, public_id=public_id)
    form = GestureForm(request.POST, case=case, member=access.member_of(request))
    if not form.is_valid():
        return keeping.show_refused(request, workspace, form)
    try:
        operations.ask_gesture(
            case=case, actor=access.actor_of(request), now=clock.now(), **form.given()
        )
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return keeping.show_refused(request, workspace, form)
    messages.success(request, "The gift is asked for.")
    return keeping.show_case_again(request, workspace, case)


# --- the list ---


@require_safe
def show_list(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    counts = queries.count_gestures(workspace=workspace)
    state = _chosen(request.GET.get("show", ""), counts)
    found = queries.list_gestures(workspace=workspace, state=state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    decides = access.may(request, Role.MANAGER)
    context = {
        "rows": page.object_list,
        "page": page,
        "show": state,
        "appearance": STATES[state],
        "tabs": [
            {
                "label": label,
                "query": f"?show={each}",
                "count": counts[each],
                "active": each is state,
            }
            for each, label in TABS.items()
        ],
        "deeds": [deed for deed in _deeds(state) if decides or deed["role"] is Role.AGENT]
        if access.may(request, Role.AGENT)
        else [],
        "has_any": any(counts.values()),
        "may_manage": decides,
        **_money(workspace),
        **_turning(page, state),
    }
    return render(request, "cases/gifts.html", context)


def _turning(page: Any, state: State) -> dict[str, Any]:
    return {
        "summary": f"{page.start_index()} to {page.end_index()} of {page.paginator.count}",
        "previous_url": f"?show={state}&page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?show={state}&page={page.number + 1}" if page.has_next() else "",
    }


def _chosen(given: str, counts: dict[State, int]) -> State:
    """What is asked for, else the first tab in which something waits."""
    if given in tuple(State):
        return State(given)
    waiting = (State.ASKED, State.APPROVED, State.SENT)
    return next((state for state in waiting if counts[state]), State.ASKED)


def _money(workspace: Workspace) -> dict[str, Any]:
    today = today_of(workspace, clock.now())
    return {
        "purse": queries.purse_of(workspace=workspace, day=today),
        "quarter": gestures.quarter_name(today),
    }


def _deeds(state: State) -> list[dict[str, Any]]:
    """The buttons of a row, by where it stands; the last ones ask for a reason."""
    approve = {"name": "approve", "label": "Approve", "icon": "check", "role": Role.MANAGER}
    decline = {
        "name": "decline", "label": "Decline", "icon": "ban", "role": Role.MANAGER, "asks": True,
    }  # fmt: skip
    send = {"name": "send", "label": "It is sent", "icon": "send", "role": Role.AGENT}
    arrive = {"name": "arrive", "label": "It has arrived", "icon": "check", "role": Role.AGENT}
    cancel = {"name": "cancel", "label": "Call off", "icon": "close", "role": Role.AGENT}
    deeds: dict[State, list[dict[str, Any]]] = {
        State.ASKED: [approve, decline, cancel],
        State.APPROVED: [send, cancel],
        State.SENT: [arrive],
    }
    return deeds.get(state, [])


Deed = Callable[..., Gesture]
DEEDS: dict[str, tuple[Deed, Role, str]] = {
    "approve": (operations.approve_gesture, Role.MANAGER, "Approved; it stands under “To send”."),
    "decline": (operations.decline_gesture, Role.MANAGER, "Declined."),
    "cancel": (operations.cancel_gesture, Role.AGENT, "Called off."),
    "send": (operations.send_gesture, Role.AGENT, "It is on its way."),
    "arrive": (operations.confirm_gesture, Role.AGENT, "It has arrived."),
}


@access.needs(Role.AGENT)
@require_POST
def act(request: HttpRequest, workspace: Workspace, public_id: str, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    perform, role, done = DEEDS[deed]
    if not access.may(request, role):
        raise PermissionDenied("Only managers and owners decide about gifts.")
    gesture = queries.get_gesture(workspace=workspace, public_id=public_id)
    values: dict[str, Any] = {"actor": access.actor_of(request), "now": clock.now()}
    if deed in {"decline", "cancel"}:
        values["why"] = request.POST.get("why", "")
    shown = gesture.state
    try:
        perform(gesture=gesture, **values)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    page = redirect("gifts:list", workspace.slug)
    page["Location"] += f"?show={shown}"
    return page


# --- whether they go by score ---


@require_safe
def show_fairness(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    audit = gestures.audit(queries.gift_shares(workspace=workspace))
    context = {
        "rows": [(group, audit.shares[group]) for group in nps.Group],
        "audit": audit,
        "is_uneven": audit.verdict is Verdict.UNEVEN,
        "is_even": audit.verdict is Verdict.EVEN,
        "fewest": gestures.FEWEST_GIFTS,
        "given": sum(share.given for share in audit.shares.values()),
    }
    return render(request, "cases/gift_fairness.html", context)


# --- the catalogue ---


def show_catalogue(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Everybody reads it; managers and owners add a gift."""
    form = GiftForm(request.POST or None, workspace=workspace)
    if request.method == "POST":
        _refuse_others(request)
        if form.is_valid() and _saved(request, workspace, form, None):
            return redirect("catalogue:gifts", workspace.slug)
    return render(request, "cases/gift_catalogue.html", _catalogue(request, workspace, form=form))


def _catalogue(
    request: HttpRequest,
    workspace: Workspace,
    *,
    form: GiftForm | None = None,
    budget_form: BudgetForm | None = None,
) -> dict[str, Any]:
    money = _money(workspace)
    given = budget_form or BudgetForm(
        workspace=workspace, quarter=money["quarter"], amount=money["purse"].amount
    )
    return {
        "settings_tabs": settings.settings_tabs(workspace, "gifts"),
        "gifts": queries.list_gifts(workspace=workspace),
        "form": form or GiftForm(workspace=workspace),
        "budget_form": given,
        "may_manage": access.may(request, Role.MANAGER),
        **money,
    }


def edit_gift(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    gift = queries.get_gift(workspace=workspace, public_id=public_id)
    _refuse_others(request)
    form = GiftForm(request.POST or None, workspace=workspace, gift=gift)
    if request.method == "POST" and form.is_valid() and _saved(request, workspace, form, gift):
        return redirect("catalogue:gifts", workspace.slug)
    context = {
        "settings_tabs": settings.settings_tabs(workspace, "gifts"),
        "gift": gift,
        "form": form,
    }
    return render(request, "cases/gift.html", context)


@require_POST
@access.needs(Role.MANAGER)
def set_budget(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    today = today_of(workspace, clock.now())
    form = BudgetForm(request.POST, workspace=workspace, quarter=gestures.quarter_name(today))
    if form.is_valid():
        operations.set_budget(
            workspace=workspace,
            starts_on=today,
            amount=form.cleaned_data["amount"],
            actor=access.actor_of(request),
            now=clock.now(),
        )
        messages.success(request, f"The budget of {gestures.quarter_name(today)} is set.")
        return redirect("catalogue:gifts", workspace.slug)
    context = _catalogue(request, workspace, budget_form=form)
    return render(request, "cases/gift_catalogue.html", context, status=422)


def _refuse_others(request: HttpRequest) -> None:
    if not access.may(request, Role.MANAGER):
        raise PermissionDenied("Only managers and owners change the catalogue.")


def _saved(
    request: HttpRequest, workspace: Workspace, form: django_forms.Form, gift: Gift | None
) -> bool:
    try:
        operations.save_gift(
            workspace=workspace,
            gift=gift,
            actor=access.actor_of(request),
            now=clock.now(),
            **form.cleaned_data,
        )
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, "Saved.")
    return True
