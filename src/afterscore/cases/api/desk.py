from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.queries import agendas, notices
from afterscore.cases.queries.filters import Filters
from afterscore.domain import nps
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.causes import RootCause
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Member, Workspace

router = Router(tags=["Cases"])
MOST = 200


class CaseOut(Schema):
    id: str
    response: str = Field(description="The id of the answer")
    score: int
    group: Group
    has_comment: bool
    email: str | None
    name: str
    account: str | None
    owner: str | None = Field(description="E-mail of the member who has it; null: nobody")
    department: str = Field(description="Empty where none has it")
    language: str
    themes: list[str] = Field(description="Ids of the themes that the answer speaks of")
    heard_themes: list[str] = Field(description="Those that only came up after the answer")
    state: State
    priority: int = Field(description="0 in its turn, to 3 first")
    priority_reasons: list[str]
    opened_at: datetime
    due_at: datetime = Field(description="By then the customer is to hear from you")
    next_due_at: datetime | None = Field(description="By then somebody acts next; null: closed")
    first_reply_at: datetime | None
    closed_at: datetime | None
    outcome: str
    not_closed_reason: str
    root_cause: str
    minutes: int


class EntryOut(Schema):
    id: str
    kind: str
    author: str | None
    text: str
    minutes: int
    happened_at: datetime


class CaseDetail(CaseOut):
    comment: str
    insight: str
    entries: list[EntryOut] = Field(description="Newest first")


class CasePage(Schema):
    data: list[CaseOut]
    next: str | None = Field(description="Pass it as `after` for the next page; null on the last.")


class Selected(Schema):
    """Which cases. What is left out lets everything through."""

    state: State | None = None
    group: Group | None = None
    owner: str = Field(default="", description="E-mail of a member")
    department: Department | None = None
    language: str = ""
    theme: str = Field(default="", description="Id of a theme")
    is_open: bool | None = Field(default=None, description="Whether somebody has to act still")
    since: datetime | None = Field(default=None, description="Opened from then on")


class AssignIn(Schema):
    email: str = Field(description="Of the member who gets the case")


class NoteIn(Schema):
    text: str
    minutes: int = Field(default=0, ge=0)


class CloseIn(Schema):
    outcome: Outcome
    reason: NotClosedReason | None = Field(
        default=None, description="Needed with the outcome not_closed, and only then"
    )
    root_cause: RootCause | None = None
    insight: str = ""
    minutes: int = Field(default=0, ge=0)


class ReopenIn(Schema):
    why: str = ""


def _out(case: Case) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "response": case.response.public_id,
        "score": case.score,
        "group": nps.group_of(case.score),
        "has_comment": bool(case.comment_key),
        "email": case.contact.email,
        "name": case.contact.name,
        "account": case.account.name if case.account else None,
        "owner": case.owner.user.email if case.owner else None,
        "language": case.response.language,
        **{name: getattr(case, name) for name in _PLAIN},
    }


_PLAIN = (
    "department", "themes", "heard_themes", "state", "priority", "priority_reasons", "opened_at",
    "due_at", "next_due_at", "first_reply_at", "closed_at", "outcome", "not_closed_reason",
    "root_cause", "minutes",
)  # fmt: skip


def _detail(case: Case) -> dict[str, Any]:
    return {
        **_out(case),
        "comment": case.response.comment,
        "insight": case.insight,
        "entries": [_entry(entry) for entry in queries.list_entries(case=case)],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.public_id,
        "kind": entry.kind,
        "author": entry.author.user.email if entry.author else None,
        "text": entry.text,
        "minutes": entry.minutes,
        "happened_at": entry.happened_at,
    }


def workspace_of(request: HttpRequest) -> Workspace:
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    return workspace


def _case(request: HttpRequest, public_id: str) -> Case:
    return queries.get_case(workspace=workspace_of(request), public_id=public_id)


