"""What became of the letters, written down. Only the worker and attempt that sent may say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from afterscore.outreach import operations
from afterscore.outreach.channels import Accepted, Declined, Outcome, Unknown
from afterscore.outreach.models import Delivery, Message
from afterscore.outreach.sender import execution, queue, statements

BACK_OFF = (
    timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
)  # fmt: skip
MAX_FAILURES = len(BACK_OFF) + 1
LONGEST_LEASE = timedelta(minutes=10)  # one beyond was written by a clock that has jumped
NO_REPLY = "Handed over whole, but no reply came. It may have arrived."
REPEATING = (
    "No clear answer came. The same is asked again under the same key, so that it goes once."
)
NO_WAY = "The mail provider takes nothing at present; see its reply."
WAY_PAUSE = timedelta(minutes=5)
CRASHED = "The sender stopped while this was being handed over. It may have arrived."


def settle(
    *,
    messages: Mapping[int, Message],
    outcomes: Sequence[Outcome],
    worker: str,
    now: datetime,
    at: datetime | None,
    repeat_window: timedelta | None = None,
) -> None:
    """Untried ones are left to the caller. `repeat_window` is the channel's."""
    accepted = [each for each in outcomes if isinstance(each, Accepted)]
    if accepted:
        queue.settle(worker=worker, settled=settled_of(messages, accepted), at=at)
    unknown = [each for each in outcomes if isinstance(each, Unknown)]
    again = [each for each in unknown if each.may_repeat and repeat_window is not None]
    doubtful = [each for each in unknown if each not in again]
    values: dict[str, Any] = {"worker": worker, "at": at, "reason": NO_REPLY}
    if doubtful:
        execution.changed(
            statements.IN_DOUBT, {**values, **settled_of(messages, doubtful).values()}
        )
    if again:
        values |= {"repeating": REPEATING, "repeat_window": repeat_window}
        execution.changed(statements.REPEAT, {**values, **settled_of(messages, again).values()})
    for outcome in outcomes:
        if isinstance(outcome, Declined):
            _decline(messages[outcome.number], outcome, worker=worker, now=now, at=at)


def settled_of(
    messages: Mapping[int, Message], outcomes: Sequence[Accepted | Unknown]
) -> queue.Settled:
    return queue.Settled(
        numbers=tuple(each.number for each in outcomes),
        attempts=tuple(messages[each.number].attempt for each in outcomes),
        replies=tuple(each.reply for each in outcomes),
        provider_ids=tuple(getattr(each, "provider_id", "") for each in outcomes),
    )


def _decline(
    message: Message, outcome: Declined, *, worker: str, now: datetime, at: datetime | None
) -> None:
    values = {
        "number": message.pk, "attempt": message.attempt, "worker": worker, "at": at,
        "reply": outcome.reply, "back_off": list(BACK_OFF), "most": MAX_FAILURES,
    }  # fmt: skip
    if outcome.blames_way:
        execution.changed(statements.WAIT_FOR_WAY, {"pause": WAY_PAUSE, "reason": NO_WAY, **values})
        return
    if not outcome.is_permanent:
        execution.changed(statements.AGAIN_LATER, values)
        return
    with transaction.atomic():
        if execution.changed(statements.FAILED, values):
            operations.hear(
                message=message,
                kind=Delivery.Kind.BOUNCED,
                blames_address=outcome.blames_address,
                event_id=f"smtp:{message.attempt}",
                occurred_at=now,
                detail=outcome.reply,
                now=now,
            )


def recover() -> None:
    """Takes up what dead workers left: what was not handed over is due again, the rest in doubt."""
    execution.changed(statements.UNCLAIM, {"longest": LONGEST_LEASE})
    execution.changed(
        statements.DOUBT, {"longest": LONGEST_LEASE, "asking": queue.ASKING, "reason": CRASHED}
    )
