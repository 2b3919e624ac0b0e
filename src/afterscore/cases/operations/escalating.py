"""Before a case is late its owner hears of it; once it is, those who lead hear of it, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from afterscore.cases import queries
from afterscore.cases.models import Alert, Case, Entry
from afterscore.cases.operations import alerting, history, priorities, timing
from afterscore.domain import casework, escalation, events
from afterscore.domain.alerts import Kind
from afterscore.domain.departments import Department
from afterscore.domain.escalation import Late, Leader
from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import ASCENDING, Role, at_least
from afterscore.journal import operations as journal
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

SUM, NOBODY = "sum ", "nobody"
AT_ONCE = 500  # cases of a workspace in one go; the others follow minutes later
LEADING_ROLES = tuple(role for role in ASCENDING if at_least(role, Role.MANAGER))


def escalate(*, now: datetime) -> None:
    """In every workspace with work. Safe to run twice: each deadline is told once."""
    for workspace in queries.list_working(kinds=[Kind.BREACH, Kind.BREACH_AHEAD]):
        settle(workspace=workspace, now=now)
        warn(workspace=workspace, now=now)
        tell_late(workspace=workspace, now=now)


@transaction.atomic
def settle(*, workspace: Workspace, now: datetime) -> None:
    """What was near or late and is no longer, because somebody saw to it."""
    near_until = casework.is_near_until(now, timing.calendar_at(workspace, now))
    told = Case.objects.filter(workspace=workspace)
    for case in told.filter(
        Q(next_due_at__isnull=True) | Q(next_due_at__gt=near_until), warned_at__isnull=False
    )[:AT_ONCE]:
        alerting.settle_alerts(workspace=workspace, kind=Kind.BREACH_AHEAD, case=case, now=now)
        Case.objects.filter(pk=case.pk).update(warned_at=None)
    for case in told.filter(
        Q(next_due_at__isnull=True) | Q(next_due_at__gte=now), escalated_at__isnull=False
    )[:AT_ONCE]:
        alerting.settle_alerts(workspace=workspace, kind=Kind.BREACH, case=case, now=now)
        Case.objects.filter(pk=case.pk).update(escalated_at=None)
    _settle_sums(workspace, now=now)


def _settle_sums(workspace: Workspace, *, now: datetime) -> None:
    """Sums of days that are over, and of owners who have nothing late any more."""
    owners = _late(workspace, now).values_list("owner__public_id", flat=True)
    late = {owner or NOBODY for owner in owners}
    today = _today(workspace, now)
    sums = Alert.objects.filter(
        workspace=workspace, kind=Kind.BREACH, case=None, settled_at=None, key__startswith=SUM
    )
    for key in sums.values_list("key", flat=True):
        _sum, owner, day, _leader = key.split(" ")
        if owner not in late or day != today:
            alerting.settle_alerts(workspace=workspace, kind=Kind.BREACH, key=key, now=now)


def warn(*, workspace: Workspace, now: datetime) -> None:
    """Owners of cases that are due within the next business hours; who leads, where she is away."""
    near_until = casework.is_near_until(now, timing.calendar_at(workspace, now))
    near = _open(workspace).filter(
        next_due_at__gte=now, next_due_at__lte=near_until, warned_at__isnull=True
    )
    away = workspaces.absences_on(workspace=workspace, day=timing.working_day(workspace, now))
    leaders = _leaders(workspace)
    for case in near[:AT_ONCE]:
        is_there = case.owner is not None and case.owner_id not in away
        told = [case.owner] if is_there and case.owner else _leading(case, leaders)
        _warn(case, told, now=now)


@transaction.atomic
def _warn(case: Case, told: Sequence[Member], *, now: datetime) -> None:
    if not _mark(case, "warned_at", now):
        return
    for member in told:
        alerting.raise_alert(
            workspace=case.workspace,
            kind=Kind.BREACH_AHEAD,
            key=_key(case, member),
            text=f"{_whom(case)} is due {_clock(case)}.",
            case=case,
            member=member,
            now=now,
        )
    _record(case, "before", told, now=now)


def tell_late(*, workspace: Workspace, now: datetime) -> None:
    """Owners, of each case that has just become late; leaders, of it or of their sum."""
    by_owner: dict[int | None, list[Case]] = defaultdict(list)
    for case in _late(workspace, now).filter(escalated_at__isnull=True)[:AT_ONCE]:
        by_owner[case.owner_id].append(case)
    leaders = _leaders(workspace)
    for cases in by_owner.values():
        _tell_late(workspace, cases, leaders, now=now)


@transaction.atomic
def _tell_late(
    workspace: Workspace, cases: list[Case], leaders: Sequence[Member], *, now: datetime
) -> None:
    cases = [case for case in cases if _mark(case, "escalated_at", now)]
    told = escalation.tell_leaders([_as_late(case) for case in cases])
    alone = {late.id for late in told.alone}
    summed = {late.id for late in told.summed}
    for case in cases:
        leading = _leading(case, leaders) if case.public_id in alone else []
        heard = _each_once([*([case.owner] if case.owner else []), *leading])
        alerting.settle_alerts(workspace=workspace, kind=Kind.BREACH_AHEAD, case=case, now=now)
        for member in heard:
            _alert_late(case, member, now=now)
        if leading:
            names = " and ".join(str(member) for member in leading)
            text = (
                f"Late since {_clock(case)}; {names} {'was' if len(leading) == 1 else 'were'} told."
            )
            history.add_entry(case, kind=Entry.Kind.CHANGE, author=None, text=text, now=now)
        _record(case, "after", heard, now=now)
    if summed:
        _tell_sum(workspace, [case for case in cases if case.public_id in summed], leaders, now=now)


def _as_late(case: Case) -> Late:
    is_ours = casework.State(case.state) is not casework.State.WAITING
    return Late(case.public_id, case.priority, is_ours=is_ours)


def _alert_late(case: Case, member: Member, *, now: datetime) -> None:
    if case.first_reply_at is None:
        whose = "you" if case.owner_id == member.pk else str(case.owner or "us")
        text = f"{_whom(case)} was to hear from {whose} by {_clock(case)}."
    else:
        text = f"{_whom(case)} was to be looked at again by {_clock(case)}."
    alerting.raise_alert(
        workspace=case.workspace,
        kind=Kind.BREACH,
        key=_key(case, member),
        text=text,
        case=case,
        member=member,
        now=now,
    )


def _tell_sum(
    workspace: Workspace, cases: Sequence[Case], leaders: Sequence[Member], *, now: datetime
) -> None:
    """Once a day for each owner, however many follow on that day."""
    owner = cases[0].owner
    all_late = _late(workspace, now).filter(owner=owner)
    late, oldest = all_late.count(), all_late.first() or cases[0]
    inbox = reverse("cases:inbox", args=[workspace.slug])
    text = (
        f"{owner or 'Nobody'} has {late} late case{'' if late == 1 else 's'}, "
        f"the oldest: {_whom(oldest)}, due {_clock(oldest)}."
    )
    for leader in _leading(oldest, leaders):
        if leader == owner:
            continue
        key = f"{SUM}{owner.public_id if owner else NOBODY} {_today(workspace, now)} "
        alerting.raise_alert(
            workspace=workspace,
            kind=Kind.BREACH,
            key=key + leader.public_id,
            text=text,
            url=f"{inbox}?show=overdue",
            member=leader,
            now=now,
        )


# --- what these share -----------------------------------------------------------------------------


def _open(workspace: Workspace) -> Any:
    return (
        Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .select_related("workspace", "contact", "account", "owner__user")
        .order_by("next_due_at", "id")
    )


def _late(workspace: Workspace, now: datetime) -> Any:
    return _open(workspace).filter(next_due_at__lt=now)


def _mark(case: Case, field: str, now: datetime) -> bool:
    """Of two that tell at once, one tells; nor is told what was seen to in between."""
    same = Case.objects.filter(
        pk=case.pk, next_due_at=case.next_due_at, **{f"{field}__isnull": True}
    )
    return bool(same.update(**{field: now}))


def _today(workspace: Workspace, now: datetime) -> str:
    return priorities.local_today(workspace, now).isoformat()


def _leaders(workspace: Workspace) -> list[Member]:
    members = workspaces.list_members(workspace=workspace)
    return list(members.filter(is_active=True, role__in=LEADING_ROLES))


def _leading(case: Case, leaders: Sequence[Member]) -> list[Member]:
    """Those who lead the department of the case."""
    of = case.department or (case.owner.department if case.owner else "")
    known = {leader.public_id: leader for leader in leaders}
    chosen = escalation.leaders_for(
        Department(of) if of else None,
        [
            Leader(key, Department(leader.department) if leader.department else None)
            for key, leader in known.items()
        ],
    )
    return [known[leader.id] for leader in chosen]


def _each_once(members: Iterable[Member]) -> list[Member]:
    return list({member.pk: member for member in members}.values())


def _key(case: Case, member: Member) -> str:
    """Another deadline is other news."""
    return f"{case.public_id} {case.next_due_at:%Y-%m-%dT%H:%M} {member.public_id}"


def _whom(case: Case) -> str:
    return f"{case.contact} ({case.account})" if case.account else str(case.contact)


def _clock(case: Case) -> str:
    zone = ZoneInfo(timing.calendar_at(case.workspace, case.opened_at).zone)
    due_at = case.next_due_at or case.due_at
    return f"{due_at.astimezone(zone):%a %-d %B, %H:%M}"


def _record(case: Case, stage: str, told: Sequence[Member], *, now: datetime) -> None:
    members = tuple(member.public_id for member in told)
    journal.record(
        workspace=case.workspace,
        event=events.CaseEscalated(case.public_id, stage=stage, members=members),
        actor=SYSTEM,
        now=now,
    )
