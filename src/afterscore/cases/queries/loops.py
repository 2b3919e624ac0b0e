"""The loop ledger's counts: every counted answer beside what became of its case.

One scan each; what leaves the database are counts and histograms of hours. Small whole numbers
stand for words until they are here: grouping by words takes twice as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from afterscore.domain import loops, nps, segments
from afterscore.domain.loops import Count, Promise, Standing, Wait
from afterscore.domain.nps import Group
from afterscore.domain.survival import Span
from afterscore.kit.errors import Refused
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Workspace

OWNER, DEPARTMENT, NOBODY = "owner", "department", ""
_GROUPS, _STANDINGS, _PROMISES = tuple(Group), tuple(Standing), tuple(Promise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Answers received from `since` on and before `until`, in one of `waves`; what is None does
    not limit them."""

    since: datetime | None = None
    until: datetime | None = None
    waves: Sequence[Wave] | None = None


EVER = Period()


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers by kind, and how long each had waited for a first reply."""

    counts: tuple[Count, ...]
    replies: tuple[Wait, ...]


def count_loops(*, workspace: Workspace, period: Period = EVER, now: datetime) -> Counted:
    values = _values(workspace, period, now) | {"edges": list(loops.FINE_HOURS)}
    rows = _rows(_COUNTS, period, values, key="''", joins="", group=_GROUP, comment=_COMMENT)
    return _counted(rows, loops.FINE_HOURS)


def count_loops_by(
    *, workspace: Workspace, period: Period = EVER, key: str, now: datetime
) -> dict[str, Counted]:
    """By OWNER (public id), DEPARTMENT, or an attribute as it was at the answer ("account.plan");
    NOBODY where there was none. Raises Refused for an attribute that does not exist.

    Group and comment are not told apart, and hours are coarser, or the counts would be too many.
    """
    expression, joins, own = _key(key)
    values = _values(workspace, period, now) | own | {"edges": list(loops.COARSE_HOURS)}
    rows = _rows(_COUNTS, period, values, key=expression, joins=joins, group="0", comment="true")
    found: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return {name: _counted(own_rows, loops.COARSE_HOURS) for name, own_rows in found.items()}


def closure_waits(*, workspace: Workspace, period: Period = EVER, now: datetime) -> list[Wait]:
    """How long it took until each loop was closed."""
    values = _values(workspace, period, now) | {"edges": list(loops.FINE_HOURS)}
    return [
        Wait(_GROUPS[group], has_comment, _span(place, answers, loops.FINE_HOURS, happened=closed))
        for group, has_comment, closed, place, answers in _rows(_CLOSURES, period, values)
    ]


def _rows(statement: str, period: Period, values: dict[str, Any], **parts: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(where=condition(period), **parts), values)
        yield from cursor.fetchall()


def _counted(rows: Iterator[Any] | list[Sequence[Any]], edges: Sequence[float]) -> Counted:
    counts: dict[int, list[int]] = {}
    replies = []
    for _key, code, place, answers, minutes in rows:
        sums = counts.setdefault(code, [0, 0])
        sums[0] += answers
        sums[1] += minutes or 0
        kind = _decoded(code)
        span = _span(place, answers, edges, happened=kind.is_contacted)
        replies.append(Wait(kind.group, kind.has_comment, span))
    found = (replace(_decoded(code), answers=n, minutes=m) for code, (n, m) in counts.items())
    return Counted(tuple(found), tuple(replies))


@cache
def _decoded(code: int) -> Count:
    """What `_CODE` put into one number, as a count of nobody."""
    digits = []
    for base in (2, 2, len(_PROMISES), len(_STANDINGS), 2, len(_GROUPS)):
        code, digit = divmod(code, base)
        digits.append(digit)
    contacted, ripe, promise, standing, comment, group = digits
    return Count(
        group=_GROUPS[group],
        has_comment=bool(comment),
        standing=_STANDINGS[standing],
        promise=_PROMISES[promise],
        is_ripe=bool(ripe),
        is_contacted=bool(contacted),
        answers=0,
    )


def _span(place: int, answers: int, edges: Sequence[float], *, happened: bool) -> Span:
    """What lies beyond the last edge is known not to have happened by then."""
    if place >= len(edges):
        return Span(edges[-1], 0, answers)
    return Span(edges[place], answers, 0) if happened else Span(edges[place], 0, answers)


def condition(period: Period) -> str:
    """Of which answers; for `values`."""
    parts = ["r.workspace_id = %(workspace)s", "r.validity = 'counted'"]
    if period.since is not None:
        parts.append("r.received_at >= %(since)s")
    if period.until is not None:
        parts.append("r.received_at < %(until)s")
    if period.waves is not None:
        parts.append("r.wave_id = ANY(%(waves)s)")
    return " AND ".join(parts)


def values_of(workspace: Workspace, period: Period) -> dict[str, Any]:
    return {
        "workspace": workspace.pk,
        "since": period.since,
        "until": period.until,
        "waves": [wave.pk for wave in period.waves or ()],
    }


def _values(workspace: Workspace, period: Period, now: datetime) -> dict[str, Any]:
    groups = {f"group_{place}": list(nps.scores_of(group)) for place, group in enumerate(_GROUPS)}
    standings = {standing.value: place for place, standing in enumerate(_STANDINGS)}
    promises = {promise.value: place for place, promise in enumerate(_PROMISES)}
    own = {"now": now, "ripe_before": now - loops.RIPE_AFTER}
    return values_of(workspace, period) | own | groups | standings | promises


def _key(key: str) -> tuple[str, str, dict[str, Any]]:
    """The expression to group by, what has to be joined for it, and its values."""
    member = "LEFT JOIN workspaces_member m ON m.id = c.owner_id"
    if key == OWNER:
        return "coalesce(m.public_id, '')", member, {}
    if key == DEPARTMENT:
        return "coalesce(nullif(c.department, ''), m.department, '')", member, {}
    if segments.kind_of(key) is None:
        raise Refused(f"There is no attribute '{key}'.", field="attribute")
    return "coalesce(r.frozen #>> %(path)s, '')", "", {"path": key.split(".")}


_FROM = """
FROM responses_response r LEFT JOIN cases_case c ON c.response_id = r.id {joins}
WHERE {where}
"""

_GROUP = (
    "CASE WHEN r.score = ANY(%(group_0)s) THEN 0 WHEN r.score = ANY(%(group_1)s) THEN 1 ELSE 2 END"
)
_COMMENT = "(coalesce(c.comment_key, r.comment) <> '')"

# Less a millionth of an hour, so that what took exactly an hour is told within that hour.
_HOURS = "width_bucket(date_part('epoch', {until} - r.received_at) / 3600 - 1e-6, %(edges)s)"

_STANDING = """
CASE WHEN c.id IS NULL THEN %(no_case)s
     WHEN c.closed_at IS NULL AND c.next_due_at < %(now)s THEN %(late)s
     WHEN c.closed_at IS NULL THEN %(in_time)s
     WHEN c.outcome = 'not_closed' THEN %(given_up)s
     ELSE %(closed)s END
