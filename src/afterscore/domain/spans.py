"""Stretches of days that people ask about: "the last 90 days", "last quarter", "since 1 April"."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from afterscore.domain.windows import Window

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` on and before `until`; None leaves that side open."""

    since: date | None = None
    until: date | None = None

    @property
    def last(self) -> date | None:
        """The last day that belongs to it: how people name the end."""
        return self.until - DAY if self.until else None

    @property
    def days(self) -> int | None:
        return (self.until - self.since).days if self.since and self.until else None


EVER = Span()


class Preset(StrEnum):
    """Spans that move along with the calendar."""

    MONTH = "30"
    NINETY = "90"
    HALF_YEAR = "180"
    YEAR = "365"
    THIS_QUARTER = "quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "year"
    ALL = "all"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Preset.MONTH: "in the last 30 days",
    Preset.NINETY: "in the last 90 days",
    Preset.HALF_YEAR: "in the last half year",
    Preset.YEAR: "in the last 12 months",
    Preset.THIS_QUARTER: "this quarter",
    Preset.LAST_QUARTER: "last quarter",
    Preset.THIS_YEAR: "this year",
    Preset.ALL: "of all time",
}


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def span_of(preset: Preset, *, today: date) -> Span:
    """What it means today; today belongs to it, unless it ended before."""
    tomorrow, quarter = today + DAY, quarter_of(today)
    match preset:
        case Preset.ALL:
            return EVER
        case Preset.THIS_QUARTER:
            return Span(quarter, tomorrow)
        case Preset.LAST_QUARTER:
            return Span(quarter_of(quarter - DAY), quarter)
        case Preset.THIS_YEAR:
            return Span(date(today.year, 1, 1), tomorrow)
        case _:
            return Span(tomorrow - timedelta(days=int(preset)), tomorrow)


def before(span: Span) -> Span | None:
    """The span of the same length that ends where this one begins; whole quarters and years, and
    what has begun of them, lie beside as much of the one before. None if it has no beginning or no
    end."""
    days = span.days
    if span.since is None or span.until is None or not days:
        return None
    if span.since == quarter_of(span.since) and span.until <= _quarter_after(span.since):
        start = quarter_of(span.since - DAY)
        whole = span.until == _quarter_after(span.since)
        return Span(start, span.since if whole else min(span.since, start + timedelta(days=days)))
    if span.since == date(span.since.year, 1, 1) and span.until <= date(span.since.year + 1, 1, 1):
        return year_before(span)
    return Span(span.since - timedelta(days=days), span.since)


def year_before(span: Span) -> Span | None:
    """The same days of the year before."""
    if span.since is None or span.until is None:
        return None
    return Span(_a_year_back(span.since), _a_year_back(span.until))


def _quarter_after(start: date) -> date:
    return quarter_of(start + timedelta(days=95))


def _a_year_back(day: date) -> date:
    if (day.month, day.day) == (2, 29) and not isleap(day.year - 1):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def words_of(span: Span, *, today: date) -> str:
    """As the end of a sentence: "since 1 April", "from 1 April to 30 June"; the year is named where
    it is not this one."""
    since, last = span.since, span.last
    if since is None and last is None:
        return Preset.ALL.words
    if since is None or last is None:
        return f"since {say(since, today)}" if since else f"until {say(last, today)}"
    if last >= today:
        return f"since {say(since, today)}"
    if since == last:
        return f"on {say(since, today)}"
    ending = say(last, today, always=since.year != last.year)
    beginning = say(since, today) if since.year != last.year else f"{since.day} {since:%B}"
    return f"from {beginning} to {ending}"


def say(day: date | None, today: date, *, always: bool = False) -> str:
    """ "1 April", or "1 April 2025" where the year is another one."""
    if day is None:
        return ""
    year = f" {day.year}" if always or day.year != today.year else ""
    return f"{day.day} {day:%B}{year}"


def step_of(day: date, step: str) -> date:
    """The first day of its week (a Monday), month, quarter or year; ValueError for other steps."""
    return Window(step).start_of(day)


def step_after(start: date, step: str) -> date:
    """The first day of the next one."""
    return Window(step).end_of(start)


def step_words(start: date, step: str, *, of_one_year: bool = True) -> str:
    """ "3 Nov", "Nov 2026", "Q4 2026", "2026": short enough to stand below a point. Weeks name
    their year where they are not `of_one_year`."""
    match step:
        case "week":
            return f"{start.day} {start:%b}" if of_one_year else f"{start.day} {start:%b %Y}"
        case "month":
            return f"{start:%b %Y}"
        case "quarter":
            return f"Q{(start.month + 2) // 3} {start.year}"
        case _:
            return str(start.year)
