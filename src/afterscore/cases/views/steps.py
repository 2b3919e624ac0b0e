"""The steps of a case on its page: what comes next, with all it needs; the others in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from afterscore.cases import composition, playbooks, queries
from afterscore.cases.composition import Setting
from afterscore.cases.models import Case, Entry, Task
from afterscore.cases.views import handed, known, offering
from afterscore.customers import queries as customers
from afterscore.customers.queries import Usage, feature_name
from afterscore.domain.departments import Department
from afterscore.domain.favours import NotYet
from afterscore.domain.playbooks import Draft
from afterscore.domain.roles import Role
from afterscore.domain.steps import Result, StepKind, result_of, results_of
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Member

ICONS = {
    StepKind.MAIL: "reply",
    StepKind.CALL: "phone",
    StepKind.ASK_REASON: "question",
    StepKind.EDUCATE: "bulb",
    StepKind.ADVOCATE: "heart",
    StepKind.GIFT: "star",
    StepKind.DEPARTMENT: "users",
    StepKind.CHECK_BACK: "refresh",
    StepKind.TODO: "check",
}
STATES = {
    Task.State.DONE: "check",
    Task.State.SKIPPED: "minus",
    Task.State.CANCELLED: "minus",
}
DRAFTED = (StepKind.EDUCATE, StepKind.ADVOCATE)
"""Steps that bring a mail of their own; the first mail is the reply itself."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page tells it; `ask` is all it takes to do it, where one may."""

    task: Task
    icon: str
    kind: StepKind
    blocked: NotYet | None
    waits_for: str
    came: str
    whose: str
    is_mine: bool
    text: str
    results: tuple[Result, ...]
    usage: Usage | None = None
    draft: Draft | None = None
    attempts: int = 0
    may_finish: bool = False
    may_skip: bool = False

    @property
    def is_open(self) -> bool:
        return self.task.state == Task.State.OPEN

    @property
    def is_pool(self) -> bool:
        """A department's, and nobody has taken it."""
        return bool(self.task.department) and self.task.owner_id is None

    @property
    def needs_department(self) -> bool:
        return self.kind is StepKind.DEPARTMENT and not self.task.department

    @property
    def features(self) -> list[tuple[str, float]]:
        found = self.usage.unused if self.usage else ()
        return [(feature_name(each.feature), each.share) for each in found]

    @property
    def is_written(self) -> bool:
        return self.kind is StepKind.MAIL


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    aim: str
    next: StepLine | None
    lines: tuple[StepLine, ...]
    ended: tuple[StepLine, ...]
    nothing_due: str
    departments: tuple[Department, ...] = tuple(Department)
    people: tuple[tuple[str, str], ...] = ()

    @property
    def others(self) -> tuple[StepLine, ...]:
        """What is open beside the next step."""
        return tuple(line for line in self.lines if line is not self.next)

    @property
    def done(self) -> int:
        return sum(line.task.state == Task.State.DONE for line in self.ended)


def steps_of(request: HttpRequest, case: Case, now: datetime) -> dict[str, Any]:
    """For the page: the plan of the case, and whom a new task may be given to."""
    member = access.member_of(request)
    tasks = [task for task in queries.list_tasks(case=case) if not _is_noise(task)]
    may_act = access.may(request, Role.AGENT)
    setting = known.setting_for(request, case, now=now)
    plan = _plan(case, tasks, member, setting, now=now)
    if may_act:
        crew = offering.offered_for(request, case.workspace, now=now).crew
        people = tuple((one.member.public_id, str(one.member)) for one in crew)
        plan = replace(plan, people=people)
    return {"plan": plan, "may_act": may_act}


def _is_noise(task: Task) -> bool:
    """What became needless by itself is told by what made it so."""
    return task.state == Task.State.CANCELLED


