"""What speaks against writing to a reader, apart from their address: asked at the claim, to say
why, and once more by the fence at the hand-off.

Only a person's own reply goes to somebody who is left alone for a while; whoever was erased gets
nothing. Who was spoken to is not asked what was planned before that.
"""
# ruff: noqa: S608 (put together from constants alone)

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import connection

from afterscore.domain import calendars
from afterscore.domain.fatigue import Budget, fits_from
from afterscore.workspaces.models import Workspace

_NOW = "coalesce(%(at)s, statement_timestamp())"

_UNTIL = "greatest(c.quarantined_until, a.quarantined_until)"
_REASON = f"""
CASE
    WHEN c.erased_at IS NOT NULL THEN 'erased'
    WHEN m.kind = 'reply' THEN NULL
    WHEN {_UNTIL} > {_NOW} THEN 'quarantined'
    WHEN m.kind IN ('heads_up', 'invitation', 'reminder') AND EXISTS (
        SELECT FROM customers_signal s
        WHERE s.workspace_id = m.workspace_id AND s.contact_id = m.contact_id
            AND s.kind = 'interaction' AND s.occurred_at > m.created_at
    ) THEN 'spoken_to'
END
"""

_READER = """
FROM customers_contact c LEFT JOIN customers_account a ON a.id = c.account_id
WHERE c.id = m.contact_id
"""

_AUTOMATED = "('heads_up', 'invitation', 'reminder', 'follow_up')"

# What the reader was sent within the stretch that ends now, by us or by another system.
_SENT_AT = f"""
SELECT coalesce(o.sent_at, o.handed_at) AS at FROM outreach_message o
WHERE o.workspace_id = m.workspace_id AND o.contact_id = m.contact_id AND o.id <> m.id
    AND o.kind IN {_AUTOMATED} AND o.handed_at IS NOT NULL
    AND (o.state IN ('handoff', 'sent', 'in_doubt') OR o.resends > 0)
    AND coalesce(o.sent_at, o.handed_at) > {_NOW} - make_interval(days => w.budget_days)
UNION ALL
SELECT s.occurred_at FROM customers_signal s
WHERE s.workspace_id = m.workspace_id AND s.contact_id = m.contact_id AND s.kind = 'message'
    AND s.occurred_at > {_NOW} - make_interval(days => w.budget_days)
"""

_FITS_BUDGET = f"""
(m.kind NOT IN {_AUTOMATED} OR (SELECT count(*) FROM ({_SENT_AT}) sent) < w.budget_messages)
"""

_SENT_TIMES = f"""
SELECT m.id, ARRAY({_SENT_AT}) AS sent_at
FROM outreach_message m JOIN workspaces_workspace w ON w.id = m.workspace_id
WHERE m.id = ANY(%(numbers)s) AND m.kind IN {_AUTOMATED}
"""

NONE_STOPS = f"(SELECT {_REASON} {_READER}) IS NULL AND {_FITS_BUDGET}"
"""Of a message `m` of the workspace `w`."""

_REASONS = f"""
SELECT m.id, {_REASON}, {_UNTIL}
FROM outreach_message m JOIN customers_contact c ON c.id = m.contact_id
    LEFT JOIN customers_account a ON a.id = c.account_id
WHERE m.id = ANY(%(numbers)s)
"""


def find_reasons(*, numbers: Collection[int], zone: str, at: datetime | None) -> dict[int, str]:
    """Why each of these messages must not go, by its key; the others are absent."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, {"numbers": list(numbers), "at": at})
        found = cursor.fetchall()
    return {number: _sentence(reason, until, zone) for number, reason, until in found if reason}


def find_over_budget(
    *, workspace: Workspace, numbers: Collection[int], now: datetime, at: datetime | None
) -> dict[int, str]:
    """Why each of these messages would be one too many for its reader; the others are absent."""
    budget = Budget(workspace.budget_messages, workspace.budget_days)
    with connection.cursor() as cursor:
        cursor.execute(_SENT_TIMES, {"numbers": list(numbers), "at": at})
        found = cursor.fetchall()
    return {
        number: _too_many(known, budget, now, workspace.time_zone)
        for number, known in found
        if len(known) >= budget.messages
    }


def _too_many(known: Sequence[datetime], budget: Budget, now: datetime, zone: str) -> str:
    fitting = fits_from(known=known, wanted=[timedelta()], budget=budget, start=now)
    if fitting is None:
        raise AssertionError("one message alone fits into every budget at some time")
    return (
        f"The reader has had {budget.messages} automated messages in {budget.days} days, which is "
        f"the limit for one person. The next fits from {_day(fitting, zone)}."
    )


def _sentence(reason: str, until: datetime, zone: str) -> str:
    if reason == "erased":
        return "The reader asked to be erased."
    if reason == "spoken_to":
        return "Somebody spoke with them personally."
    return f"Left alone until {_day(until, zone)}."


def _day(instant: datetime, zone: str) -> str:
    day = calendars.local_day(instant, calendars.zone_or(zone, "UTC"))
    return f"{day.day} {day:%B %Y}"
