"""Which addresses get no mail, and what they were sent by machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from afterscore.kit import signing
from afterscore.kit.among import among, as_array
from afterscore.outreach.models import Message, State, Suppression
from afterscore.outreach.queries.conditions import AUTOMATED, NOT_HANDED_OVER, STRENGTH
from afterscore.workspaces.models import Workspace


class Suppressed(NamedTuple):
    """Why an address gets no mail; `only_here` when that holds for the one program asked about."""

    reason: str
    only_here: bool = False


def address_hash(email: str) -> str:
    """How an address stands in the suppression list; only this install can compute it."""
    return signing.keyed_hash("suppression", email.strip().lower())


def suppression_reasons(
    *, workspace: Workspace, emails: Iterable[str], scope: str = ""
) -> dict[str, str]:
    """The strongest reason for each of these addresses that gets no mail; the others are absent.

    `scope` is a program's public id: what was unsubscribed from it alone counts then as well.
    """
    found = find_suppressed(workspace=workspace, emails=emails, scope=scope)
    return {email: each.reason for email, each in found.items()}


def reasons_against(*, workspace: Workspace, email: str) -> QuerySet[Suppression]:
    """Why this address gets no mail from anybody here: part of a query about more."""
    return Suppression.objects.filter(
        workspace=workspace, address_hash=address_hash(email), scope=""
    )


def strongest(reasons: Iterable[str]) -> str:
    return min(reasons, key=lambda each: STRENGTH.index(Suppression.Reason(each)), default="")


def find_suppressed(
    *, workspace: Workspace, emails: Iterable[str], scope: str = ""
) -> dict[str, Suppressed]:
    """As `suppression_reasons`, and whether only this program must not write."""
    by_hash: dict[str, list[str]] = {}
    different = list(set(emails))
    if not different:
        return {}
    normal = (email.strip().lower() for email in different)
    hashes = signing.keyed_hashes("suppression", normal)
    for digest, email in zip(hashes, different, strict=True):
        by_hash.setdefault(digest, []).append(email)
    rows = Suppression.objects.filter(
        among("address_hash", by_hash), workspace=workspace, scope__in={"", scope}
    ).values_list("address_hash", "reason", "scope")
    found: dict[str, Suppressed] = {}
    for digest, reason, where in sorted(rows, key=_weakness, reverse=True):
        found.update(dict.fromkeys(by_hash[digest], Suppressed(reason, only_here=where != "")))
    return found


def _weakness(row: tuple[str, str, str]) -> tuple[bool, int]:
    """What holds for all mail is stronger than what holds for one program."""
    _digest, reason, scope = row
    return scope != "", STRENGTH.index(Suppression.Reason(reason))


def automated_times(
    *, workspace: Workspace, contacts: Sequence[int], since: datetime
) -> dict[int, list[datetime]]:
    """When each of these contacts was, or will be, sent something automated: every program, every
    kind but a person's reply. In doubt counts as sent; what was cancelled or refused does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AUTOMATED_TIMES,
            {
                "workspace": workspace.pk,
                "contacts": as_array(contacts),
                "since": since,
                "kinds": list(AUTOMATED),
                "states": [*NOT_HANDED_OVER, State.HANDOFF, State.SENT, State.IN_DOUBT],
            },
        )
        return dict(cursor.fetchall())


_AUTOMATED_TIMES = """
SELECT contact_id, array_agg(coalesce(sent_at, handed_at, due_at))
FROM outreach_message
WHERE workspace_id = %(workspace)s AND contact_id = ANY(%(contacts)s::bigint[])
    AND kind = ANY(%(kinds)s) AND state = ANY(%(states)s)
    AND coalesce(sent_at, handed_at, due_at) > %(since)s
GROUP BY contact_id
"""


def is_unsubscribed(*, message: Message, scope: str = "") -> bool:
    """From all mail, or from one program (by its public id)."""
    return Suppression.objects.filter(
        workspace=message.workspace,
        address_hash=address_hash(message.to_email),
        scope=scope,
        reason=Suppression.Reason.UNSUBSCRIBED,
    ).exists()
