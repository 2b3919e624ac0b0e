"""Mails a second, from the sink's log, and how soon a rate came back."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SPAN = 5  # seconds in one window
Span = tuple[float, float]


@dataclass(frozen=True)
class Rates:
    """How many mails were taken in each second, by the mail server's clock."""

    seconds: Counter[int]

    @classmethod
    def read(cls, log: Path) -> Rates:
        lines = (line.split("\t") for line in log.read_text().splitlines())
        return cls(Counter(int(float(line[0])) for line in lines if line[1] == "accepted"))

    def median(self, start: float, end: float) -> float:
        """Of the whole seconds between two instants."""
        inside = self._inside((start, end))
        return median(inside) if inside else 0.0

    def _inside(self, span: Span) -> list[int]:
        return [self.seconds[second] for second in range(int(span[0]) + 1, int(span[1]))]

    def ratio(self, before: Span, after: Span) -> tuple[float, float]:
        """Of the medians after and before, and twice its standard error, from how the seconds
        scatter about their median (a single hiccup does not count)."""
        first, second = self._inside(before), self._inside(after)
        if not first or not second or not median(first):
            return 0.0, 0.0
        share = median(second) / median(first)
        noise = 2 * math.hypot(_relative_error(first), _relative_error(second))
        return share, share * noise

    def seconds_until(self, rate: float, *, start: float, most: int) -> int | None:
        """When a window begins whose median reaches the rate; None when none does in `most`."""
        for later in range(most + 1):
            if self.median(start + later, start + later + SPAN + 1) >= rate:
                return later
        return None


def _relative_error(counts: list[int]) -> float:
    """Standard error of the median, as a share of it (for a normal scatter, by its median
    absolute deviation)."""
    middle = median(counts)
    if not middle:
        return 0.0
    spread = 1.4826 * median(abs(count - middle) for count in counts)
    return 1.2533 * spread / math.sqrt(len(counts)) / middle
