"""What came after the answers: renewals and next scores of contacted customers and of others.

Counts only; domain/returns.py says what may be made of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from afterscore.cases import queries as cases
from afterscore.cases.queries import Period
from afterscore.domain import nps, returns
from afterscore.domain.experiments import Arm, Trial
from afterscore.domain.nps import Group
from afterscore.domain.returns import Amount, Basis, Contrast, Renewals
from afterscore.workspaces.models import Workspace

STAYED = ("renewed", "expanded", "upgraded")
LEFT = ("left", "churned", "cancelled", "canceled", "not_renewed")
"""Names of outcome signals (docs/signals.md)."""

BELOW = (Group.DETRACTOR, Group.PASSIVE)
UNTOLD_AFTER_DAYS = 60
"""A renewal day that has passed counts as a renewal only where no outcome was told around it."""


class NextScore(NamedTuple):
    """So many people gave this score, were contacted or not, and gave that one in the next wave of
    the same program."""

    score: int
    is_contacted: bool
    next_score: int
    people: int


class Contract(NamedTuple):
    """One that came to an end, beside the lowest answer of its company in the year before; the
    `minutes` are of all cases of these answers."""

    account: int
    ended_at: datetime
    has_left: bool
    score: int
    is_contacted: bool
    revenue: Decimal
    minutes: int


class Change(NamedTuple):
    """An answer, by its key, and the next score of the same person. `is_first`: contacted, or put
    first by a lot."""

    answer: int
    score: int
    is_first: bool
    next_score: int


class DrawnContract(NamedTuple):
    """Of the company of a case that a lot put first, or back."""

    account: int
    is_first: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """Who stayed; `by_lot` is None while no lot has decided whom to contact first."""

    observed: Contrast
    by_lot: Contrast | None
    kept: Amount | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """Which detractors and passives became promoters, together and by group."""

    observed: Contrast
    by_lot: Contrast | None
    groups: dict[Group, Contrast]


def get_retention(*, workspace: Workspace, period: Period, now: datetime) -> Retention:
    renewals = list_renewals(workspace=workspace, period=period, now=now)
    found = returns.contrast(_by_group(renewals), basis=Basis.OBSERVED)
    drawn = _fetch(_DRAWN_RENEWALS, period, _values(workspace, period, now))
    return Retention(found, _by_lot(drawn), returns.kept_revenue(renewals, found))


def get_conversion(*, workspace: Workspace, period: Period, now: datetime) -> Conversion:
    changes = list_next_scores(workspace=workspace, period=period, now=now)
    trials = {group: conversion_trial(changes, group) for group in BELOW}
    drawn = [
        (draw, is_first, people, people if nps.group_of(score) is Group.PROMOTER else 0)
        for draw, is_first, score, people in _fetch(
            _DRAWN_SCORES, period, _values(workspace, period, now)
        )
    ]
    return Conversion(
        observed=returns.contrast(trials.values(), basis=Basis.OBSERVED),
        by_lot=_by_lot(drawn),
        groups={
            group: returns.contrast([trial], basis=Basis.OBSERVED)
            for group, trial in trials.items()
        },
    )


def _by_group(renewals: Iterable[Renewals]) -> list[Trial]:
    """A stratum for each group, by the lowest score anybody of the company gave."""
    arms = {group: [Arm(0, 0), Arm(0, 0)] for group in Group}
    for each in renewals:
        arms[nps.group_of(each.score)][not each.is_contacted] += each.arm
    return [Trial(*pair) for pair in arms.values()]


def conversion_trial(changes: Iterable[NextScore], group: Group) -> Trial:
    """How many of a group became promoters, contacted and not."""
    arms = [Arm(0, 0), Arm(0, 0)]
    for each in changes:
        if nps.group_of(each.score) is group:
            converted = nps.group_of(each.next_score) is Group.PROMOTER
            arms[not each.is_contacted] += Arm(each.people, each.people if converted else 0)
    return Trial(*arms)


def _by_lot(rows: Iterable[tuple[int, bool, int, int]]) -> Contrast | None:
    """Each draw is a stratum: those whom the lot put first beside those it put back, whatever
    became of either (intention to treat)."""
    arms: dict[int, list[Arm]] = {}
    for draw, is_first, people, events in rows:
        arms.setdefault(draw, [Arm(0, 0), Arm(0, 0)])[not is_first] += Arm(people, events)
    trials = [Trial(*pair) for pair in arms.values()]
    return returns.contrast(trials, basis=Basis.BY_LOT) if trials else None


def list_renewals(*, workspace: Workspace, period: Period, now: datetime) -> list[Renewals]:
    """Contracts that ended, each beside the answers of the company in the year before."""
    rows = _fetch(_RENEWALS, period, _values(workspace, period, now))
    return [
        Renewals(score, contacted, stayed, left, Decimal(revenue), int(minutes))
        for score, contacted, stayed, left, revenue, minutes in rows
    ]


def list_contracts(*, workspace: Workspace, period: Period, now: datetime) -> list[Contract]:
    """Those that `list_renewals` counts, one by one, the latest first."""
    rows = _fetch(_EACH_CONTRACT, period, _values(workspace, period, now))
    return [Contract(*row) for row in rows]


def list_next_scores(*, workspace: Workspace, period: Period, now: datetime) -> list[NextScore]:
    rows = _fetch(_NEXT_SCORES, period, _values(workspace, period, now))
    return [NextScore(*row) for row in rows]


def list_changes(*, workspace: Workspace, period: Period, now: datetime) -> list[Change]:
    """Those of `list_next_scores` one by one, in the order of their answers."""
    rows = _fetch(_EACH_CHANGE, period, _values(workspace, period, now))
    return [Change(*row) for row in rows]


def list_drawn_changes(*, workspace: Workspace, period: Period, now: datetime) -> list[Change]:
    rows = _fetch(_EACH_DRAWN_CHANGE, period, _values(workspace, period, now))
    return [Change(*row) for row in rows]


def list_drawn_contracts(
    *, workspace: Workspace, period: Period, now: datetime
) -> list[DrawnContract]:
    rows = _fetch(_EACH_DRAWN_CONTRACT, period, _values(workspace, period, now))
    return [DrawnContract(*row) for row in rows]


def _fetch(statement: str, period: Period, values: dict[str, Any]) -> list[Any]:
    where = cases.condition(period)
    rows = {
        "contracts": _CONTRACTS,
        "changes": _CHANGES,
        "drawn_contracts": _DRAWN_CONTRACTS,
        "drawn_changes": _DRAWN_CHANGES,
    }
    parts = {name: part.format(where=where) for name, part in rows.items()}
    parts |= {"ended": _ENDED, "lots": _LOTS}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**parts), values)
        return list(cursor.fetchall())


def _values(workspace: Workspace, period: Period, now: datetime) -> dict[str, Any]:
    return cases.values_of(workspace, period) | {
        "now": now,
        "left": list(LEFT),
        "known": [*STAYED, *LEFT],
        "currency": workspace.currency,
        "landmark": returns.LANDMARK,
        "within": returns.WITHIN,
        "untold": UNTOLD_AFTER_DAYS,
        "below": [score for group in BELOW for score in nps.scores_of(group)],
    }


# When contracts of companies ended: as told by signals, else by the days of the account.
_ENDED = """
told AS MATERIALIZED (
    SELECT DISTINCT account_id, date_trunc('day', occurred_at) AS at,
        lower(name) = ANY(%(left)s) AS has_left
    FROM customers_signal
    WHERE workspace_id = %(workspace)s AND kind = 'outcome' AND account_id IS NOT NULL
        AND lower(name) = ANY(%(known)s) AND occurred_at <= %(now)s
), ended AS (
    SELECT account_id, at, has_left FROM told
    UNION ALL
    SELECT a.id, a.churned_on::timestamptz, true FROM customers_account a
    WHERE a.workspace_id = %(workspace)s AND a.churned_on <= %(now)s
        AND NOT EXISTS (SELECT FROM told WHERE told.account_id = a.id AND told.has_left)
    UNION ALL
    SELECT a.id, a.renewal_on::timestamptz, false FROM customers_account a
    WHERE a.workspace_id = %(workspace)s AND a.renewal_on <= %(now)s AND a.churned_on IS NULL
        AND NOT EXISTS (SELECT FROM told WHERE told.account_id = a.id
            AND told.at > a.renewal_on - %(untold)s * interval '1 day')
)
"""

# One row a contract, with the lowest answer of the company in the year before.
_CONTRACTS = """
SELECT e.account_id, e.at, e.has_left, min(r.score) AS worst,
    coalesce(bool_or(c.first_reply_at <= r.received_at + %(landmark)s), false) AS contacted,
    sum(c.minutes) AS minutes,
    max(CASE WHEN a.currency IN ('', %(currency)s) THEN a.recurring_revenue END) AS revenue
