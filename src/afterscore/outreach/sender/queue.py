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
from afterscore.outreach.models import Message, State
from afterscore.outreach.operations.planning import NOT_AGAIN
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import statements

LEASE = haste.span(120)  # longer than one letter may take before its hand-off
OPEN_LEASE = haste.span(240)  # longer than body, dot and the wait for the reply


@dataclass(frozen=True, slots=True)
class Pass:
    """What a claimed message must still be when it is handed over."""

    number: int
    attempt: int
    address_hash: str
    window_closes: datetime | None


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def claim(*, turn: Turn, worker: str, size: int, at: datetime | None) -> list[Message]:
    """Takes up to `size` due messages for this worker; others skip them until the lease ends."""
    statement = statements.claim(has_route=turn.route is not None)
    taken = _execute(
        statement,
        worker=worker,
        size=size,
        at=at,
        lease=LEASE,
        expected=guards.expected_now(),
        **_turn(turn),
    )
    messages = list(Message.objects.filter(pk__in=taken).order_by("due_at", "pk")) if taken else []
    for message in messages:
        message.workspace, message.route = turn.workspace, turn.route
        message.route = turn.route
    return messages


def _turn(turn: Turn) -> dict[str, int | None]:
    return {"workspace": turn.workspace.pk, "route": turn.route.pk if turn.route else None}


def hand_off(*, worker: str, passes: Sequence[Pass], at: datetime | None) -> frozenset[int]:
    """The fence. Which of these may leave now: still this worker's by attempt and lease, not held,
    cancelled, paused, suppressed, out of date or out of its hours."""
    return _execute(
        statements.HAND_OFF,
        worker=worker,
        at=at,
        lease=OPEN_LEASE,
        expected=guards.expected_now(),
        numbers=[each.number for each in passes],
        attempts=[each.attempt for each in passes],
        hashes=[each.address_hash for each in passes],
        closes=[each.window_closes for each in passes],
    )


def put_back(
    *, worker: str, due: Mapping[Message, datetime], why: Mapping[Message, str] | None = None
) -> None:
    """Untried, into the queue again. What was cancelled meanwhile stays cancelled."""
    reasons = [(why or {}).get(message, "") for message in due]
    _execute(
        statements.PUT_BACK,
        worker=worker,
        instants=list(due.values()),
        reasons=reasons,
        **_keys(due),
    )


def end(*, worker: str, state: State, why: Mapping[Message, str]) -> None:
    """Not sent, and not to be: suppressed, expired or failed before anything left."""
    _execute(
        statements.END,
        worker=worker,
        state=state,
        reasons=list(why.values()),
        not_again=NOT_AGAIN,
        **_keys(why),
    )


def note(*, turn: Turn, reason: str, at: datetime | None) -> None:
    """Writes beside the first waiting messages why nothing goes out at present."""
    statement = statements.note(has_route=turn.route is not None)
    _execute(statement, reason=reason, at=at, **_turn(turn))


def _keys(messages: Iterable[Message]) -> dict[str, list[int]]:
    rows = list(messages)
    return {"numbers": [row.pk for row in rows], "attempts": [row.attempt for row in rows]}


def _execute(statement: str, **values: Any) -> frozenset[int]:
    """The ids that the statement returns, if it returns any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return frozenset(row[0] for row in cursor.fetchall()) if cursor.description else frozenset()
