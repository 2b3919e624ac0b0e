"""What became of the letters, written down. Only the worker and attempt that sent may say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from afterscore.outreach import operations
from afterscore.outreach.channels import Accepted, Declined, Outcome, Unknown
from afterscore.outreach.models import Delivery, Kind, Message
from afterscore.outreach.sender import statements

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
_ASKING = [Kind.INVITATION.value, Kind.REMINDER.value]


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
    _settle_all(statements.SENT, Accepted, messages, outcomes, worker=worker, at=at)
    unknown = [outcome for outcome in outcomes if isinstance(outcome, Unknown)]
    again = [outcome for outcome in unknown if outcome.may_repeat and repeat_window is not None]
    doubtful = [outcome for outcome in unknown if outcome not in again]
    _settle_all(
        statements.IN_DOUBT, Unknown, messages, doubtful, worker=worker, at=at, reason=NO_REPLY
    )
    _settle_all(
        statements.REPEAT, Unknown, messages, again, worker=worker, at=at, reason=NO_REPLY,
        repeating=REPEATING, repeat_window=repeat_window,
    )  # fmt: skip
    declined = [outcome for outcome in outcomes if isinstance(outcome, Declined)]
    for outcome in declined:
        _decline(messages[outcome.number], outcome, worker=worker, now=now, at=at)


def _settle_all(
    statement: str,
    kind: type[Accepted | Unknown],
    messages: Mapping[int, Message],
    outcomes: Sequence[Outcome],
    **values: Any,
) -> None:
    chosen = [outcome for outcome in outcomes if isinstance(outcome, kind)]
    if chosen:
        _execute(
            statement,
            asking=_ASKING,
            numbers=[outcome.number for outcome in chosen],
            attempts=[messages[outcome.number].attempt for outcome in chosen],
            replies=[outcome.reply for outcome in chosen],
            provider_ids=[getattr(outcome, "provider_id", "") for outcome in chosen],
            **values,
        )


def _decline(
    message: Message, outcome: Declined, *, worker: str, now: datetime, at: datetime | None
) -> None:
    values = {
        "number": message.pk, "attempt": message.attempt, "worker": worker, "at": at,
        "reply": outcome.reply, "back_off": list(BACK_OFF), "most": MAX_FAILURES,
    }  # fmt: skip
    if outcome.blames_way:
        _execute(statements.WAIT_FOR_WAY, pause=WAY_PAUSE, reason=NO_WAY, **values)
        return
    if not outcome.is_permanent:
        _execute(statements.AGAIN_LATER, **values)
        return
    with transaction.atomic():
        if _execute(statements.FAILED, **values):
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
    _execute(statements.UNCLAIM, longest=LONGEST_LEASE)
    _execute(statements.DOUBT, longest=LONGEST_LEASE, asking=_ASKING, reason=CRASHED)


def _execute(statement: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        changed: int = cursor.rowcount
        return changed
