"""What speaks against writing to a reader, apart from their address: asked at the claim, to say
why, and once more by the fence at the hand-off.

Only a person's own reply goes to somebody who is left alone for a while; whoever was erased gets
nothing. Who was spoken to is not asked what was planned before that.
"""
# ruff: noqa: S608 (put together from constants alone)

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from afterscore.domain import calendars

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

NONE_STOPS = f"(SELECT {_REASON} {_READER}) IS NULL"
"""Of a message `m`."""

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


def _sentence(reason: str, until: datetime, zone: str) -> str:
    if reason == "erased":
        return "The reader asked to be erased."
    if reason == "spoken_to":
        return "Somebody spoke with them personally."
    day = calendars.local_day(until, calendars.zone_or(zone, "UTC"))
    return f"Left alone until {day.day} {day:%B %Y}."
