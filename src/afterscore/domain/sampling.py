"""Lots: who is asked on which day, so that every day is a fair sample of everybody.

The people of each stratum are put in the order of lots drawn for them. Each day takes from every
stratum its proportional share, rounded up or down by lot: for a stratum of n among N, a day of d
takes floor(n d / N) or the next whole number, and n d / N on average over the seeds. Rounding a
whole table at once, so that rows and columns still add up, is Cox's procedure (1987).
See docs/algorithms/drip.md.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import fatigue

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
NOT_PLACED = -1


def lot(seed: int, person: int) -> float:
    """A number from 0 up to 1 that decides how early this person is asked. Not the lot by which
    people of one account take their turns: large accounts would then be asked before small ones."""
    return fatigue.lot(seed, f"day:{person}")


def share_out(strata: Sequence[int], days: Sequence[int], *, seed: int) -> Whole:
    """How many of each stratum (row) are taken on each day (column).

    Rows add up to the strata, columns to the days; every number is the proportional one rounded
    up or down. ValueError unless both add up to the same.
    """
    total = sum(strata)
    if total != sum(days):
        raise ValueError(f"{total} people cannot fill days of {sum(days)}")
    if total == 0:
        return np.zeros((len(strata), len(days)), np.int64)
    exact = np.outer(np.array(strata, np.int64), np.array(days, np.int64))
    return _Rounding(exact, total, random.Random(seed)).result()  # noqa: S311 - a repeatable draw


class _Rounding:
    """Fractions in units of 1/total. A fractional cell shares its row and its column with others,
    so there is always a cycle along which amounts can be moved until one cell is whole."""

    def __init__(self, exact: Whole, total: int, chance: random.Random) -> None:
        self.total, self.chance = total, chance
        self.whole = exact // total
        self.parts: dict[tuple[int, int], int] = {}
        self.rows: dict[int, dict[int, None]] = {}
        self.columns: dict[int, dict[int, None]] = {}
        for row, column in np.argwhere(exact % total).tolist():
            self.parts[row, column] = int(exact[row, column] % total)
            self.rows.setdefault(row, {})[column] = None
            self.columns.setdefault(column, {})[row] = None

    def result(self) -> Whole:
        while self.parts:
            self._settle(self._cycle())
        return self.whole

    def _cycle(self) -> list[tuple[int, int]]:
        """Cells that alternate between staying in their row and in their column."""
        row, column = next(iter(self.parts))
        path = [(row, column)]
        seen = {("column", column): 0, ("row", row): 1}
        while True:
            column = _other(self.rows[row], column)
            path.append((row, column))
            if ("column", column) in seen:
                return path[seen["column", column] :]
            seen["column", column] = len(path)
            row = _other(self.columns[column], row)
            path.append((row, column))
            if ("row", row) in seen:
                return path[seen["row", row] :]
            seen["row", row] = len(path)

    def _settle(self, cycle: list[tuple[int, int]]) -> None:
        """Moves as much as one cell can take; which way is drawn so that nobody gains by it."""
        gaining, losing = cycle[::2], cycle[1::2]
        up = self._room(gaining, losing)
        down = self._room(losing, gaining)
        moved = up if self.chance.random() * (up + down) < down else -down
        for cells, amount in ((gaining, moved), (losing, -moved)):
            for cell in cells:
                self._change(cell, amount)

    def _room(self, gaining: list[tuple[int, int]], losing: list[tuple[int, int]]) -> int:
        to_whole = min(self.total - self.parts[cell] for cell in gaining)
        to_nothing = min(self.parts[cell] for cell in losing)
        return min(to_whole, to_nothing)

    def _change(self, cell: tuple[int, int], amount: int) -> None:
        part = self.parts[cell] + amount
        if 0 < part < self.total:
            self.parts[cell] = part
            return
        row, column = cell
        self.whole[row, column] += part // self.total
        del self.parts[cell]
        del self.rows[row][column]
        del self.columns[column][row]


def _other(line: Mapping[int, None], known: int) -> int:
    return next(place for place in line if place != known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """People as columns: the lot, the stratum (a number from 0) and the account (0: none)."""

    lots: Real
    strata: Whole
    accounts: Whole

    def __len__(self) -> int:
        return len(self.lots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """`days` between two people of one account, who may be asked from `free_from` on (ordinals)."""

    days: int = 0
    free_from: Mapping[int, int] | None = None


def place(
    people: Drawn,
    sizes: Sequence[int],
    ordinals: Sequence[int],
    *,
    spread: Spread | None = None,
    seed: int,
) -> Whole:
    """The day of each person, as an index into `ordinals` (the days as numbers, ascending).

    `sizes` says how many are taken on each of the first days; further ordinals are used for people
    whom the spreading holds back. NOT_PLACED is who finds no day.
    """
    kinds = int(people.strata.max()) + 1 if len(people) else 0
    counts = np.bincount(people.strata, minlength=kinds).tolist()
    quotas = share_out(counts, sizes, seed=seed)
    order = np.lexsort((people.lots, people.strata))
    found = np.full(len(people), NOT_PLACED, np.int64)
    start = 0
    for stratum, count in enumerate(counts):
        members = order[start : start + count]
        start += count
        if spread is None or not spread.days:
            found[members] = np.repeat(np.arange(len(sizes)), quotas[stratum])
        else:
            accounts = people.accounts[members].tolist()
            found[members] = _spread_out(accounts, quotas[stratum].tolist(), ordinals, spread)
    return found


def _spread_out(
    accounts: list[int], quotas: list[int], ordinals: Sequence[int], spread: Spread
) -> list[int]:
    """In the order of the lots; whoever's account was asked too recently waits until it is free,
    and then comes before those whose lot is later."""
    found = [NOT_PLACED] * len(accounts)
    free_from = dict(spread.free_from or {})
    waiting: list[tuple[int, int]] = []  # (when the account is free, place in the order)
    ready: list[int] = []
    upcoming = 0
    usual = max(quotas, default=0)
    for index, ordinal in enumerate(ordinals):
        left = quotas[index] if index < len(quotas) else usual
        while waiting and waiting[0][0] <= ordinal:
            heapq.heappush(ready, heapq.heappop(waiting)[1])
        while left and (ready or upcoming < len(accounts)):
            if ready:
                person = heapq.heappop(ready)
            else:
                person, upcoming = upcoming, upcoming + 1
            account = accounts[person]
            if account and free_from.get(account, 0) > ordinal:
                heapq.heappush(waiting, (free_from[account], person))
                continue
            found[person] = index
            left -= 1
            if account:
                free_from[account] = ordinal + spread.days
        if upcoming == len(accounts) and not (ready or waiting):
            break
    return found