FROM ended e
JOIN customers_account a ON a.id = e.account_id
JOIN responses_response r ON r.account_id = e.account_id
    AND r.received_at < e.at - %(landmark)s AND r.received_at >= e.at - %(within)s
LEFT JOIN cases_case c ON c.response_id = r.id
WHERE {where}
GROUP BY 1, 2, 3
"""

_RENEWALS = """
WITH {ended}
SELECT worst, contacted, count(*) FILTER (WHERE NOT has_left), count(*) FILTER (WHERE has_left),
    coalesce(sum(revenue), 0), coalesce(sum(minutes), 0)
FROM ({contracts}) company
GROUP BY 1, 2
"""

_EACH_CONTRACT = """
WITH {ended}
SELECT account_id, at, has_left, worst, contacted, coalesce(revenue, 0), coalesce(minutes, 0)
FROM ({contracts}) company ORDER BY at DESC, account_id
"""

# One row an answer after which the same person answered again.
_CHANGES = """
SELECT r.id, r.score, r.next_score, r.received_at,
    coalesce(c.first_reply_at <= r.received_at + %(landmark)s, false) AS contacted
FROM (
    SELECT r.id, r.workspace_id, r.validity, r.wave_id, r.score, r.received_at,
        lead(r.score) OVER answers AS next_score, lead(r.received_at) OVER answers AS next_at
    FROM responses_response r JOIN programs_wave w ON w.id = r.wave_id
    WHERE r.workspace_id = %(workspace)s AND r.validity = 'counted'
    WINDOW answers AS (PARTITION BY r.contact_id, w.program_id ORDER BY r.received_at, r.id)
) r
LEFT JOIN cases_case c ON c.response_id = r.id
WHERE {where} AND r.score = ANY(%(below)s) AND r.next_at >= r.received_at + %(landmark)s
"""

_NEXT_SCORES = """
SELECT score, contacted, next_score, count(*) FROM ({changes}) changed GROUP BY 1, 2, 3
"""

_EACH_CHANGE = """
SELECT id, score, contacted, next_score FROM ({changes}) changed ORDER BY received_at, id
"""

# The first lot of each case that decided anything about it.
_LOTS = """
lots AS MATERIALIZED (
    SELECT DISTINCT ON (k.case_id) k.case_id, d.id AS draw, d.drawn_at, k.place <= d.chosen AS first
    FROM cases_draw d,
        jsonb_array_elements_text(d.candidates) WITH ORDINALITY AS k (case_id, place)
    WHERE d.workspace_id = %(workspace)s
    ORDER BY k.case_id, d.drawn_at, d.id
)
"""

_DRAWN_CONTRACTS = """
SELECT DISTINCT ON (l.case_id) l.case_id, l.draw, l.first, e.account_id, e.has_left
FROM lots l
JOIN cases_case c ON c.public_id = l.case_id AND c.workspace_id = %(workspace)s
    AND (c.first_reply_at IS NULL OR c.first_reply_at >= l.drawn_at)
