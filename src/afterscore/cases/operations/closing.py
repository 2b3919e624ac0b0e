from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history, steps, timing, writing
from afterscore.domain import calendars, casework, events
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause
from afterscore.domain.events import Actor
from afterscore.kit.errors import Refused


@transaction.atomic
def close_case(
    *,
    case: Case,
    outcome: Outcome | None,
    reason: NotClosedReason | None = None,
    root_cause: RootCause | None = None,
    insight: str = "",
    minutes: int = 0,
    actor: Actor,
    now: datetime,
) -> Case:
    """Ends the conversation and says how. Whoever comes second is told who was first.

    Without a `root_cause` one that was said at an earlier end stays.
    """
    case = history.lock(case)
    if casework.State(case.state) is casework.State.CLOSED:
        raise Refused(_who_closed(case))
    try:
        case.state = casework.close(casework.State(case.state), outcome=outcome, reason=reason)
    except casework.OutcomeNeeded as error:
        raise Refused(str(error), field="reason" if outcome else "outcome") from error
    history.add_minutes(case, minutes)
    author = history.author_of(case, actor)
    case.closed_at, case.closed_by, case.next_due_at = now, author, None
    case.customer_wrote_at = None
    case.outcome, case.not_closed_reason = outcome or "", reason or ""
    case.root_cause = root_cause or case.root_cause
    case.insight = insight.strip()
    writing.cancel_follow_ups(case, why="The case was closed.", now=now)
    steps.note_closing(case, now=now)
    history.hear_themes(case, case.insight, now=now)
    history.add_entry(
        case,
        kind=Entry.Kind.CHANGE,
        author=author,
        text="\n".join(part for part in _ending(case) if part),
        minutes=minutes,
        now=now,
    )
    return history.keep(
        case, event=events.CaseClosed(case.public_id, outcome=case.outcome), actor=actor, now=now
    )


def _ending(case: Case) -> tuple[str, ...]:
    cause = f"Behind it: {RootCause(case.root_cause).label}." if case.root_cause else ""
    return f"Closed. {how_it_ended(case)}", cause, case.insight


def how_it_ended(case: Case) -> str:
    if case.not_closed_reason:
        label = NotClosedReason(case.not_closed_reason).label
        return f"{Outcome(case.outcome).label}: {label[0].lower()}{label[1:]}."
    return f"{Outcome(case.outcome).label}."


def _who_closed(case: Case) -> str:
    when = ""
    if case.closed_at is not None:
        zone = ZoneInfo(calendars.zone_or(case.workspace.time_zone, "UTC"))
        when = f" on {case.closed_at.astimezone(zone):%-d %B at %H:%M}"
    who = case.closed_by or "Somebody"
    return f"{who} closed this case{when}: {how_it_ended(case)} Reopen it if there is more to do."


@transaction.atomic
def reopen_case(*, case: Case, why: str = "", actor: Actor, now: datetime) -> Case:
    """The case is due again by its group's deadline, counted from now."""
    case = history.lock(case)
    try:
        case.state = casework.transition(casework.State(case.state), casework.Action.REOPEN)
    except casework.NotAllowed as error:
        raise Refused(f"{error} Only a closed case can be reopened.") from error
    case.closed_at = case.closed_by = None
    case.outcome = case.not_closed_reason = ""
    case.next_due_at = timing.answer_due(case.response, since=now, owner=case.owner)
    writing.cancel_follow_ups(case, why="The case is open again.", now=now)
    steps.note_reopening(case, now=now)
    history.add_entry(
        case,
        kind=Entry.Kind.CHANGE,
        author=history.author_of(case, actor),
        text=" ".join(part for part in ("Reopened.", why.strip()) if part),
        now=now,
    )
    return history.keep(case, event=events.CaseReopened(case.public_id), actor=actor, now=now)
