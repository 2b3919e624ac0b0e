from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.doubts import Policy
from afterscore.domain.roles import Role
from afterscore.kit import clock, paging
from afterscore.kit.errors import Refused
from afterscore.outreach import composition, operations, queries
from afterscore.outreach.models import Delivery, Kind, Message, State, Suppression
from afterscore.outreach.queries import Step
from afterscore.outreach.views import lifting
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

PAGE = 50
TABS = {"": "All", **{name: name.replace("_", " ").capitalize() for name in queries.GROUPS}}
HEARD = {
    Delivery.Kind.BOUNCED.value: "that came back",
    Delivery.Kind.COMPLAINED.value: "that were reported as spam",
    Delivery.Kind.UNSUBSCRIBED.value: "whose reader unsubscribed",
}
# A mail is somebody else's HTML as far as the desk is concerned: no script, no form, no request.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True)
class Row:
    message: Message
    subject: str
    refused: str

    @property
    def is_over(self) -> bool:
        return self.message.state in queries.GROUPS["not_sent"]


@dataclass(frozen=True, slots=True)
class Frame:
    """How large and on which paper a mail is shown: its script-free frame cannot say itself."""

    is_phone: bool
    is_dark: bool
    is_letter: bool

    @property
    def height(self) -> str:
        tall, short = (700, 560) if self.is_phone else (560, 400)
        return f"{short if self.is_letter else tall}px"

    @property
    def paper(self) -> str:
        return "#10171f" if self.is_dark else "#ffffff"


