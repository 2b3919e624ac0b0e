"""The message rows as a queue. Each function commits before it returns.

`at` is a virtual instant, or None for the database's own clock: it alone decides what is due.
Leases always run by the database's clock, because they are about processes, not about plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from afterscore.kit import haste
from afterscore.outreach import guards
from afterscore.outreach.models import Kind, Message, State
from afterscore.outreach.operations.planning import NOT_AGAIN
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import execution, statements

ASKING = [Kind.INVITATION.value, Kind.REMINDER.value]
LEASE = haste.span(120)  # longer than one letter may take before its hand-off
OPEN_LEASE = haste.span(330)  # longer than body, dot, its reply, and the commands of the next


@dataclass(frozen=True, slots=True)
class Pass:
    """What a claimed message must still be when it is handed over."""

    number: int
    attempt: int
    address_hash: str
    window_closes: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """Letters of which the other side said that it has them."""

    numbers: tuple[int, ...] = ()
    attempts: tuple[int, ...] = ()
    replies: tuple[str, ...] = ()
    provider_ids: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        return {
            "settled": list(self.numbers),
            "settled_attempts": list(self.attempts),
            "replies": list(self.replies),
            "provider_ids": list(self.provider_ids),
            "asking": ASKING,
        }


NOTHING = Settled()


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def claim(*, turn: Turn, worker: str, size: int, at: datetime | None) -> list[Message]:
    """Takes up to `size` due messages for this worker; others skip them until the lease ends."""
    statement = statements.claim(has_route=turn.route is not None)
    taken = execution.returned(
        statement,
        {
            "worker": worker, "size": size, "at": at, "lease": LEASE,
            "expected": guards.expected_now(), **_turn(turn),
        },
    )  # fmt: skip
    messages = list(Message.objects.filter(pk__in=taken).order_by("due_at", "pk")) if taken else []
    for message in messages:
        message.workspace, message.route = turn.workspace, turn.route
    return messages


def _turn(turn: Turn) -> dict[str, int | None]:
    return {"workspace": turn.workspace.pk, "route": turn.route.pk if turn.route else None}


def hand_off(
    *, worker: str, passes: Sequence[Pass], settled: Settled = NOTHING, at: datetime | None
) -> frozenset[int]:
    """The fence. Which of these may leave now: still this worker's by attempt and lease, not held,
    cancelled, paused, suppressed, out of date or out of its hours.

    The same commit writes down the letters before them, which the other side has (`settled`).
    """
    return execution.returned(
        statements.HAND_OFF,
        {
            "worker": worker,
            "at": at,
            "lease": OPEN_LEASE,
            "expected": guards.expected_now(),
            "numbers": [each.number for each in passes],
            "attempts": [each.attempt for each in passes],
            "hashes": [each.address_hash for each in passes],
            "closes": [each.window_closes for each in passes],
            **settled.values(),
        },
    )


def settle(*, worker: str, settled: Settled, at: datetime | None) -> None:
    """These were taken by the other side."""
    execution.changed(statements.SENT, {"worker": worker, "at": at, **settled.values()})


def put_back(
    *, worker: str, due: Mapping[Message, datetime], why: Mapping[Message, str] | None = None
) -> None:
    """Untried, into the queue again. What was cancelled meanwhile stays cancelled."""
    reasons = [(why or {}).get(message, "") for message in due]
    execution.changed(
        statements.PUT_BACK,
        {"worker": worker, "instants": list(due.values()), "reasons": reasons, **_keys(due)},
    )


def end(*, worker: str, state: State, why: Mapping[Message, str]) -> None:
    """Not sent, and not to be: suppressed, expired or failed before anything left."""
    execution.changed(
        statements.END,
        {
            "worker": worker, "state": str(state), "reasons": list(why.values()),
            "not_again": NOT_AGAIN, **_keys(why),
        },
    )  # fmt: skip


def note(*, turn: Turn, reason: str, at: datetime | None) -> None:
    """Writes beside the first waiting messages why nothing goes out at present."""
    statement = statements.note(has_route=turn.route is not None)
    execution.changed(statement, {"reason": reason, "at": at, **_turn(turn)})


def _keys(messages: Iterable[Message]) -> dict[str, list[int]]:
    rows = list(messages)
    return {"numbers": [row.pk for row in rows], "attempts": [row.attempt for row in rows]}