@router.get("/cases", response=CasePage, summary="List cases, the latest first")
def list_cases(
    request: HttpRequest,
    selected: Query[Selected],
    *,
    after: str | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> dict[str, Any]:
    """A page begins behind the case `after`."""
    workspace = workspace_of(request)
    filters = Filters(
        group=selected.group,
        state=selected.state,
        owner=find_member(workspace, selected.owner) if selected.owner else None,
        department=str(selected.department or ""),
        language=selected.language,
        theme=selected.theme,
    )
    found = queries.list_cases(
        workspace=workspace, now=clock.now(), filters=filters, since=selected.since
    )
    if selected.is_open is not None:
        found = found.filter(next_due_at__isnull=not selected.is_open)
    if after is not None:
        last = queries.get_case(workspace=workspace, public_id=after)
        found = found.filter(pk__lt=last.pk)
    cases = list(found[: limit + 1])
    page = cases[:limit]
    more = len(cases) > limit
    return {"data": [_out(case) for case in page], "next": page[-1].public_id if more else None}


@router.get("/cases/{case_id}", response=CaseDetail, summary="One case with its history")
def get_case(request: HttpRequest, case_id: str) -> dict[str, Any]:
    return _detail(_case(request, case_id))


@router.post("/cases/{case_id}/assign", response=CaseDetail, summary="Give a case to a member")
def assign(request: HttpRequest, case_id: str, body: AssignIn) -> dict[str, Any]:
    """The member is active and more than a viewer. The key needs the role agent or more."""
    access.refuse_reading_key(request)
    case = _case(request, case_id)
    operations.assign(
        case=case,
        owner=find_member(case.workspace, body.email),
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _detail(_case(request, case_id))


@router.post("/cases/{case_id}/notes", response=CaseDetail, summary="Add a note for colleagues")
def add_note(request: HttpRequest, case_id: str, body: NoteIn) -> dict[str, Any]:
    """The customer never sees it. The key needs the role agent or more."""
    access.refuse_reading_key(request)
    operations.add_note(
        case=_case(request, case_id),
        text=body.text,
        minutes=body.minutes,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _detail(_case(request, case_id))


@router.post("/cases/{case_id}/close", response=CaseDetail, summary="Close a case")
def close_case(request: HttpRequest, case_id: str, body: CloseIn) -> dict[str, Any]:
    """Says how it ended; whoever comes second is told who was first. The key needs the role agent
    or more."""
    access.refuse_reading_key(request)
    operations.close_case(
        case=_case(request, case_id),
        outcome=body.outcome,
        reason=body.reason,
        root_cause=body.root_cause,
        insight=body.insight,
        minutes=body.minutes,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _detail(_case(request, case_id))


@router.post("/cases/{case_id}/reopen", response=CaseDetail, summary="Open a closed case again")
def reopen_case(request: HttpRequest, case_id: str, body: ReopenIn) -> dict[str, Any]:
    """It is due again by its group's deadline, counted from now. The key needs the role agent or
    more."""
    access.refuse_reading_key(request)
    operations.reopen_case(
        case=_case(request, case_id),
        why=body.why,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _detail(_case(request, case_id))


def find_member(workspace: Workspace, email: str) -> Member:
    """Raises Refused where nobody of this address can own a case."""
    wanted = email.strip().lower()
    for member in queries.list_assignable(workspace=workspace):
        if member.user.email == wanted:
            return member
    raise Refused(f"Nobody with the address '{email}' can own a case here.", field="email")


class AlertOut(Schema):
    id: str
    kind: str = Field(description="broken_promise, breach, unowned, key_contact_silent, …")
    text: str
    case: str | None = Field(description="The id of the case it is about")
    member: str | None = Field(description="E-mail of whom it concerns; null: managers and owners")
    url: str
    raised_at: datetime


@router.get("/alerts", response=list[AlertOut], summary="What somebody has to know now")
def list_alerts(request: HttpRequest, kind: str = "") -> list[dict[str, Any]]:
    """Open ones, the newest first, at most 200. They end by themselves when they are over."""
    found = notices.list_open(workspace=workspace_of(request))
    return [
        {
            "id": alert.public_id,
            "kind": alert.kind,
            "text": alert.text,
            "case": alert.case.public_id if alert.case else None,
            "member": alert.member.user.email if alert.member else None,
            "url": agendas.alert_url(alert),
            "raised_at": alert.raised_at,
        }
        for alert in found
        if kind in {"", alert.kind}
    ][:MOST]
