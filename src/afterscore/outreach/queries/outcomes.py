"""What became of the mails of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection

from afterscore.outreach.queries.conditions import ASKING
from afterscore.workspaces.models import Workspace


def delivery_counts(*, workspace: Workspace, streams: Sequence[str]) -> dict[str, int]:
    """People, not mails: each contact of these streams counts once, by the best that happened.

    planned = sent + in_doubt + failed + suppressed + expired + cancelled + waiting, and
    sent = delivered + bounced. `unsubscribed` overlaps the others. Only invitations and reminders
    count; `sent` means handed over, whether or not it came back afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERY_COUNTS, _values(workspace, streams))
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cast(Sequence[int], cursor.fetchone()), strict=True))


def sent_to(
    *, workspace: Workspace, streams: Sequence[str], fates: Sequence[str] = ("delivered", "bounced")
) -> list[int]:
    """The keys of the contacts who are `sent` in `delivery_counts`, or only those of one fate."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT_TO, _values(workspace, streams) | {"fates": list(fates)})
        return [contact for (contact,) in cursor.fetchall()]


def unsubscribed_by(*, workspace: Workspace, streams: Sequence[str]) -> list[int]:
    """The keys of the contacts who are `unsubscribed` in `delivery_counts`."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSUBSCRIBED_BY, _values(workspace, streams))
        return [contact for (contact,) in cursor.fetchall()]


def _values(workspace: Workspace, streams: Sequence[str]) -> dict[str, Any]:
    return {"workspace": workspace.pk, "streams": list(streams), "kinds": list(ASKING)}


_PEOPLE = """
WITH heard AS (
    SELECT m.id,
        bool_or(d.kind = 'bounced' AND d.occurred_at >= CASE
            WHEN m.sent_at IS NULL THEN '-infinity' ELSE coalesce(m.handed_at, m.sent_at) END
        ) AS bounced,
        bool_or(d.kind = 'unsubscribed') AS unsubscribed
    FROM outreach_delivery d JOIN outreach_message m ON m.id = d.message_id
    WHERE d.workspace_id = %(workspace)s AND m.workspace_id = %(workspace)s
        AND m.stream = ANY(%(streams)s) AND m.kind = ANY(%(kinds)s)
    GROUP BY m.id
), person AS (
    SELECT m.contact_id,
        bool_or(m.state = 'sent' AND NOT coalesce(b.bounced, false)) AS delivered,
        bool_or(coalesce(b.bounced, false)) AS bounced,
        bool_or(m.state = 'in_doubt') AS in_doubt,
        bool_or(m.state = 'failed') AS failed,
        bool_or(m.state IN ('planned', 'due', 'claimed', 'handoff')) AS waiting,
        bool_or(m.state = 'suppressed') AS suppressed,
        bool_or(m.state = 'expired') AS expired,
        bool_or(coalesce(b.unsubscribed, false)) AS unsubscribed
    FROM outreach_message m LEFT JOIN heard b ON b.id = m.id
    WHERE m.workspace_id = %(workspace)s
        AND m.stream = ANY(%(streams)s) AND m.kind = ANY(%(kinds)s)
    GROUP BY m.contact_id
), judged AS (
    SELECT contact_id, unsubscribed,
        CASE WHEN delivered THEN 'delivered' WHEN bounced THEN 'bounced'
            WHEN in_doubt THEN 'in_doubt' WHEN failed THEN 'failed' WHEN waiting THEN 'waiting'
            WHEN suppressed THEN 'suppressed' WHEN expired THEN 'expired' ELSE 'cancelled'
        END AS fate
    FROM person
)
"""
_SENT_TO = f"{_PEOPLE} SELECT contact_id FROM judged WHERE fate = ANY(%(fates)s)"  # noqa: S608
_UNSUBSCRIBED_BY = f"{_PEOPLE} SELECT contact_id FROM judged WHERE unsubscribed"  # noqa: S608
_DELIVERY_COUNTS = f"""
{_PEOPLE}
SELECT count(*) AS planned,
    count(*) FILTER (WHERE fate IN ('delivered', 'bounced')) AS sent,
    count(*) FILTER (WHERE fate = 'delivered') AS delivered,
    count(*) FILTER (WHERE fate = 'bounced') AS bounced,
    count(*) FILTER (WHERE fate = 'waiting') AS waiting,
    count(*) FILTER (WHERE fate = 'suppressed') AS suppressed,
    count(*) FILTER (WHERE fate = 'failed') AS failed,
    count(*) FILTER (WHERE fate = 'in_doubt') AS in_doubt,
    count(*) FILTER (WHERE fate = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE fate = 'expired') AS expired,
    count(*) FILTER (WHERE unsubscribed) AS unsubscribed
FROM judged
"""  # noqa: S608 (constants)
