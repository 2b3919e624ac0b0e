"""Which periods of a file's answers stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from afterscore.domain import nps, windows
from afterscore.domain.nps import Histogram
from afterscore.domain.windows import Window


def by_window(by_day: Mapping[date, Histogram], window: Window) -> dict[date, Histogram]:
    found: dict[date, Histogram] = {}
    for day, histogram in sorted(by_day.items()):
        start = window.start_of(day)
        found[start] = nps.add(found.get(start, nps.empty_histogram()), histogram)
    return found


def choose(by_day: Mapping[date, Histogram]) -> tuple[Window, dict[date, Histogram]]:
    """The shortest whose typical period shows a change worth showing; a wave every quarter is told
    by quarters, not by the weeks in which it went out."""
    choice = windows.choose({day: sum(histogram) for day, histogram in by_day.items()})
    window = choice.window if choice is not None else Window.YEAR
    periods = by_window(by_day, window)
    for wider in list(Window)[list(Window).index(window) + 1 :]:
        together = by_window(by_day, wider)
        if len(together) == len(periods) > 1:
            window, periods = wider, together
    return window, periods
