"""Buckets of tokens, and what of a day's allowance is used: rows that all processes share.

Each function is one statement, committed before it returns, so that however many processes ask at
once, together they are given exactly what there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from afterscore.domain.throttling import Rate
from afterscore.outreach.models import Throttle
from afterscore.outreach.queries import AUTOMATED
from afterscore.workspaces.models import Workspace

# Nobody waits longer than this for a place in the row: places of messages that were cancelled
# meanwhile would hold up others. Who is put back then is given a new place.
HORIZON = timedelta(minutes=30)
KEPT = timedelta(days=3)
_HAIR = 1e-9  # a bucket with 0.9999999999 tokens has one


@dataclass(frozen=True, slots=True)
class Demand:
    rate: Rate
    wanted: int


_OPEN = """
INSERT INTO outreach_throttle (key, tokens, refilled_at)
SELECT key, burst, coalesce(%(at)s::timestamptz, clock_timestamp())
FROM unnest(%(keys)s::text[], %(bursts)s::float[]) AS new(key, burst)
ON CONFLICT (key) DO NOTHING
"""

# The clock is read once a row is locked: whoever waited for it must not count time twice. Where it
# went back by more than a minute it was wrong, and the bucket goes on from now.
_TAKE = f"""
WITH asked AS (
    SELECT * FROM unnest(
        %(keys)s::text[], %(bursts)s::float[], %(refills)s::float[], %(wanted)s::int[]
    ) AS asked(key, burst, refill, wanted)
), locked AS MATERIALIZED (
    SELECT t.key, t.tokens, t.refilled_at,
        coalesce(%(at)s::timestamptz, clock_timestamp()) AS instant
    FROM outreach_throttle t WHERE t.key = ANY(%(keys)s)
    ORDER BY t.key FOR UPDATE
), bucket AS (
    SELECT l.key, a.wanted, least(a.burst, l.tokens + a.refill / 60 * greatest(
            0, extract(epoch FROM l.instant - l.refilled_at))) AS tokens,
        CASE WHEN l.refilled_at > l.instant + interval '1 min' THEN l.instant
            ELSE greatest(l.instant, l.refilled_at) END AS refilled_at
    FROM locked l JOIN asked a USING (key)
)
UPDATE outreach_throttle t
SET tokens = b.tokens - least(b.wanted, floor(b.tokens + {_HAIR})), refilled_at = b.refilled_at
FROM bucket b WHERE t.key = b.key
RETURNING t.key, least(b.wanted, floor(b.tokens + {_HAIR}))::int
"""  # noqa: S608 (our own words)

_GIVE_BACK = """
WITH locked AS MATERIALIZED (
    SELECT id, key FROM outreach_throttle WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE
)
UPDATE outreach_throttle t SET tokens = t.tokens + x.number
FROM locked JOIN unnest(%(keys)s::text[], %(numbers)s::int[]) AS x(key, number) USING (key)
WHERE t.id = locked.id
"""

# Beside a bucket stands a row with the instant until which places in its row are given away.
_BOOK = """
INSERT INTO outreach_throttle AS t (key, tokens, refilled_at)
VALUES (%(key)s, 0, least(%(now)s + %(span)s, %(now)s + %(horizon)s))
ON CONFLICT (key) DO UPDATE SET refilled_at = least(
    greatest(t.refilled_at, %(now)s) + %(span)s, %(now)s + %(horizon)s)
RETURNING refilled_at
"""

# `tokens` counts what is used. The first to ask on a day counts what has left already.
_OPEN_DAY = """
INSERT INTO outreach_throttle (key, tokens, refilled_at)
SELECT %(key)s, count(*), coalesce(%(at)s::timestamptz, clock_timestamp())
FROM outreach_message
WHERE workspace_id = %(workspace)s AND handed_at >= %(begins)s AND handed_at < %(ends)s
    AND kind = ANY(%(kinds)s) AND state IN ('handoff', 'sent', 'in_doubt')
ON CONFLICT (key) DO NOTHING
"""

_TAKE_OF_DAY = """
WITH day AS MATERIALIZED (
    SELECT id, least(%(wanted)s, greatest(0, %(cap)s - tokens))::int AS granted
    FROM outreach_throttle WHERE key = %(key)s FOR UPDATE
)
UPDATE outreach_throttle t SET tokens = t.tokens + day.granted FROM day WHERE t.id = day.id
RETURNING day.granted
"""


def take(demands: Mapping[str, Demand], *, at: datetime | None) -> dict[str, int]:
    """How many of the wanted tokens each bucket gives; a bucket that is new is full."""
    if not demands:
        return {}
    values = {
        "at": at,
        "keys": list(demands),
        "bursts": [demand.rate.burst for demand in demands.values()],
        "refills": [demand.rate.refill for demand in demands.values()],
        "wanted": [demand.wanted for demand in demands.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        granted = dict(cursor.fetchall())
        if len(granted) < len(demands):
            missing = {key: each for key, each in demands.items() if key not in granted}
            bursts = [demand.rate.burst for demand in missing.values()]
            cursor.execute(_OPEN, {"at": at, "keys": list(missing), "bursts": bursts})
            granted |= take(missing, at=at)
    return granted


def give_back(numbers: Mapping[str, int]) -> None:
    """Tokens that were not needed; what is more than a bucket holds flows over at the next look."""
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, {"keys": list(numbers), "numbers": list(numbers.values())})


def book(key: str, count: int, rate: Rate, *, now: datetime) -> list[datetime]:
    """Instants, one gap apart, at which so many messages that got no token may ask again."""
    values: dict[str, Any] = {
        "key": f"row:{key}", "span": rate.gap * count, "now": now, "horizon": HORIZON,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, values)
        last: datetime = cursor.fetchone()[0]
    return [max(now + rate.gap, last - rate.gap * number) for number in reversed(range(count))]


def day_key(workspace: Workspace, day: date) -> str:
    return f"day:{workspace.public_id}:{day.isoformat()}"


def take_of_day(
    *,
    workspace: Workspace,
    day: date,
    begins: datetime,
    ends: datetime,
    wanted: int,
    at: datetime | None,
) -> int:
    """How many of the wanted messages still fit under the workspace's daily cap."""
    values: dict[str, Any] = {
        "key": day_key(workspace, day), "wanted": wanted, "cap": workspace.daily_cap,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OF_DAY, values)
        row = cursor.fetchone()
        if row is None:
            opening: dict[str, Any] = {
                "key": values["key"], "workspace": workspace.pk, "begins": begins, "ends": ends,
                "kinds": list(AUTOMATED), "at": at,
            }  # fmt: skip
            cursor.execute(_OPEN_DAY, opening)
            cursor.execute(_TAKE_OF_DAY, values)
            row = cursor.fetchone()
    granted: int = row[0]
    return granted


def give_back_of_day(*, workspace: Workspace, day: date, number: int) -> None:
    give_back({day_key(workspace, day): -number})


def forget_old(*, now: datetime) -> None:
    """Buckets that nobody has asked for days are full; days that are over count nothing."""
    Throttle.objects.filter(refilled_at__lt=now - KEPT).delete()