def _plan(
    case: Case, tasks: Sequence[Task], member: Member, setting: Setting, *, now: datetime
) -> Plan:
    lines = [_line(task, case, member, setting, now=now) for task in tasks]
    open_lines = tuple(line for line in lines if line.is_open)
    playbook = playbooks.PLAYBOOKS.get(case.playbook)
    return Plan(
        name=playbook.name if playbook else "",
        aim=playbook.aim if playbook else "",
        next=_next(open_lines, case),
        lines=open_lines,
        ended=tuple(line for line in lines if not line.is_open),
        nothing_due=_nothing_due(case, open_lines),
    )


def _next(lines: Sequence[StepLine], case: Case) -> StepLine | None:
    if case.next_due_at is None:
        return None
    mine = [line.task for line in lines if line.is_mine]
    held = {line.task.pk for line in lines if line.blocked}
    task = queries.next_of(mine, blocked=held)
    return next((line for line in lines if line.task is task), None)


def _nothing_due(case: Case, lines: Sequence[StepLine]) -> str:
    """Why there is no next step, where somebody may ask."""
    if case.next_due_at is None or not lines:
        return ""
    if any(line.blocked for line in lines):
        return "Nothing else to do for now."
    if case.first_reply_at is None:
        return "Others have something to do here; for you there is nothing."
    return "Nothing else to do for now: close the case, or wait for the customer."


def _line(task: Task, case: Case, member: Member, setting: Setting, *, now: datetime) -> StepLine:
    kind = StepKind(task.kind)
    is_open = task.state == Task.State.OPEN
    usage = _usage(case, kind, now=now) if is_open else None
    came = result_of(kind, task.result)
    return StepLine(
        task=task,
        icon=ICONS[kind] if is_open else STATES[Task.State(task.state)],
        kind=kind,
        blocked=queries.blocked(task, case=case),
        waits_for=queries.waits_for(task) if is_open else "",
        came=came.label if came else "",
        whose=_whose(task),
        is_mine=_is_mine(task, case, member),
        text=_text(task, case, setting.theme, sender_name=str(member)) if is_open else "",
        results=results_of(kind),
        usage=usage,
        draft=_draft(task, case, usage, setting, sender_name=str(member)) if is_open else None,
        attempts=_attempts(case) if is_open and kind is StepKind.CALL and task.result else 0,
        may_finish=is_open and handed.may_finish(task, member),
        may_skip=is_open and handed.may_skip(task, member),
    )


def _is_mine(task: Task, case: Case, member: Member) -> bool:
    """Whether it is the reader's to do. A viewer's is only what was handed to her."""
    if handed.is_agent(member):
        return queries.is_for(task, case=case, member=member)
    return queries.is_handed_to(task, member=member)


def _whose(task: Task) -> str:
    if task.owner:
        return str(task.owner)
    return Department(task.department).label if task.department else ""


def _text(task: Task, case: Case, theme: str, *, sender_name: str) -> str:
    """With its fields filled in; as it was written where one of them is wrong."""
    if "{" not in task.text:
        return task.text
    try:
        return composition.fill(task.text, case.response, sender_name=sender_name, theme=theme)
    except Refused:
        return task.text


def _usage(case: Case, kind: StepKind, *, now: datetime) -> Usage | None:
    if kind is not StepKind.EDUCATE:
        return None
    return customers.usage_of(workspace=case.workspace, account=case.account, now=now)


def _draft(
    task: Task, case: Case, usage: Usage | None, setting: Setting, *, sender_name: str
) -> Draft | None:
    if StepKind(task.kind) not in DRAFTED:
        return None
    features = [each.feature for each in usage.unused] if usage else []
    return composition.suggest_for(
        task, case=case, sender_name=sender_name, features=features, setting=setting
    )


def _attempts(case: Case) -> int:
    """Calls that reached nobody."""
    calls = queries.list_entries(case=case).filter(kind=Entry.Kind.CALL)
    return calls.exclude(call=Entry.Call.REACHED).count()