"""

_PROMISE = """
CASE WHEN c.id IS NULL OR c.due_at > %(now)s THEN %(not_due)s
     WHEN c.first_reply_at <= c.due_at THEN %(kept)s
     ELSE %(broken)s END
"""

_CODE = f"""
((((({{group}}) * 2 + ({{comment}})::int) * 5 + ({_STANDING})) * 3 + ({_PROMISE})) * 2
    + (r.received_at < %(ripe_before)s)::int) * 2 + (c.first_reply_at IS NOT NULL)::int
"""

_COUNTS = (
    "SELECT {key}, "
    + _CODE
    + ", "
    + _HOURS.format(until="coalesce(c.first_reply_at, %(now)s)")
    + ", count(*), sum(c.minutes)"
    + _FROM
    + "GROUP BY 1, 2, 3"
)

_CLOSED = "(c.closed_at IS NOT NULL AND c.outcome <> 'not_closed')"
_CLOSURES = (
    f"SELECT {_GROUP}, {_COMMENT}, coalesce({_CLOSED}, false), "
    + _HOURS.format(until=f"CASE WHEN {_CLOSED} THEN c.closed_at ELSE %(now)s END")
    + ", count(*)"
    + _FROM.format(joins="", where="{where}")
    + "GROUP BY 1, 2, 3, 4"
)
