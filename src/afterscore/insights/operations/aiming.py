"""Setting targets, moving them, and saying once that one is met. Raising the bar is a person's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from afterscore.cases.operations import alerting
from afterscore.domain import events, targets
from afterscore.domain.alerts import Kind
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM, Actor
from afterscore.improvements.models import Objective
from afterscore.insights.analyses import Condition
from afterscore.insights.models import Target
from afterscore.insights.queries import measuring
from afterscore.insights.queries import targets as queries
from afterscore.insights.queries.targets import Standing
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.programs.models import Program
from afterscore.workspaces.models import Member, Workspace

LONGEST_WHY = 2_000
LONGEST_REASON = 300
LONGEST_ABOUT = 300
BEGINS_WITHIN = timedelta(days=366)
"""How long ago a target may have begun when it is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What may be changed while a target runs."""

    goal: float
    due_on: date
    why: str = ""
    department: Department | None = None
    owner: Member | None = None
    objective: Objective | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """Of whose answers: all conditions hold; `words` say them ("of enterprise customers")."""

    conditions: tuple[Condition, ...]
    words: str


EVERYBODY = Only((), "")


@transaction.atomic
def set_target(
    *,
    workspace: Workspace,
    program: Program | None,
    days: int,
    starts_on: date,
    aim: Aim,
    only: Only = EVERYBODY,
    follows: Target | None = None,
    actor: Actor,
    now: datetime,
) -> Target:
    """A new target, from where the answers of the days before it stand. Raises Refused."""
    today = measuring.today_of(workspace, now)
    if days not in queries.DAYS:
        raise Refused(
            f"Choose one of {', '.join(str(each) for each in queries.DAYS)} days.", field="days"
        )
    if not today - BEGINS_WITHIN <= starts_on <= today:
        raise Refused("It begins today, or on a day of the last twelve months.", field="starts_on")
    if aim.due_on <= today:
        raise Refused("Choose a day that is still to come.", field="due_on")
    start = queries.measure_start(
        workspace=workspace,
        program=program,
        days=days,
        starts_on=starts_on,
        conditions=only.conditions,
        now=now,
    )
    score, interval = start.tally.score, start.interval
    if score is None or interval is None:
        raise Refused(
            f"Nobody answered in the {days} days before it begins, so there is nothing to start "
            "from. Choose more days, or ask first.",
            field="days",
        )
    _check(score, starts_on, aim)
    target = Target.objects.create(
        workspace=workspace,
        program=program,
        conditions=[asdict(each) for each in only.conditions],
        about=only.words[:LONGEST_ABOUT],
        days=days,
        start=score,
        start_low=interval.low,
        start_high=interval.high,
        start_answers=start.tally.n,
        starts_on=starts_on,
        follows=follows,
        created_at=now,
        **_columns(aim),
    )
    event = events.TargetSet(
        target.public_id,
        program=program.public_id if program else "",
        start=round(score, 1),
        goal=aim.goal,
        due_on=aim.due_on.isoformat(),
        follows=follows.public_id if follows else "",
    )
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    if follows is not None:
        _settle(follows, actor=actor, now=now)
    return target


@transaction.atomic
def change_target(*, target: Target, aim: Aim, actor: Actor, now: datetime) -> Target:
    """What it was before stays in its history. Where it started is not changed by anybody."""
    row = _lock(target)
    if row.outcome:
        raise Refused("This target has ended. Set a new one.")
    if aim.due_on != row.due_on and aim.due_on <= measuring.today_of(row.workspace, now):
        raise Refused("Choose a day that is still to come.", field="due_on")
    _check(row.start, row.starts_on, aim)
    columns = _columns(aim)
    changed = tuple(name for name, value in columns.items() if getattr(row, name) != value)
    if not changed:
        return row
    was = (row.goal, row.due_on.isoformat())
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=changed)
    event = events.TargetChanged(
        row.public_id, changed=changed, was=was, now=(row.goal, row.due_on.isoformat())
    )
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
    return row


@transaction.atomic
def give_up(*, target: Target, reason: str, actor: Actor, now: datetime) -> Target:
    """Ends it before it is due, for a reason that stays with it. Raises Refused."""
    row = _lock(target)
    if row.outcome:
        raise Refused("This target has ended already.")
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Refused("Say why it is given up: whoever reads it later will ask.", field="reason")
    _end(row, Target.Outcome.GIVEN_UP, queries.stand(target=row, now=now), why=reason, now=now)
    event = events.TargetEnded(row.public_id, outcome=row.outcome, reason=reason)
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
    return row


def judge_targets(*, now: datetime) -> int:
    """Looks at each that runs; how many were met. Safe to repeat: what has ended is not looked
    at."""
    running = Target.objects.filter(outcome="").order_by("pk").values_list("pk", flat=True)
    return sum(_judge(pk, now=now) for pk in list(running))


@transaction.atomic
def _judge(pk: int, *, now: datetime) -> bool:
    """One target, locked: two looks at once do not celebrate twice."""
    row = _rows().filter(pk=pk, outcome="").first()
    if row is None:
        return False
    standing = queries.stand(target=row, now=now)
    if queries.is_reached(standing=standing, now=now):
        _celebrate(row, standing, now=now)
        return True
    if queries.is_over(target=row, now=now):
        verdict = standing.judgement.verdict
        reason = standing.judgement.reason
        _end(row, Target.Outcome(verdict.value), standing, why=reason, now=now)
        event = events.TargetEnded(row.public_id, outcome=row.outcome, reason=reason)
        journal.record(workspace=row.workspace, event=event, actor=SYSTEM, now=now)
    return False


def _celebrate(row: Target, standing: Standing, *, now: datetime) -> None:
    """Said to everybody once: as an alert to those who lead, to whoever owns it, and to the rooms;
    the rooms' results of the week read the fact."""
    _end(row, Target.Outcome.MET, standing, why=standing.judgement.reason, now=now)
    text = _praise(row, standing)
    event = events.TargetMet(
        row.public_id,
        score=round(standing.tally.score or 0, 1),
        answers=standing.tally.n,
        text=text,
    )
    journal.record(workspace=row.workspace, event=event, actor=SYSTEM, now=now)
    page = reverse("targets:target", args=[row.workspace.slug, row.public_id])
    hearers = [None] if row.owner is None else [None, row.owner]
    for hearer in hearers:
        alerting.raise_alert(
            workspace=row.workspace,
            kind=Kind.TARGET_MET,
            key=row.public_id if hearer is None else f"{row.public_id}:owner",
            text=text,
            url=page,
            member=hearer,
            now=now,
        )


