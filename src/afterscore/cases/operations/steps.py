"""How the steps of a case follow what happens in it, so that nobody is reminded of what is done.

Each of these is called by an operation that holds the case's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from afterscore.cases import queries
from afterscore.cases.models import Case, Task
from afterscore.domain import calendars, casework, check_backs, events
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.playbooks import Playbook, Step
from afterscore.domain.steps import Moment, StepKind
from afterscore.journal import operations as journal
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

TRY_AGAIN_DAYS = 1
PATIENCE_DAYS = 2
"""Business days that a customer has to answer our mail before somebody calls."""

CHECKED_BACK = check_backs.CLAIMS | {casework.Outcome.PASSED_ON}
CLOSED = "The case was closed."
TALKING = "We are in conversation with the customer."


def lay_out(case: Case, *, now: datetime) -> None:
    """Gives a case the steps of its playbook. Saves nothing of the case but which playbook."""
    situation = queries.situation_of(case=case)
    playbook = queries.find_playbook(workspace=case.workspace, situation=situation)
    case.playbook = playbook.key
    Case.objects.filter(pk=case.pk).update(playbook=playbook.key)
    _add(case, playbook, playbook.steps_for(situation), now=now)


def lay_out_anew(case: Case, *, now: datetime) -> None:
    """The answer changed: what fits now takes the place of steps that nobody has touched. What is
    done stays done."""
    if case.closed_at is not None:
        return
    situation = queries.situation_of(case=case)
    playbook = queries.find_playbook(workspace=case.workspace, situation=situation)
    wanted = {_name(playbook, step): step for step in playbook.steps_for(situation)}
    untouched = _open(case).filter(owner=None, result="").exclude(step="")
    untouched.exclude(step__in=wanted).delete()
    known = set(Task.objects.filter(case=case).values_list("step", flat=True))
    case.playbook = playbook.key
    missing = [step for name, step in wanted.items() if name not in known]
    _add(case, playbook, missing, now=now)


def _name(playbook: Playbook, step: Step) -> str:
    return f"{playbook.key}:{step.key}"


def _add(case: Case, playbook: Playbook, chosen: Sequence[Step], *, now: datetime) -> None:
    made = Task.objects.bulk_create([_task(case, playbook, step, now=now) for step in chosen])
    for task in made:
        if task.department:
            tell_added(case, task, actor=SYSTEM, now=now)


def _task(case: Case, playbook: Playbook, step: Step, *, now: datetime) -> Task:
    department = step.department if step.kind is StepKind.DEPARTMENT else None
    if step.kind is StepKind.DEPARTMENT and department is None:
        department = _department_of(case)
    return Task(
        workspace_id=case.workspace_id,
        case=case,
        kind=step.kind,
        step=_name(playbook, step),
        position=playbook.steps.index(step),
        title=step.title,
        text=step.text,
        department=department or "",
        starts=step.starts,
        days=step.days,
        if_silent=step.if_silent,
        due_at=_due(case, step.starts, step.days, now=now),
        created_at=now,
    )


def _department_of(case: Case) -> Department | None:
    """Whom the themes of the answer concern; None leaves it to the owner to say."""
    named = (theme.department for theme in queries.themes_of(case=case))
    found = next((name for name in named if name), "")
    return Department(found) if found else None


def tell_added(case: Case, task: Task, *, actor: Actor, now: datetime) -> None:
    event = events.TaskAdded(task.public_id, case=case.public_id, department=task.department)
    journal.record(workspace=case.workspace, event=event, actor=actor, now=now)


def _due(case: Case, starts: str, days: int, *, now: datetime) -> datetime | None:
    match starts:
        case Moment.OPENING if case.first_reply_at is not None:  # the answer changed later
            return days_after(case.workspace, now, days) if days else case.next_due_at
        case Moment.OPENING:
            return days_after(case.workspace, case.opened_at, days) if days else case.due_at
        case Moment.REPLY if case.first_reply_at is not None:
            return days_after(case.workspace, case.first_reply_at, days)
        case Moment.CLOSING if case.closed_at is not None:
            return days_after(case.workspace, case.closed_at, days)
    return None


def days_after(workspace: Workspace, since: datetime, days: int) -> datetime:
    years = (since.year - 1, since.year, since.year + 1)
    calendar = workspaces.calendar_of(workspace, years=years)
    return calendars.end_of_day_after(calendar, since, days)


def due_on(workspace: Workspace, day: date | None, *, now: datetime) -> datetime:
    """When business closes on a day that somebody chose; else on the next business day."""
    if day is None:
        return days_after(workspace, now, 1)
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    return calendars.localise(day, workspace.business_closes, zone)


# --- what happens in a case ---------------------------------------------------------------------


def note_reply(case: Case, *, author: Member | None, now: datetime) -> None:
    """We wrote: the step to write is done, and whoever should call gives them time to answer."""
    _finish_first(case, StepKind.MAIL, author=author, result="written", now=now)
    _start(case, Moment.REPLY, now=now)
    later = days_after(case.workspace, now, PATIENCE_DAYS)
    waiting = _open(case).filter(if_silent=True)
    waiting.filter(due_at__lt=later).update(due_at=later)


def note_spoken(case: Case, *, author: Member | None, text: str, now: datetime) -> None:
    """We spoke with them: the step to call is done, and what was for silence is not needed."""
    _finish_first(case, StepKind.CALL, author=author, result="reached", text=text, now=now)
    _start(case, Moment.REPLY, now=now)
    note_conversation(case, now=now)


def note_attempt(case: Case, *, result: str, text: str, now: datetime) -> None:
    """Nobody was reached: to be tried again on the next business day."""
    task = _open(case).filter(kind=StepKind.CALL).first()
    if task is not None:
        task.result, task.outcome = result, text
        task.due_at = days_after(case.workspace, now, TRY_AGAIN_DAYS)
        task.save(update_fields=["result", "outcome", "due_at"])


def note_conversation(case: Case, *, now: datetime) -> None:
    """The customer speaks with us: what was meant for silence is not needed any more."""
    _cancel(_open(case).filter(if_silent=True), why=TALKING, now=now)


def note_closing(case: Case, *, now: datetime) -> None:
    """What the owner had still to do is no longer needed. What a department has taken on stays;
    and where something is said to be better, somebody asks some days later whether it is."""
    waiting = _open(case).filter(department="", owner=None)
    if case.outcome in CHECKED_BACK:
        waiting = waiting.exclude(starts=Moment.CLOSING)
    _cancel(waiting, why=CLOSED, now=now)
    _start(case, Moment.CLOSING, now=now)


def note_asked_back(case: Case, *, now: datetime) -> None:
    """A mail will ask whether it is solved: nobody has to."""
    _finish_first(case, StepKind.CHECK_BACK, author=None, result="asked", now=now)


def note_given(case: Case, *, author: Member | None, now: datetime) -> None:
    """A gift is on its way: nobody has to think of one."""
    _finish_first(case, StepKind.GIFT, author=author, result="given", now=now)


def note_reopening(case: Case, *, now: datetime) -> None:
    """What was dropped with the case is to be done after all; checking back waits again."""
    dropped = Task.objects.filter(case=case, state=Task.State.CANCELLED, outcome=CLOSED)
    dropped.update(state=Task.State.OPEN, outcome="", ended_at=None)
    _open(case).filter(starts=Moment.CLOSING).update(due_at=None)
    later = days_after(case.workspace, now, TRY_AGAIN_DAYS)
    _open(case).filter(due_at__lt=later).update(due_at=later)


def _open(case: Case) -> QuerySet[Task]:
    return Task.objects.filter(
        workspace_id=case.workspace_id, case=case, state=Task.State.OPEN
    ).order_by("position", "id")


def _start(case: Case, moment: Moment, *, now: datetime) -> None:
    """The moment has come from which these are counted."""
    for task in _open(case).filter(starts=moment, due_at=None):
        task.due_at = _due(case, moment, task.days, now=now)
        task.save(update_fields=["due_at"])


def _finish_first(
    case: Case,
    kind: StepKind,
    *,
    author: Member | None,
    result: str,
    text: str = "",
    now: datetime,
) -> None:
    task = _open(case).filter(kind=kind).first()
    if task is not None:
        end(task, state=Task.State.DONE, author=author, result=result, text=text, now=now)


def end(
    task: Task,
    *,
    state: Task.State,
    author: Member | None,
    result: str = "",
    text: str = "",
    now: datetime,
) -> None:
    task.state, task.result, task.outcome = state, result, text.strip()
    task.ended_at, task.ended_by = now, author
    task.save(update_fields=["state", "result", "outcome", "ended_at", "ended_by"])


def _cancel(tasks: QuerySet[Task], *, why: str, now: datetime) -> None:
    tasks.update(state=Task.State.CANCELLED, outcome=why, ended_at=now)
