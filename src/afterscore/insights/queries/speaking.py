"""Who speaks of which theme: counted in the database by people, companies and scores."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from afterscore.domain import alike, nps
from afterscore.domain.alike import Sums
from afterscore.domain.health import Rate
from afterscore.domain.nps import Histogram
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Speakers:
    """Of one theme in one period. `revenue` is a year's, of each company once, by currency;
    `later` people only came to it after their answer, and count nowhere else.

    `squares` and `products` are sums over accounts: of how many people of each raised it, squared,
    and times how many of each answered.
    """

    people: int = 0
    histogram: Histogram = field(default_factory=nps.empty_histogram)
    revenue: dict[str, Decimal] = field(default_factory=dict)
    accounts: int = 0
    later: int = 0
    squares: int = 0
    products: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A period: everybody who answered in it, and the speakers of each theme by public id.

    Everybody is of one of so many `accounts`, whoever has none of one of her own; `largest` is how
    many people the largest has.
    """

    everybody: Speakers
    themes: dict[str, Speakers]
    accounts: int = 0
    largest: int = 0

    def of(self, theme: str) -> Speakers:
        return self.themes.get(theme, Speakers())

    def sums_of(self, theme: str) -> Sums:
        """How the people who raise it are spread over accounts."""
        everybody, speakers = self.everybody, self.of(theme)
        return Sums(
            answers=everybody.people,
            balance=speakers.people,
            extremes=speakers.people,
            squared_answers=everybody.squares,
            squared_balances=speakers.squares,
            products=speakers.products,
            accounts=self.accounts,
            largest=self.largest,
        )

    def rate_of(self, theme: str) -> Rate:
        """Of everybody who answered; its limits allow for people of one account being alike."""
        sums = self.sums_of(theme)
        return Rate(sums.balance, sums.answers, alike.design_effect(sums))


def count_speakers(*, workspace: Workspace, since: datetime, until: datetime) -> Spoken:
    """Of answers that came in from `since` and before `until`, and count."""
    given = {"workspace": workspace.pk, "since": since, "until": until}
    currency = workspace.currency
    people = {theme: _Raised(*numbers) for theme, *numbers in _rows(_PEOPLE, given)}
    histograms: dict[str | None, list[int]] = defaultdict(lambda: list(nps.empty_histogram()))
    for theme, score, answers in _rows(_SCORES, given):
        histograms[theme][score] = answers
    revenue: dict[str | None, dict[str, Decimal]] = defaultdict(dict)
    accounts: dict[str | None, int] = defaultdict(int)
    for theme, unit, amount, count in _rows(_REVENUE, given):
        revenue[theme][unit or currency] = revenue[theme].get(unit or currency, Decimal(0)) + amount
        accounts[theme] += count
    later = dict(_rows(_LATER, given))
    found = {
        theme: Speakers(
            people=raised.people,
            histogram=tuple(histograms[theme]),
            revenue=dict(revenue[theme]),
            accounts=accounts[theme],
            later=later.pop(theme, 0),
            squares=raised.squares,
            products=raised.products,
        )
        for theme, raised in people.items()
    }
    everybody = found.pop(None, Speakers())
    found |= {theme: Speakers(later=count) for theme, count in later.items()}
    whole = people.get(None, _Raised())
    return Spoken(everybody, found, whole.accounts, whole.largest)


class _Raised(NamedTuple):
    """By how many people of how many accounts, with the sums over these and the largest."""

    people: int = 0
    squares: int = 0
    products: int = 0
    accounts: int = 0
    largest: int = 0


def _rows(query: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS + query, given)
        return list(cursor.fetchall())


# Every answer once without a theme, for the whole, and once for each theme it speaks of.
_ANSWERS = """
WITH answers AS (
    SELECT r.id, r.contact_id, r.account_id, r.score, r.received_at,
        coalesce(c.themes, '{}') AS themes, coalesce(c.heard_themes, '{}') AS heard
    FROM responses_response r LEFT JOIN cases_case c ON c.response_id = r.id
    WHERE r.workspace_id = %(workspace)s AND r.validity = 'counted'
        AND r.received_at >= %(since)s AND r.received_at < %(until)s
), spoken AS (
    SELECT id, contact_id, account_id, score, NULL::text AS theme FROM answers
    UNION ALL
    SELECT id, contact_id, account_id, score, unnest(themes)::text FROM answers
)
"""
# A person is of the account of her latest answer, or of one of her own.
_PEOPLE = """
, people AS (
    SELECT DISTINCT ON (contact_id) contact_id, coalesce(account_id, -contact_id) AS voice
    FROM answers ORDER BY contact_id, received_at DESC, id DESC
), voices AS (SELECT voice, count(*) AS n FROM people GROUP BY voice
), raised AS (
    SELECT theme, voice, count(DISTINCT contact_id) AS b FROM spoken JOIN people USING (contact_id)
    GROUP BY theme, voice
)
SELECT theme, sum(b)::bigint, sum(b * b)::bigint, sum(n * b)::bigint, count(*), max(b)
FROM raised JOIN voices USING (voice) GROUP BY theme
"""
# A theme that a customer only came to when asked would count the more, the more customers are
# called: such themes stand beside the rates, not in them.
_LATER = """
SELECT theme, count(DISTINCT contact_id)
FROM (SELECT contact_id, unnest(heard)::text AS theme FROM answers) h
WHERE NOT EXISTS (
    SELECT FROM spoken s WHERE s.theme = h.theme AND s.contact_id = h.contact_id
)
GROUP BY theme
"""
_SCORES = "SELECT theme, score, count(DISTINCT id) FROM spoken GROUP BY theme, score"
_REVENUE = """
SELECT s.theme, a.currency, sum(a.recurring_revenue), count(*)
FROM (SELECT DISTINCT theme, account_id FROM spoken) s
JOIN customers_account a ON a.id = s.account_id AND a.recurring_revenue > 0
GROUP BY s.theme, a.currency
"""