def _praise(row: Target, standing: Standing) -> str:
    figure = standing.judgement.figure
    if figure is None:
        raise AssertionError("a target that is met has answers")
    return (
        f"We did it: {row} is {targets.write(figure.value)} "
        f"({targets.write(figure.low)} to {targets.write(figure.high)}, {figure.n:,} answers). "
        f"The goal was {targets.write(row.goal)}, from {targets.write(row.start)} on "
        f"{targets.write_day(row.starts_on)}."
    )


def _settle(target: Target, *, actor: Actor, now: datetime) -> None:
    """The bar is raised: that the last one was met is no news any more."""
    for key in (target.public_id, f"{target.public_id}:owner"):
        alerting.settle_alerts(
            workspace=target.workspace, kind=Kind.TARGET_MET, key=key, actor=actor, now=now
        )


def _end(
    row: Target, outcome: Target.Outcome, standing: Standing, *, why: str, now: datetime
) -> None:
    figure = standing.judgement.figure
    row.outcome, row.ended_at, row.ended_why = outcome, now, why[:LONGEST_REASON]
    if figure is not None:
        row.result, row.result_answers = figure.value, figure.n
        row.result_low, row.result_high = figure.low, figure.high
    row.save()


def _check(start: float, starts_on: date, aim: Aim) -> None:
    if not start < aim.goal <= 100:
        raise Refused(
            f"A target goes up: more than {targets.write(start)}, at most 100.", field="goal"
        )
    if aim.due_on <= starts_on:
        raise Refused("It is due after the day on which it begins.", field="due_on")


def _columns(aim: Aim) -> dict[str, object]:
    return {
        "goal": round(aim.goal, 1),
        "due_on": aim.due_on,
        "why": aim.why.strip()[:LONGEST_WHY],
        "department": aim.department.value if aim.department else "",
        "owner": aim.owner,
        "objective": aim.objective,
    }


def _lock(target: Target) -> Target:
    return _rows().get(pk=target.pk)


def _rows() -> QuerySet[Target]:
    return Target.objects.select_for_update(of=("self",)).select_related(
        "workspace", "program", "owner", "objective"
    )