@require_safe
def outbox(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    asked = {
        "state": _known(request, "state", {*queries.GROUPS, *State.values}),
        "kind": _known(request, "kind", set(Kind.values)),
        "heard": _known(request, "heard", set(HEARD)),
        "wave": request.GET.get("wave", "").replace("\x00", ""),
        "q": request.GET.get("q", "").replace("\x00", "").strip(),
    }
    number = paging.number(request.GET.get("page", ""))
    found = queries.list_messages(
        workspace=workspace,
        state=asked["state"],
        kind=asked["kind"],
        search=asked["q"],
        heard=asked["heard"],
        stream=asked["wave"],
    )
    start = (number - 1) * PAGE
    rows = list(found[start : start + PAGE + 1])
    for row in rows:
        row.workspace = workspace
    counts = queries.count_by_state(workspace=workspace)
    in_doubt = counts.get(State.IN_DOUBT, 0)
    context = {
        **asked,
        "rows": [
            Row(row, composition.subject_of(row), getattr(row, "refused", None) or "")
            for row in rows[:PAGE]
        ],
        "tabs": _tabs(workspace, asked, counts),
        "states": _states(workspace, asked, counts),
        "kinds": Kind.choices,
        "heard_of": HEARD.get(asked["heard"], ""),
        "total": sum(counts.values()),
        "failed": counts.get(State.FAILED, 0),
        "in_doubt": in_doubt,
        "stale_doubts": in_doubt
        and queries.count_stale_doubts(workspace=workspace, now=clock.now()),
        "resends_doubtful": workspace.doubt_policy == Policy.RESEND_ONCE,
        "overdue": queries.find_overdue(workspace=workspace, now=clock.now()),
        "keeps_all": settings.AFTERSCORE_CHANNEL == "outbox",
        "may_read": access.may(request, Role.AGENT),
        "previous_url": _address(workspace, asked, page=number - 1) if number > 1 else "",
        "next_url": _address(workspace, asked, page=number + 1) if len(rows) > PAGE else "",
        "summary": f"{start + 1} to {start + min(len(rows), PAGE)}" if rows else "",
    }
    return render(request, "outreach/outbox.html", context)


def _known(request: HttpRequest, name: str, values: set[str]) -> str:
    """What was asked for, or "" (everything) where there is no such thing."""
    given = request.GET.get(name, "")
    return given if given in values else ""


def _address(workspace: Workspace, asked: dict[str, str], **changes: object) -> str:
    query = {key: value for key, value in {**asked, **changes}.items() if value}
    page = reverse("outreach:outbox", args=[workspace.slug])
    return f"{page}?{urlencode(query)}" if query else page


def _tabs(
    workspace: Workspace, asked: dict[str, str], counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The groups of states with how many messages are in each."""
    everything = tuple(State)
    return [
        {
            "label": label,
            "url": _address(workspace, asked, state=name),
            "count": _sum(counts, queries.GROUPS.get(name, everything)),
            "active": asked["state"] == name or asked["state"] in queries.GROUPS.get(name, ()),
        }
        for name, label in TABS.items()
    ]


def _states(
    workspace: Workspace, asked: dict[str, str], counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The states within the chosen group, where it has several that occur."""
    chosen = asked["state"]
    group = next(
        (states for name, states in queries.GROUPS.items() if chosen == name or chosen in states),
        (),
    )
    occurring = [state for state in group if counts.get(state)]
    if len(occurring) < 2:
        return []
    return [
        {
            "label": state.label,
            "count": counts[state],
            "url": _address(workspace, asked, state=state),
            "active": chosen == state,
        }
        for state in occurring
    ]


def _sum(counts: dict[str, int], states: Iterable[str]) -> int:
    return sum(counts.get(state, 0) for state in states)


@require_safe
@access.needs(Role.AGENT)
def message(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The mail as its reader sees it. Its links are the reader's: not for viewers."""
    row = queries.get_message(workspace=workspace, public_id=public_id)
    look = {
        "width": "phone" if request.GET.get("width") == "phone" else "desk",
        "theme": "dark" if request.GET.get("theme") == "dark" else "light",
    }
    timeline = queries.timeline_of(message=row)
    lifts = lifting.lifts_of(row)
    context: dict[str, Any] = {
        "message": row,
        "subject": composition.subject_of(row),
        "timeline": sorted([*timeline, *lifting.steps_of(timeline, lifts)], key=_when),
        "came_back": lifting.returned(queries.list_inbound_about(message=row), lifts),
        "silenced": _silenced(row),
        "refused": _refused(timeline),
        "can_send_again": row.state in queries.PROBLEMS,
        "is_in_doubt": row.state == State.IN_DOUBT,
        **look,
        "frame": Frame(
            is_phone=look["width"] == "phone",
            is_dark=look["theme"] == "dark",
            is_letter=row.kind not in composition.ASKING,
        ),
    }
    try:
        context["mail"] = composition.compose(row)
    except Refused as error:
        context["problem"] = error.message
    return render(request, "outreach/message.html", context)


def _when(step: Step) -> tuple[bool, datetime | None]:
    return step.at is None, step.at


def _refused(timeline: Iterable[Step]) -> str:
    """What was heard of it that a reader of the page must not miss; spam before a bounce."""
    heard = {step.what for step in timeline}
    return next((kind for kind in ("complained", "bounced") if kind in heard), "")


def _silenced(row: Message) -> dict[str, object] | None:
    """Why nothing more goes to this address, and whether somebody may decide otherwise."""
    found = queries.find_suppressed(
        workspace=row.workspace, emails=[row.to_email], scope=row.scope
    ).get(row.to_email)
    if found is None:
        return None
    return {
        "reason": found.reason,
        "only_here": found.only_here,
        "may_lift": found.reason == Suppression.Reason.BOUNCED,
    }


@require_safe
@access.needs(Role.AGENT)
@xframe_options_sameorigin
def html(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The HTML part alone, for the frame; `?theme=dark` shows it as a dark mail program would."""
    row = queries.get_message(workspace=workspace, public_id=public_id)
    try:
        page = composition.preview(row, is_dark=request.GET.get("theme") == "dark")
    except Refused as error:
        page = escape(error.message)
    return HttpResponse(page, headers={"Content-Security-Policy": MAIL_POLICY})


@require_POST
@access.needs(Role.AGENT)
def send_again(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    row = queries.get_message(workspace=workspace, public_id=public_id)
    try:
        operations.send_again(message=row, actor=access.actor_of(request), now=clock.now())
        messages.success(request, "It goes out again with the next messages.")
    except Refused as error:
        messages.error(request, error.message)
    return redirect("outreach:message", workspace.slug, public_id)


@require_POST
@access.needs(Role.AGENT)
def confirm(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    row = queries.get_message(workspace=workspace, public_id=public_id)
    if operations.confirm_arrival(message=row, actor=access.actor_of(request), now=clock.now()):
        messages.success(request, "Noted: it arrived.")
    return redirect("outreach:message", workspace.slug, public_id)


@require_POST
@access.needs(Role.AGENT)
def trust_address(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    row = queries.get_message(workspace=workspace, public_id=public_id)
    try:
        operations.trust_address(message=row, actor=access.actor_of(request), now=clock.now())
        messages.success(request, f"Noted: {row.to_email} is written to again.")
    except Refused as error:
        messages.error(request, error.message)
    return redirect("outreach:message", workspace.slug, public_id)
