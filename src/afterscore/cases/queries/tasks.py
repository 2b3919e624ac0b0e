"""What is to be done: in a case, by a person, by a department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from afterscore.cases.models import Case, Task
from afterscore.cases.queries.complaints import complains, list_complaints
from afterscore.domain.departments import Department
from afterscore.domain.favours import NotYet, may_ask_favour
from afterscore.domain.steps import Moment, StepKind
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace

FAVOURS = (StepKind.ADVOCATE,)


def get_task(*, workspace: Workspace, public_id: str) -> Task:
    found = (
        Task.objects.filter(workspace=workspace, public_id=public_id)
        .select_related("case__contact", "case__account", "owner__user", "ended_by__user")
        .first()
    )
    if found is None:
        raise NotFound("There is no such task.")
    return found


def list_tasks(*, case: Case) -> list[Task]:
    """All of a case in the order of the playbook, those added by hand last."""
    return list(
        Task.objects.filter(workspace=case.workspace, case=case)
        .select_related("owner__user", "ended_by__user")
        .order_by("position", "id")
    )


def list_work(
    *,
    workspace: Workspace,
    member: Member | None = None,
    department: str = "",
    state: str = Task.State.OPEN,
) -> QuerySet[Task]:
    """Tasks with a date, the earliest first: a member's own (with those of the cases she owns, but
    without favours that must wait), a department's, or everybody's. Of finished ones the latest
    first."""
    found = Task.objects.filter(workspace=workspace, state=state).select_related(
        "case__contact", "case__account", "case__owner__user", "case__response", "owner__user"
    )
    if member is not None:
        found = found.filter(_hers(member)).exclude(_is_locked())
    if department:
        found = found.filter(department=department)
    if state == Task.State.OPEN:
        return found.filter(due_at__isnull=False).order_by("due_at", "id")
    return found.order_by(F("ended_at").desc(nulls_last=True), "-id")


def select_tasks(
    *,
    workspace: Workspace,
    state: str = "",
    member: Member | None = None,
    department: str = "",
    case: Case | None = None,
    due_before: datetime | None = None,
) -> QuerySet[Task]:
    """Tasks of every state, with a date or without, the latest first. What is left out lets
    everything through."""
    found = Task.objects.filter(workspace=workspace).select_related(
        "case", "owner__user", "ended_by__user"
    )
    if state:
        found = found.filter(state=state)
    if member is not None:
        found = found.filter(_hers(member))
    if department:
        found = found.filter(department=department)
    if case is not None:
        found = found.filter(case=case)
    if due_before is not None:
        found = found.filter(due_at__lt=due_before)
    return found.order_by("-id")


def _hers(member: Member) -> Q:
    is_owners = Q(owner=None, department="", case__owner=member)
    return Q(owner=member) | is_owners


def _is_locked() -> Q:
    """Favours that must wait for a complaint: `blocked`, of many tasks at once."""
    return Q(kind__in=FAVOURS, state=Task.State.OPEN) & complains()


def list_asked_of(*, member: Member, before: datetime) -> QuerySet[Task]:
    """What falls due for her before an instant: her own tasks, and those of her department that
    nobody has taken. Steps of her cases stand with the cases."""
    asked = Q(owner=member)
    if member.department:
        asked |= Q(owner=None, department=member.department)
    found = Task.objects.filter(
        asked, workspace=member.workspace, state=Task.State.OPEN, due_at__lt=before
    )
    return found.exclude(_is_locked()).order_by("due_at", "id")


def pool_of(task: Task) -> str:
    """Whose it is where a whole department has it; "" where one person does."""
    if not task.department or task.owner_id is not None:
        return ""
    return Department(task.department).label


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Open tasks with a date: a member's that may be done, her department's that nobody has taken,
    everybody's; and how many of her own are late."""

    mine: int
    pool: int
    all: int
    late: int


def count_work(*, workspace: Workspace, member: Member, now: datetime) -> TaskCounts:
    hers = _hers(member) & ~_is_locked()
    pool = Q(owner=None, department=member.department) if member.department else Q(pk=None)
    found = Task.objects.filter(
        workspace=workspace, state=Task.State.OPEN, due_at__isnull=False
    ).aggregate(
        mine=Count("id", filter=hers),
        pool=Count("id", filter=pool),
        all=Count("id"),
        late=Count("id", filter=hers & Q(due_at__lt=now)),
    )
    return TaskCounts(**found)


def is_for(task: Task, *, case: Case, member: Member) -> bool:
    """Whether this member is who does it, as things stand."""
    if task.owner_id is not None:
        return task.owner_id == member.pk
    if task.department:
        return task.department == member.department
    return case.owner_id in {None, member.pk}


def is_handed_to(task: Task, *, member: Member) -> bool:
    """Whether it was given to her or her department by name: then it is hers in any role."""
    if task.owner_id is not None:
        return task.owner_id == member.pk
    return bool(task.department) and task.department == member.department


def blocked(task: Task, *, case: Case) -> NotYet | None:
    """Why a step must wait for something else; None where it may be done."""
    if task.state != Task.State.OPEN or StepKind(task.kind) not in FAVOURS:
        return None
    verdict = may_ask_favour(list_complaints(case=case))
    return verdict if isinstance(verdict, NotYet) else None


def next_of(tasks: Sequence[Task], *, blocked: set[int]) -> Task | None:
    """The open task to do first: the earliest date; those that wait for something come later."""
    ready = [
        task
        for task in tasks
        if task.state == Task.State.OPEN and task.due_at is not None and task.pk not in blocked
    ]
    return min(ready, key=lambda task: (task.due_at, task.position, task.pk), default=None)


def waits_for(task: Task) -> str:
    """What has to happen before an open task falls due, in words."""
    if task.due_at is not None:
        return ""
    return {
        Moment.REPLY.value: "once we have replied",
        Moment.CLOSING.value: "once the case is closed",
    }.get(task.starts, "when it fits")


def count_silence(*, workspace: Workspace, since: datetime | None = None) -> dict[str, int]:
    """Why people left no comment, by the code of the reason, as they told it."""
    found = Task.objects.filter(
        workspace=workspace, kind=StepKind.ASK_REASON, state=Task.State.DONE
    ).exclude(result="")
    if since is not None:
        found = found.filter(ended_at__gte=since)
    return dict(found.values_list("result").annotate(tasks=Count("id")).order_by())
