"""Other ways to count the same answers: by account, by role, by revenue, and up to everybody.

None is the right one; each answers a question of its own. See docs/algorithms/voices.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import nps, voices, weighting
from afterscore.domain.nps import Tally
from afterscore.domain.weighting import Cell, Raked

FEWEST_TO_RAKE = 40
"""Answers below which weights are not told: docs/algorithms/voices.md has how well they hold."""


class Way(StrEnum):
    ACCOUNTS = "accounts"
    ROLES = "roles"
    REVENUE = "revenue"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Voice:
    """One account, or a person without one: what its people said, by plan and role, and what it
    pays in a year where that is known."""

    cells: Mapping[Cell, Tally]
    is_account: bool
    revenue: float | None = None

    @property
    def tally(self) -> Tally:
        return nps.merge(self.cells.values())

    @property
    def by_role(self) -> dict[str, Tally]:
        found: dict[str, list[Tally]] = {}
        for (_plan, role), tally in self.cells.items():
            found.setdefault(role, []).append(tally)
        return {role: nps.merge(tallies) for role, tallies in found.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """In points; limits are None where too few accounts answered for any. `worth` is how many
    independent answers the score is worth, None where that cannot be told."""

    way: Way
    score: float
    low: float | None
    high: float | None
    answers: int
    worth: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Untold:
    """A way that cannot be gone, with what to do about it."""

    way: Way
    reason: str


def count(
    heard: Sequence[Voice],
    population: Sequence[Mapping[str, float]],
    *,
    trouble: str = "",
) -> tuple[Counted | Untold, ...]:
    """`population` is how many people there are of each plan, and of each role; with `trouble` it
    is not known for whom the answers stand."""
    return (
        by_account(heard),
        by_role(heard),
        by_revenue(heard),
        by_everybody(heard, population, trouble),
    )


def by_account(heard: Sequence[Voice]) -> Counted | Untold:
    found = voices.by_accounts([each.tally for each in heard if each.is_account])
    if found is None:
        return Untold(
            Way.ACCOUNTS, "Nobody's account is known. Import your customers with their accounts."
        )
    return _of_voiced(Way.ACCOUNTS, found)


def by_revenue(heard: Sequence[Voice]) -> Counted | Untold:
    found = voices.by_revenue(paying(heard))
    if found is None:
        return Untold(
            Way.REVENUE,
            "No account that answered has a yearly revenue. Import your accounts with "
            "“recurring revenue”.",
        )
    return _of_voiced(Way.REVENUE, found)


def paying(heard: Iterable[Voice]) -> list[tuple[Tally, float]]:
    return [(each.tally, each.revenue) for each in heard if each.is_account and each.revenue]


def _of_voiced(way: Way, found: voices.Voiced) -> Counted:
    note = ""
    if found.hangs_on_one:
        note = f"One account has {round(100 * found.largest)} % of it."
    if found.low is None:
        note = f"{found.accounts} accounts are too few for an interval."
    worth = found.effective_n if found.low is not None else None
    return Counted(way, found.score, found.low, found.high, found.answers, worth, note)


def roles(heard: Iterable[Voice]) -> tuple[dict[str, Tally], list[dict[str, Tally]]]:
    """By role, those without one left out; all together, and account by account."""
    each = [{role: tally for role, tally in one.by_role.items() if role} for one in heard]
    parts: dict[str, list[Tally]] = {}
    for account in each:
        for role, tally in account.items():
            parts.setdefault(role, []).append(tally)
    return {role: nps.merge(found) for role, found in parts.items()}, each


def by_role(heard: Sequence[Voice]) -> Counted | Untold:
    together, each = roles(heard)
    if len(together) < 2:
        return Untold(
            Way.ROLES,
            "It takes answers of people in two roles or more. Import your contacts with their "
            "role.",
        )
    found = voices.by_group(together, dict.fromkeys(together, 1.0), accounts=each)
    if found is None:
        raise ValueError("roles with answers have a score")
    few = [role for role, tally in together.items() if tally.n < voices.FEWEST_ACCOUNTS]
    note = f"Few answers of {', '.join(sorted(few))}: each counts for much." if few else ""
    return Counted(Way.ROLES, found.score, found.low, found.high, found.answers, None, note)


def rake(
    heard: Sequence[Voice], population: Sequence[Mapping[str, float]]
) -> tuple[dict[Cell, Tally], Raked]:
    parts: dict[Cell, list[Tally]] = {}
    for one in heard:
        for cell, tally in one.cells.items():
            parts.setdefault(cell, []).append(tally)
    tallies = {cell: nps.merge(found) for cell, found in parts.items()}
    return tallies, weighting.rake({cell: each.n for cell, each in tallies.items()}, population)


def by_everybody(
    heard: Sequence[Voice], population: Sequence[Mapping[str, float]], trouble: str
) -> Counted | Untold:
    answers = sum(one.tally.n for one in heard)
    if trouble:
        return Untold(Way.EVERYBODY, trouble)
    if answers < FEWEST_TO_RAKE:
        return Untold(
            Way.EVERYBODY,
            f"{answers} answers are too few to stand for everybody: it takes {FEWEST_TO_RAKE}.",
        )
    try:
        tallies, raked = rake(heard, population)
    except ValueError:
        return Untold(
            Way.EVERYBODY,
            "Some answers are of a plan or a role that no customer has today. Choose a later "
            "period.",
        )
    found = weighting.weighted_score(
        tallies, raked, accounts=[one.cells for one in heard if one.cells]
    )
    if found is None:
        raise ValueError("answers have a score")
    return Counted(
        Way.EVERYBODY,
        found.score,
        found.low,
        found.high,
        found.n,
        found.effective_n,
        _cost(raked),
    )


def _cost(raked: Raked) -> str:
    if raked.missing:
        names = ", ".join(value or "people without one" for _place, value in raked.missing)
        return f"Nobody answered for {names}: nothing stands for them."
    if raked.trimmed:
        return "Some answers would have stood for more than five others and were held at that."
    return ""
