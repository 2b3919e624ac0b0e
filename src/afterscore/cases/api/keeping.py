"""Promises, the question whether it is solved, and gifts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.cases import operations, queries
from afterscore.cases.models import Commitment, Gesture
from afterscore.domain import nps, promises
from afterscore.domain.gestures import State
from afterscore.domain.nps import Group
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

router = Router(tags=["Promises and gifts"])
MOST = 500


class PromiseOut(Schema):
    id: str
    case: str
    text: str
    due_on: date
    state: promises.State = Field(description="A broken promise stays broken when it is made good")
    owner: str | None = Field(description="E-mail of the member who has the case")
    promised_at: datetime
    settled_at: datetime | None = Field(description="null: still owed")
    settled_text: str


class PromiseIn(Schema):
    text: str
    due_on: date


class SettleIn(Schema):
    text: str = Field(default="", description="Needed when the customer no longer wants it")


class CheckBackOut(Schema):
    group: Group
    asked: int
    yes: int
    partly: int
    no: int
    confirmed_ratio: float | None = Field(description="Of those who answered")
    low: float
    high: float


class GiftOut(Schema):
    id: str
    case: str
    gift: str
    cost: Decimal
    why: str
    state: State
    asked_by: str | None
    asked_at: datetime
    decided_by: str | None
    sent_at: datetime | None
    arrived_at: datetime | None


def _workspace(request: HttpRequest) -> Workspace:
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    return workspace


def _promise(row: Commitment) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "case": row.case.public_id,
        "owner": row.case.owner.user.email if row.case.owner else None,
        **{
            name: getattr(row, name)
            for name in ("text", "due_on", "state", "promised_at", "settled_at", "settled_text")
        },
    }


def _gift(row: Gesture) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "case": row.case.public_id,
        "gift": row.gift.name,
        "asked_by": row.asked_by.user.email if row.asked_by else None,
        "decided_by": row.decided_by.user.email if row.decided_by else None,
        **{
            name: getattr(row, name)
            for name in ("cost", "why", "state", "asked_at", "sent_at", "arrived_at")
        },
    }


@router.get("/promises", response=list[PromiseOut], summary="List promises to customers")
def list_promises(
    request: HttpRequest, *, owed: bool = True, limit: Annotated[int, Field(ge=1, le=MOST)] = 100
) -> list[dict[str, Any]]:
    """Those still owed, the most overdue first; with `owed=false` those that are settled."""
    workspace = _workspace(request)
    found = queries.list_owed if owed else queries.list_settled
    return [_promise(row) for row in found(workspace=workspace)[:limit]]


@router.post(
    "/cases/{case_id}/promises",
    response=PromiseOut,
    summary="Promise something",
)
def promise(request: HttpRequest, case_id: str, body: PromiseIn) -> dict[str, Any]:
    """The key needs the role agent or more."""
    access.refuse_reading_key(request)
    case = queries.get_case(workspace=_workspace(request), public_id=case_id)
    operations.promise(
        case=case,
        text=body.text,
        due_on=body.due_on,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    made = queries.list_commitments(workspace=case.workspace, case=case).order_by("-id")[0]
    return _promise(made)


@router.post("/promises/{promise_id}/keep", response=PromiseOut, summary="Say that it is done")
def keep(request: HttpRequest, promise_id: str, body: SettleIn) -> dict[str, Any]:
    """In time it is kept, after its day made good late. The key needs the role agent or more."""
    return _settle(request, promise_id, body, operations.keep_promise)


@router.post("/promises/{promise_id}/release", response=PromiseOut, summary="Take a promise back")
def release(request: HttpRequest, promise_id: str, body: SettleIn) -> dict[str, Any]:
    """The customer no longer wants it; say why. The key needs the role agent or more."""
    return _settle(request, promise_id, body, operations.release_promise)


def _settle(request: HttpRequest, promise_id: str, body: SettleIn, settle: Any) -> dict[str, Any]:
    access.refuse_reading_key(request)
    workspace = _workspace(request)
    row = queries.get_commitment(workspace=workspace, public_id=promise_id)
    row.case = queries.get_case(workspace=workspace, public_id=row.case.public_id)
    settle(
        commitment=row,
        text=body.text,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _promise(queries.get_commitment(workspace=workspace, public_id=promise_id))


@router.get("/check-backs", response=list[CheckBackOut], summary="Whether it was solved, by group")
def check_backs(request: HttpRequest, *, since: datetime | None = None) -> list[dict[str, Any]]:
    """What customers said when they were asked; the interval is Wilson's, at 95 %."""
    results = queries.check_back_results(workspace=_workspace(request), since=since)
    return [
        {
            "group": group,
            "asked": result.asked,
            "yes": result.yes,
            "partly": result.partly,
            "no": result.no,
            "confirmed_ratio": result.confirmed_ratio,
            "low": result.limits[0],
            "high": result.limits[1],
        }
        for group, result in ((group, results[group]) for group in nps.Group)
    ]


@router.get("/gifts", response=list[GiftOut], summary="List gifts, the latest first")
def list_gifts(
    request: HttpRequest,
    *,
    state: State | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100,
) -> list[dict[str, Any]]:
    """For whoever sends them: `state=approved` is what waits to be sent."""
    found = queries.list_gestures(workspace=_workspace(request), state=state)
    return [_gift(row) for row in found[:limit]]


@router.post("/gifts/{gift_id}/send", response=GiftOut, summary="Say that a gift is on its way")
def send_gift(request: HttpRequest, gift_id: str) -> dict[str, Any]:
    """Only what was approved. The key needs the role agent or more."""
    return _move(request, gift_id, operations.send_gesture)


@router.post("/gifts/{gift_id}/arrive", response=GiftOut, summary="Say that a gift has arrived")
def confirm_gift(request: HttpRequest, gift_id: str) -> dict[str, Any]:
    """The key needs the role agent or more."""
    return _move(request, gift_id, operations.confirm_gesture)


def _move(request: HttpRequest, gift_id: str, move: Any) -> dict[str, Any]:
    access.refuse_reading_key(request)
    row = queries.get_gesture(workspace=_workspace(request), public_id=gift_id)
    move(gesture=row, actor=request.actor, now=clock.now())  # type: ignore[attr-defined]
    return _gift(queries.get_gesture(workspace=_workspace(request), public_id=gift_id))
