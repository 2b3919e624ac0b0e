"""What was measured at one size, and how it compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

PRODUCT, FRESH, BARE, EXACT, PLAIN, POSTGRES, PANDAS = (
    "product",
    "after a change",
    "DuckDB",
    "DuckDB, each account",
    "DuckDB, histograms alone",
    "PostgreSQL",
    "pandas",
)
MEANT = 10_000_000
"""Answers at which the limits of time hold."""
MOST_OF_BARE, LEAST_OF_POSTGRES = 1.5, 5.0
MOST_MILLISECONDS, MOST_MEBIBYTES = 300.0, 1024.0
MOST_OTHERS = 0.25
"""Processors that others kept busy meanwhile, from which on milliseconds say nothing."""
FEWEST_CELLS = 20
WIDTHS = 0.93, 1.15
"""Where lots stand for accounts: the middle of how wide limits are beside those from each account.
With 32 lots Student's part is 4 %, and where accounts hardly differ chance adds some more."""


@dataclass(slots=True)
class Line:
    """What one question took, by side, in milliseconds."""

    best: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    others: float = 0.0
    counts: dict[str, str] = field(default_factory=dict)
    widths: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def add(self, side: str, found: dict[str, Any]) -> None:
        if side == PRODUCT and found["best"] * 1000 < self.best.get(side, float("inf")):
            self.others = found["others"]
        self.best[side] = min(self.best.get(side, float("inf")), found["best"] * 1000)
        self.first.setdefault(side, found["first"] * 1000)
        self.counts[side] = found["counts"]
        if any(found["widths"]):
            self.widths[side] = found["widths"]

    def times(self, side: str) -> float | None:
        """How many times as long it takes there as in the product."""
        return self.best[side] / self.best[PRODUCT] if side in self.best else None

    def width_ratios(self) -> list[float]:
        """Of each cell: limits in the product beside those from each account, by DuckDB."""
        if PRODUCT not in self.widths or EXACT not in self.widths:
            return []
        pairs = zip(self.widths[PRODUCT], self.widths[EXACT], strict=True)
        return [ours[cell] / theirs[cell] for ours, theirs in pairs for cell in theirs]


@dataclass(slots=True)
class Size:
    rows: int
    lines: dict[str, Line]
    peaks: dict[str, float]
    chosen: list[str]
    """Questions that every side was asked."""
    are_lots: bool = False

    @property
    def pairs(self) -> list[str]:
        return [name for name in self.lines if " x " in name]

    @property
    def slowest(self) -> str:
        return max(self.pairs, key=lambda name: self.lines[name].best[PRODUCT])


def judge(found: list[Size]) -> Iterator[str]:
    """A sentence for each limit that is broken."""
    for size in found:
        yield from _judge_answers(size)
        if size.peaks[PRODUCT] > MOST_MEBIBYTES:
            yield f"{size.rows:,} answers took {size.peaks[PRODUCT]:,.0f} MiB."
        if size.rows == MEANT:
            yield from _judge_times(size)
    if all(size.rows != MEANT for size in found):
        print(f"\nLimits of time hold at {MEANT:,} answers, and were not judged.")


def _judge_answers(size: Size) -> Iterator[str]:
    for name, line in size.lines.items():
        if len(set(line.counts.values())) > 1:
            yield f"{name} of {size.rows:,} answers: the sides do not count the same."
        if not all(_are_alike(line.widths, sides) for sides in _alike(size)):
            yield f"{name} of {size.rows:,} answers: the sides do not find the same limits."
        ratios = line.width_ratios()
        if len(ratios) >= FEWEST_CELLS and not WIDTHS[0] <= median(ratios) <= WIDTHS[1]:
            yield f"{name} of {size.rows:,} answers: limits are {median(ratios):.2f} times as wide."


def _alike(size: Size) -> list[set[str]]:
    """Sides that must find the very same limits."""
    if size.are_lots:
        return [{PRODUCT, FRESH, BARE}, {EXACT, POSTGRES, PANDAS}]
    return [{PRODUCT, FRESH, BARE, EXACT, POSTGRES, PANDAS}]


def _are_alike(widths: dict[str, list[dict[str, float]]], sides: set[str]) -> bool:
    found = [widths[side] for side in sides if side in widths]
    return all(each == found[0] for each in found)


def _judge_times(size: Size) -> Iterator[str]:
    pulse, slowest = size.lines["pulse"], size.lines[size.slowest]
    of_bare = pulse.best[PRODUCT] / pulse.best[BARE]
    if of_bare > MOST_OF_BARE:
        yield f"Pulse took {of_bare:.2f} times as long as bare DuckDB, {MOST_OF_BARE} are allowed."
    of_postgres = pulse.times(POSTGRES)
    if of_postgres is None:
        yield "PostgreSQL was not asked."
    elif of_postgres < LEAST_OF_POSTGRES:
        yield f"PostgreSQL took only {of_postgres:.1f} times as long as Pulse."
    if slowest.others > MOST_OTHERS:
        print(f"\nOthers kept {slowest.others:.1f} processors busy: milliseconds were not judged.")
    elif slowest.best[PRODUCT] > MOST_MILLISECONDS:
        yield f"{size.slowest} took {slowest.best[PRODUCT]:.0f} ms."
