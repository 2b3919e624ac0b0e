"""Tasks, and the playbooks that lay them out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from afterscore.cases import operations, queries
from afterscore.cases.api.desk import workspace_of
from afterscore.cases.models import Task
from afterscore.cases.queries import Shelf
from afterscore.domain import playbooks
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.steps import Moment, StepKind
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Member, Workspace

router = Router(tags=["Tasks and playbooks"])
MOST = 200


class TaskOut(Schema):
    id: str
    case: str = Field(description="The id of the case")
    kind: StepKind
    step: str = Field(description="Playbook and step, as playbook:step; empty: added by hand")
    title: str
    text: str
    department: str = Field(description="Empty where none has it")
    owner: str | None = Field(
        description="E-mail of the member who has it; null: the department, or the case's owner"
    )
    state: Task.State
    due_at: datetime | None = Field(description="null: its moment has not come")
    result: str
    outcome: str = Field(description="In words: what came of it, or why it was left out")
    ended_at: datetime | None
    ended_by: str | None
    created_at: datetime


class TaskPage(Schema):
    data: list[TaskOut]
    next: str | None = Field(description="Pass it as `after` for the next page; null on the last.")


class Wanted(Schema):
    """Which tasks. What is left out lets everything through."""

    state: Task.State | None = None
    owner: str = Field(
        default="", description="E-mail of a member: what they have, and what is theirs by a case"
    )
    department: Department | None = None
    case: str = Field(default="", description="Id of a case")
    due_before: datetime | None = Field(default=None, description="Only those with a date")


class TaskIn(Schema):
    title: str
    text: str = ""
    department: Department | None = None
    owner: str = Field(
        default="", description="E-mail of a member, a viewer too; empty: the case's owner"
    )
    due_on: date | None = Field(default=None, description="Without it the next business day")


class FinishIn(Schema):
    result: str = Field(
        default="", description="A code of its kind; needed where more than one is possible"
    )
    text: str = ""
    minutes: int = Field(default=0, ge=0)


class SkipIn(Schema):
    why: str = ""


class DraftOut(Schema):
    subject: str
    body: str


class StepOut(Schema):
    key: str
    kind: StepKind
    title: str
    text: str
    starts: Moment
    days: int = Field(description="Business days after the moment it starts from")
    department: str = Field(description="Empty: by the theme of the answer, or the case's owner")
    if_silent: bool = Field(description="Not needed once the customer speaks with us")
    groups: list[Group] = Field(description="Empty: every group")
    comment: str = Field(description="with, without, or empty for both")
    drafts: dict[str, DraftOut] = Field(description="Own mails by language")


class PlaybookOut(Schema):
    key: str
    name: str
    when: str
    aim: str
    is_own: bool = Field(description="Whether the workspace has its own edition of the steps")
    changed_at: datetime | None
    changed_by: str | None
    open_cases: int
    steps: list[StepOut]


def _task(row: Task) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "case": row.case.public_id,
        "owner": row.owner.user.email if row.owner else None,
        "ended_by": row.ended_by.user.email if row.ended_by else None,
        **{name: getattr(row, name) for name in _PLAIN},
    }


_PLAIN = (
    "kind", "step", "title", "text", "department", "state", "due_at", "result", "outcome",
    "ended_at", "created_at",
)  # fmt: skip


def _colleague(workspace: Workspace, email: str) -> Member:
    """Viewers, too: they may be asked to do something. Raises Refused where there is nobody."""
    found = queries.list_active(workspace=workspace).filter(user__email__iexact=email.strip())
    member = found.first()
    if member is None:
        raise Refused(f"Nobody with the address '{email}' is here.", field="owner")
    return member


def _found(request: HttpRequest, task_id: str) -> Task:
    return queries.get_task(workspace=workspace_of(request), public_id=task_id)


@router.get("/tasks", response=TaskPage, summary="List tasks, the latest first")
def list_tasks(
    request: HttpRequest,
    wanted: Query[Wanted],
    *,
    after: str | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> dict[str, Any]:
    """A page begins behind the task `after`."""
    workspace = workspace_of(request)
    found = queries.select_tasks(
        workspace=workspace,
        state=wanted.state or "",
        member=_colleague(workspace, wanted.owner) if wanted.owner else None,
        department=wanted.department or "",
        case=queries.get_case(workspace=workspace, public_id=wanted.case) if wanted.case else None,
        due_before=wanted.due_before,
    )
    if after is not None:
        found = found.filter(pk__lt=_found(request, after).pk)
    tasks = list(found[: limit + 1])
    page = tasks[:limit]
    more = len(tasks) > limit
    return {"data": [_task(row) for row in page], "next": page[-1].public_id if more else None}


@router.get("/cases/{case_id}/tasks", response=list[TaskOut], summary="What is to do in a case")
def list_tasks_of_case(request: HttpRequest, case_id: str) -> list[dict[str, Any]]:
    """All of them, ended ones too, in the order of the playbook; those added by hand last."""
    case = queries.get_case(workspace=workspace_of(request), public_id=case_id)
    tasks = queries.list_tasks(case=case)
    for row in tasks:
        row.case = case
    return [_task(row) for row in tasks]


@router.post("/cases/{case_id}/tasks", response=TaskOut, summary="Add a task to a case")
def add_task(request: HttpRequest, case_id: str, body: TaskIn) -> dict[str, Any]:
    """The key needs the role agent or more."""
    access.refuse_reading_key(request)
    case = queries.get_case(workspace=workspace_of(request), public_id=case_id)
    made = operations.add_task(
        case=case,
        title=body.title,
        text=body.text,
        department=body.department,
        owner=_colleague(case.workspace, body.owner) if body.owner else None,
        due_on=body.due_on,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _task(_found(request, made.public_id))


@router.post("/tasks/{task_id}/finish", response=TaskOut, summary="Say that a task is done")
def finish_task(request: HttpRequest, task_id: str, body: FinishIn) -> dict[str, Any]:
    """A call that reached nobody stays open and is tried again. The key needs the role agent or
    more."""
    access.refuse_reading_key(request)
    operations.finish_task(
        task=_found(request, task_id),
        result=body.result,
        text=body.text,
        minutes=body.minutes,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _task(_found(request, task_id))


@router.post("/tasks/{task_id}/skip", response=TaskOut, summary="Leave a task out")
def skip_task(request: HttpRequest, task_id: str, body: SkipIn) -> dict[str, Any]:
    """With a reason or without. The key needs the role agent or more."""
    access.refuse_reading_key(request)
    operations.skip_task(
        task=_found(request, task_id),
        why=body.why,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _task(_found(request, task_id))


@router.post("/tasks/{task_id}/reopen", response=TaskOut, summary="Do a task after all")
def reopen_task(request: HttpRequest, task_id: str) -> dict[str, Any]:
    """Takes back that it was done or left out. The key needs the role agent or more."""
    access.refuse_reading_key(request)
    operations.resume_task(
        task=_found(request, task_id),
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _task(_found(request, task_id))


def _playbook(shelf: Shelf) -> dict[str, Any]:
    playbook, edition = shelf.playbook, shelf.edition
    changer = edition.changed_by if edition else None
    return {
        "is_own": edition is not None,
        "changed_at": edition.changed_at if edition else None,
        "changed_by": changer.user.email if changer else None,
        "open_cases": shelf.open_cases,
        "steps": playbooks.as_data(playbook.steps),
        **{name: getattr(playbook, name) for name in ("key", "name", "when", "aim")},
    }


@router.get("/playbooks", response=list[PlaybookOut], summary="List playbooks with their steps")
def list_playbooks(request: HttpRequest) -> list[dict[str, Any]]:
    """In the workspace's own edition where there is one. Of several that fit an answer, the first
    holds."""
    return [_playbook(shelf) for shelf in queries.list_playbooks(workspace=workspace_of(request))]


@router.get("/playbooks/{key}", response=PlaybookOut, summary="One playbook with its steps")
def get_playbook(request: HttpRequest, key: str) -> dict[str, Any]:
    workspace = workspace_of(request)
    return _playbook(queries.get_shelf(workspace=workspace, key=key))
