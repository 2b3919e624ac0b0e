"""What people do with the tasks of a case: add, finish, leave out, hand over, take back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Entry, Task
from afterscore.cases.operations import assigning, closing, contacting, history, steps, writing
from afterscore.domain import casework, events
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor, Event
from afterscore.domain.steps import AMONG_US, WRITTEN, Result, StepKind, result_of, results_of
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member

LONGEST_TITLE = 200
WRITTEN_RESULT = {
    StepKind.MAIL: "written",
    StepKind.EDUCATE: "shown",
    StepKind.ADVOCATE: "asked",
}


@transaction.atomic
def add_task(
    *,
    case: Case,
    title: str,
    text: str = "",
    department: Department | None = None,
    owner: Member | None = None,
    due_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Task:
    """For the case's owner, another member, or a department. Without a date it is due on
    the next business day."""
    case = history.lock(case)
    title = " ".join(title.split())
    if not title:
        raise Refused("Say in a few words what is to be done.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"A title has at most {LONGEST_TITLE} characters.", field="title")
    kind = StepKind.DEPARTMENT if department else StepKind.TODO
    if owner is not None:
        _refuse_stranger(case, owner, kind)
    task = Task.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        kind=kind,
        position=100,
        title=title,
        text=text.strip(),
        department=department or "",
        owner=owner,
        due_at=steps.due_on(case.workspace, due_on, now=now),
        created_at=now,
    )
    whom = f" for {department.label}" if department else f" for {owner}" if owner else ""
    _tell(case, f"Task{whom}: {task.title}", actor=actor, now=now)
    event = events.TaskAdded(task.public_id, case=case.public_id, department=task.department)
    history.keep(case, event=event, actor=actor, now=now)
    return task


@transaction.atomic
def finish_task(
    *, task: Task, result: str = "", text: str = "", minutes: int = 0, actor: Actor, now: datetime
) -> Task:
    """Says what came of it. A call is logged, too; one that reached nobody is tried again; and
    where something turns out not to be solved, a closed case is open again.

    Raises Refused for a favour that must wait, and for a task that is not open any more.
    """
    case, task = _lock(task)
    came = _result(task, result)
    _refuse_too_early(case, task)
    author = history.author_of(case, actor)
    if task.kind == StepKind.CALL:
        contacting.log_call(
            case=case,
            outcome=Entry.Call(came.code),
            text=text,
            minutes=minutes,
            actor=actor,
            now=now,
        )
        task.refresh_from_db()
        if not came.ends:
            return task
    if task.state == Task.State.OPEN:
        steps.end(task, state=Task.State.DONE, author=author, result=came.code, text=text, now=now)
    case = history.lock(case)
    if task.kind != StepKind.CALL:
        history.add_minutes(case, minutes)
        _tell(case, _done(task, came), actor=actor, now=now, minutes=minutes)
    event = events.TaskFinished(task.public_id, case=case.public_id, result=came.code)
    history.keep(case, event=event, actor=actor, now=now)
    _act_on(case, task, came, actor=actor, now=now)
    return task


def _result(task: Task, code: str) -> Result:
    kind = StepKind(task.kind)
    if not code and len(results_of(kind)) == 1:
        return results_of(kind)[0]
    found = result_of(kind, code)
    if found is None:
        raise Refused("Say what came of it.", field="result")
    return found


def _refuse_too_early(case: Case, task: Task) -> None:
    verdict = queries.blocked(task, case=case)
    if verdict is not None:
        raise Refused(verdict.why)


def _done(task: Task, came: Result) -> str:
    how = "" if came.code == "done" else f" {came.label}."
    return "\n".join(part for part in (f"Done: {task.title}.{how}", task.outcome) if part)


def _act_on(case: Case, task: Task, came: Result, *, actor: Actor, now: datetime) -> None:
    unsolved = task.kind == StepKind.CHECK_BACK and came.code in {"partly", "not_solved"}
    if unsolved and casework.State(case.state) not in casework.OPEN_STATES:
        closing.reopen_case(case=case, why=f"{came.label}.", actor=actor, now=now)


@transaction.atomic
def write_task(*, task: Task, subject: str, body: str, actor: Actor, now: datetime) -> Task:
    """Does a step by a personal mail, sent at once."""
    case, task = _lock(task)
    kind = StepKind(task.kind)
    if kind not in WRITTEN:
        raise Refused("This step is not done by mail.")
    _refuse_too_early(case, task)
    writing.reply(case=case, subject=subject, body=body, actor=actor, now=now)
    task.refresh_from_db()
    if task.state != Task.State.OPEN:  # writing was all there was to it
        return task
    author = history.author_of(case, actor)
    code = WRITTEN_RESULT[kind]
    steps.end(task, state=Task.State.DONE, author=author, result=code, now=now)
    event = events.TaskFinished(task.public_id, case=case.public_id, result=code)
    history.keep(history.lock(case), event=event, actor=actor, now=now)
    return task


@transaction.atomic
def skip_task(*, task: Task, why: str = "", actor: Actor, now: datetime) -> Task:
    """Left out, with or without a reason: a playbook advises, it does not command."""
    case, task = _lock(task)
    author = history.author_of(case, actor)
    steps.end(task, state=Task.State.SKIPPED, author=author, text=why, now=now)
    words = "\n".join(part for part in (f"Left out: {task.title}.", task.outcome) if part)
    _tell(case, words, actor=actor, now=now)
    event: Event = events.TaskSkipped(task.public_id, case=case.public_id)
    history.keep(case, event=event, actor=actor, now=now)
    return task


@transaction.atomic
def resume_task(*, task: Task, actor: Actor, now: datetime) -> Task:
    """Takes back that it was finished or left out."""
    case, task = _lock(task, is_open=False)
    task.state, task.result, task.outcome = Task.State.OPEN, "", ""
    task.ended_at = task.ended_by = None
    task.due_at = max(task.due_at or now, steps.days_after(case.workspace, now, 1))
    task.save()
    _tell(case, f"To do again: {task.title}.", actor=actor, now=now)
    return _keep_changed(case, task, "state", actor=actor, now=now)


@transaction.atomic
def hand_task_over(
    *,
    task: Task,
    department: Department | None = None,
    owner: Member | None = None,
    actor: Actor,
    now: datetime,
) -> Task:
    """To a department, to one member, or without either back to the case's owner."""
    case, task = _lock(task)
    if owner is not None:
        _refuse_stranger(case, owner, StepKind(task.kind))
    task.owner = owner
    task.department = department or (task.department if owner else "")
    task.due_at = task.due_at or steps.days_after(case.workspace, now, 1)
    task.save(update_fields=["owner", "department", "due_at"])
    whom = str(owner) if owner else department.label if department else "the owner of the case"
    _tell(case, f"{task.title}: handed over to {whom}.", actor=actor, now=now)
    return _keep_changed(case, task, "owner", actor=actor, now=now)


