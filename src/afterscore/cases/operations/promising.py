"""What we promise customers, and whether we do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from afterscore.cases.models import Case, Commitment, Entry
from afterscore.cases.operations import alerting, history
from afterscore.domain import alerts, calendars, events, promises
from afterscore.domain.events import SYSTEM, Actor
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member, Workspace


def today_of(workspace: Workspace, now: datetime) -> date:
    return calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))


@transaction.atomic
def promise(*, case: Case, text: str, due_on: date, actor: Actor, now: datetime) -> Case:
    """Writes down what a customer was promised, by which day. Open and closed cases take it."""
    case = history.lock(case)
    text = " ".join(text.split())
    try:
        promises.check(text, due_on=due_on, today=today_of(case.workspace, now))
    except promises.Unfit as error:
        raise Refused(str(error), field=error.field) from error
    author = history.author_of(case, actor)
    made = Commitment.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        text=text,
        promised_by=author or case.owner,
        promised_at=now,
        due_on=due_on,
    )
    _tell(case, f"Promised by {_day(due_on)}.\n{text}", author=author, now=now)
    event = events.CommitmentMade(made.public_id, case=case.public_id, due_on=due_on.isoformat())
    return history.keep(case, event=event, actor=actor, now=now)


@transaction.atomic
def keep_promise(*, commitment: Commitment, text: str = "", actor: Actor, now: datetime) -> Case:
    """It is done: kept, or made good late. Raises Refused where it is settled already."""
    case, commitment = _lock_both(commitment)
    today = today_of(case.workspace, now)
    commitment.state = promises.settled_as(due_on=commitment.due_on, today=today)
    was_late = commitment.state == promises.State.BROKEN
    title = "Promise made good, late." if was_late else "Promise kept."
    return _settle(case, commitment, title, text, actor=actor, now=now)


@transaction.atomic
def release_promise(*, commitment: Commitment, text: str, actor: Actor, now: datetime) -> Case:
    """The customer no longer wants it; says why. A broken promise stays broken."""
    if not text.strip():
        raise Refused("Say why the customer no longer wants it.", field="text")
    case, commitment = _lock_both(commitment)
    if commitment.state != promises.State.BROKEN:
        commitment.state = promises.State.RELEASED
    return _settle(case, commitment, "Promise no longer wanted.", text, actor=actor, now=now)


def _lock_both(commitment: Commitment) -> tuple[Case, Commitment]:
    case = history.lock(commitment.case)
    fresh = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if fresh.settled_at is not None:
        raise Refused("This promise is settled already.")
    fresh.case = case
    return case, fresh


def _settle(
    case: Case, commitment: Commitment, title: str, text: str, *, actor: Actor, now: datetime
) -> Case:
    author = history.author_of(case, actor)
    commitment.settled_at, commitment.settled_by = now, author
    commitment.settled_text = " ".join(text.split())[:300]
    commitment.save()
    lines = (title, commitment.text, commitment.settled_text)
    _tell(case, "\n".join(line for line in lines if line), author=author, now=now)
    alerting.settle_alerts(
        workspace=case.workspace,
        kind=alerts.Kind.BROKEN_PROMISE,
        key=commitment.public_id,
        now=now,
        actor=actor,
    )
    event = events.CommitmentSettled(
        commitment.public_id,
        case=case.public_id,
        state=commitment.state,
        was_late=commitment.state == promises.State.BROKEN,
    )
    return history.keep(case, event=event, actor=actor, now=now)


def break_promises(*, now: datetime) -> int:
    """Whose day is over and that nobody has done is broken: said once, to whoever gave it, and
    the case comes up. Returns how many. Safe to repeat."""
    passed = Commitment.objects.filter(
        state=promises.State.OPEN, settled_at=None, due_on__lt=_last_date(now)
    ).select_related("case__workspace", "workspace")
    return sum(_break(each, now=now) for each in passed.order_by("due_on", "id"))


def _last_date(now: datetime) -> date:
    """The latest date that it is anywhere; each workspace's own day decides."""
    return now.date() + timedelta(days=1)


@transaction.atomic
def _break(commitment: Commitment, *, now: datetime) -> bool:
    today = today_of(commitment.workspace, now)
    if not promises.is_broken(due_on=commitment.due_on, today=today):
        return False
    case = history.lock(commitment.case)
    fresh = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if fresh.state != promises.State.OPEN or fresh.settled_at is not None:
        return False
    fresh.state = promises.State.BROKEN
    fresh.save(update_fields=["state"])
    _tell(case, f"Promise broken: it was due {_day(fresh.due_on)}.\n{fresh.text}", now=now)
    if case.next_due_at is not None:
        case.next_due_at = min(case.next_due_at, now)
    _alarm(case, fresh, now=now)
    event = events.CommitmentBroken(
        fresh.public_id, case=case.public_id, due_on=fresh.due_on.isoformat()
    )
    history.keep(case, event=event, actor=SYSTEM, now=now)
    return True


def _alarm(case: Case, commitment: Commitment, *, now: datetime) -> None:
    alerting.raise_alert(
        workspace=case.workspace,
        kind=alerts.Kind.BROKEN_PROMISE,
        key=commitment.public_id,
        text=f"{case.contact} was promised by {_day(commitment.due_on)}: {commitment.text}",
        case=case,
        member=_answerable(case, commitment),
        now=now,
    )


def _answerable(case: Case, commitment: Commitment) -> Member | None:
    """Whoever has the case now; whoever gave the word where nobody has it."""
    return case.owner or commitment.promised_by


def _tell(case: Case, text: str, *, author: Member | None = None, now: datetime) -> None:
    history.add_entry(case, kind=Entry.Kind.CHANGE, author=author, text=text, now=now)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