JOIN responses_response r ON r.id = c.response_id
JOIN ended e ON e.account_id = r.account_id
    AND e.at > l.drawn_at + %(landmark)s AND e.at <= l.drawn_at + %(within)s
WHERE {where}
ORDER BY l.case_id, e.at
"""

_DRAWN_RENEWALS = """
WITH {ended}, {lots}
SELECT draw, first, count(*), count(*) FILTER (WHERE NOT has_left)
FROM ({drawn_contracts}) outcome GROUP BY 1, 2
"""

_EACH_DRAWN_CONTRACT = """
WITH {ended}, {lots}
SELECT account_id, first, has_left FROM ({drawn_contracts}) outcome ORDER BY draw, case_id
"""

_DRAWN_CHANGES = """
SELECT DISTINCT ON (l.case_id) l.case_id, l.draw, l.first, r.id, r.score, x.score AS next_score
FROM lots l
JOIN cases_case c ON c.public_id = l.case_id AND c.workspace_id = %(workspace)s
    AND (c.first_reply_at IS NULL OR c.first_reply_at >= l.drawn_at)
JOIN responses_response r ON r.id = c.response_id
JOIN programs_wave w ON w.id = r.wave_id
JOIN responses_response x ON x.contact_id = r.contact_id AND x.workspace_id = %(workspace)s
    AND x.validity = 'counted' AND x.received_at > l.drawn_at + %(landmark)s
JOIN programs_wave v ON v.id = x.wave_id AND v.program_id = w.program_id
WHERE {where} AND r.score = ANY(%(below)s)
ORDER BY l.case_id, x.received_at
"""

_DRAWN_SCORES = """
WITH {lots}
SELECT draw, first, next_score, count(*) FROM ({drawn_changes}) outcome GROUP BY 1, 2, 3
"""

_EACH_DRAWN_CHANGE = """
WITH {lots}
SELECT id, score, first, next_score FROM ({drawn_changes}) outcome ORDER BY draw, case_id
"""