def _lock(task: Task, *, is_open: bool = True) -> tuple[Case, Task]:
    """Case first, as everybody does it; then the task as it is now."""
    case = history.lock(task.case)
    fresh = Task.objects.select_related("ended_by__user").get(pk=task.pk)
    fresh.case = case
    if (fresh.state == Task.State.OPEN) is not is_open:
        raise Refused(_as_it_is(fresh))
    return case, fresh


def _as_it_is(task: Task) -> str:
    if task.state == Task.State.OPEN:
        return f"“{task.title}” is still to do."
    who = f" by {task.ended_by}" if task.ended_by else ""
    words = {
        Task.State.DONE: "is done already",
        Task.State.SKIPPED: "was left out",
        Task.State.CANCELLED: "is no longer needed",
    }
    return f"“{task.title}” {words[Task.State(task.state)]}{who}. Reload the page to see it."


def _refuse_stranger(case: Case, owner: Member, kind: StepKind) -> None:
    """Anybody of ours may be asked to do something; what speaks with a customer is an agent's."""
    if owner.workspace_id != case.workspace_id or not owner.is_active:
        raise Refused(f"{owner} is not here any more. Choose somebody else.", field="owner")
    if kind not in AMONG_US and not assigning.may_own(owner):
        raise Refused(
            f"{owner} does not speak with customers. Choose an active agent, manager or owner.",
            field="owner",
        )


def _tell(case: Case, text: str, *, actor: Actor, now: datetime, minutes: int = 0) -> None:
    history.add_entry(
        case,
        kind=Entry.Kind.CHANGE,
        author=history.author_of(case, actor),
        text=text,
        minutes=minutes,
        now=now,
    )


def _keep_changed(case: Case, task: Task, changed: str, *, actor: Actor, now: datetime) -> Task:
    event = events.TaskChanged(task.public_id, case=case.public_id, changed=(changed,))
    history.keep(case, event=event, actor=actor, now=now)
    return task
