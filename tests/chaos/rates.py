"""Mails a second, from the sink's log, and how soon a rate came back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SPAN = 5  # seconds in one window


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
        inside = range(int(start) + 1, int(end))
        return median(self.seconds[second] for second in inside) if inside else 0.0

    def seconds_until(self, rate: float, *, start: float, most: int) -> int | None:
        """When a window begins whose median reaches the rate; None when none does in `most`."""
        for later in range(most + 1):
            if self.median(start + later, start + later + SPAN + 1) >= rate:
                return later
        return None
