"""One's own day in a few lines: who waits longest, what is at stake, what was promised.

A digest is read on a phone, on the way to the desk. So the title alone says the most pressing
thing, each customer stands in one place only, and a day with nothing to say has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.domain.money import format_money

MOST_LINES = 5
"""Of a section; the rest is one link. Who reads on a phone acts on the first."""

LONGEST_WORDS = 110


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer to whom somebody has something to say. `since` is when she began to wait, None
    where the next word is hers; `stake` is what the account pays a year, None where unknown."""

    who: str
    url: str
    score: int
    due_at: datetime
    company: str = ""
    words: str = ""
    since: datetime | None = None
    stake: Decimal | None = None
    account: str = ""  # a name of its own for the account: two people there are one stake
    owner: str = ""
    has_written: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one section tells: the first of them, and how many there are altogether; `foot` is what
    the end of the mail has to say about them."""

    items: tuple[Waiting | Line, ...] = ()
    total: int = 0
    url: str = ""
    foot: tuple[Line, ...] = ()


NONE = Part()


@dataclass(frozen=True, slots=True)
class Day:
    """What waits for one person at an instant. `url` leads to her work list."""

    now: datetime
    currency: str
    url: str
    settings_url: str
    late: Part = NONE
    wrote: Part = NONE
    promises: Part = NONE
    today: Part = NONE
    tasks: Part = NONE
    mentions: Part = NONE
    calls: Part = NONE
    alerts: Part = NONE
    watched: Part = NONE
    praise: Part = NONE
    results: Part = NONE


def compose(day: Day) -> Bulletin | None:
    """None for a day with nothing to say."""
    parts = (
        ("Late", day.late),
        ("They wrote to you", day.wrote),
        ("Promised", day.promises),
        ("Due today", day.today),
        ("You are mentioned", day.mentions),
        ("Tasks", day.tasks),
        ("Calls before asking", day.calls),
        ("To know", day.alerts),
        ("In cases you watch", day.watched),
        ("Results of the week", day.results),
        ("In customers' words, this week", day.praise),
    )
    sections = tuple(_section(title, part, day.now) for title, part in parts if part.items)
    if not sections:
        return None
    is_heading = not any(part.total for part in (day.late, day.wrote, day.promises, day.today))
    if is_heading:  # of the first section, and says all that its own would
        sections = (replace(sections[0], title=""), *sections[1:])
    return Bulletin(
        title=_title(day),
        lead="" if is_heading else _lead(day),
        sections=sections,
        foot=(
            Line("Open your work list", day.url),
            *day.watched.foot,
            Line("Choose what you hear, or stop this mail", day.settings_url),
        ),
    )


def _title(day: Day) -> str:
    """The most pressing thing, in the words one would say it in."""
    longest = longest_waiting(day.late.items)
    if longest is not None and longest.since is not None:
        waited = f"{longest.who} has waited {span(day.now - longest.since)}"
        return waited + _and_more(day.late.total - 1, "is late", "are late")
    if day.late.total:
        return f"{_customers(day.late.total)} to come back to, late"
    if day.wrote.total:
        first = day.wrote.items[0]
        who = first.who if isinstance(first, Waiting) else first.text
        return f"{who} wrote to you{_and_more(day.wrote.total - 1, 'did', 'did')}"
    if day.promises.total:
        promise = day.promises.items[0]
        return f"Promised: {promise.text if isinstance(promise, Line) else promise.who}"
    if day.today.total:
        return f"{_customers(day.today.total)} to answer today"
    return _first_other(day)


def _and_more(count: int, one: str, many: str) -> str:
    if count <= 0:
        return ""
    return f", and one more {one}" if count == 1 else f", and {count:,} more {many}"


def _first_other(day: Day) -> str:
    for part, one, many in (
        (day.mentions, "You are mentioned in a note", "You are mentioned in {} notes"),
        (day.tasks, "One task today", "{} tasks today"),
        (day.calls, "One call today", "{} calls today"),
        (day.alerts, "One thing to know", "{} things to know"),
        (day.watched, "News of a case you watch", "{} times news of cases you watch"),
        (day.results, "A wave has closed: what came of it", "{} waves have closed this week"),
        (day.praise, "A customer praises one of us", "Customers praise us, {} times this week"),
    ):
        if part.total:
            return one if part.total == 1 else many.format(part.total)
    raise AssertionError("a digest with nothing in it is not composed")


def _lead(day: Day) -> str:
    """How much there is, and what is at stake with those who wait."""
    counts = [
        (day.late, "late"),
        (day.wrote, "wrote to you"),
        (day.promises, "promised"),
        (day.today, "due today"),
        (day.tasks, "tasks"),
    ]
    said = [f"{part.total:,} {word}" for part, word in counts if part.total]
    sentence = _list(said)
    stake = at_stake((*day.late.items, *day.wrote.items, *day.today.items))
    money = f"{format_money(stake, day.currency)} a year is with them" if stake else ""
    return ". ".join(each for each in (sentence, money) if each) + "." if said or money else ""


def _list(said: Sequence[str]) -> str:
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"


def at_stake(items: Iterable[Waiting | Line]) -> Decimal:
    """What the accounts of these people pay a year, each account once."""
    by_account = {
        item.account or item.url: item.stake
        for item in items
        if isinstance(item, Waiting) and item.stake
    }
    return sum(by_account.values(), Decimal(0))


def longest_waiting(items: Iterable[Waiting | Line]) -> Waiting | None:
    waiting = [each for each in items if isinstance(each, Waiting) and each.since is not None]
    return min(waiting, key=lambda each: each.since or each.due_at, default=None)


def _section(title: str, part: Part, now: datetime) -> Section:
    shown = part.items[:MOST_LINES]
    left = part.total - len(shown)
    more = Line(f"{left:,} more", part.url) if left > 0 and part.url else None
    return Section(title, tuple(line_of(item, now) for item in shown), more)


def line_of(item: Waiting | Line, now: datetime) -> Line:
    if isinstance(item, Line):
        return item
    who = f"{item.who}, {item.company}" if item.company else item.who
    mark = f"{span(now - item.since)} ago" if item.has_written and item.since else ""
    return Line(who, item.url, _detail(item), mark or _due(item.due_at - now))


def _detail(item: Waiting) -> str:
    words = shorten(item.words) if item.words else "no comment"
    said = f"{item.score} · {f'“{words}”' if item.words else words}"
    return f"{said} · {item.owner}" if item.owner else said


def _due(left: timedelta) -> str:
    if left < timedelta(0):
        return f"{span(-left)} late"
    return f"in {span(left)}"


def shorten(text: str, longest: int = LONGEST_WORDS) -> str:
    """On one line, cut between words, and never within brackets."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[:longest].rsplit(" ", 1)[0] or line[:longest]
    if cut.count("(") > cut.count(")"):
        cut = cut.rpartition("(")[0] or cut
    return f"{cut.rstrip(' ,.;:')} …"


def span(length: timedelta) -> str:
    """A length of time in its largest sensible unit: "40 minutes", "5 hours", "3 days"."""
    minutes = max(1, round(length / timedelta(minutes=1)))
    for below, size, word in ((90, 1, "minute"), (36 * 60, 60, "hour")):
        if minutes < below:
            return _amount(minutes / size, word)
    days = minutes / 1440
    return _amount(days, "day") if days < 60 else _amount(days / 30.44, "month")


def _amount(value: float, word: str) -> str:
    count = max(1, round(value))
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _customers(count: int) -> str:
    return "1 customer" if count == 1 else f"{count:,} customers"


# --- a team's day, for a chat room ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Load:
    """What one member has, or nobody (`who` "")."""

    who: str
    late: int
    today: int
    wrote: int


@dataclass(frozen=True, slots=True)
class TeamDay:
    name: str
    now: datetime
    currency: str
    url: str
    late: Part = NONE
    unowned: Part = NONE
    promises: Part = NONE
    loads: tuple[Load, ...] = ()


def compose_team(day: TeamDay) -> Bulletin | None:
    """What a room of the team hears in the morning; None when nothing is late, nobody's, promised
    or due."""
    busy = [load for load in day.loads if load.late or load.today or load.wrote]
    if not (busy or day.late.total or day.unowned.total or day.promises.total):
        return None
    sections = [
        _section(title, part, day.now)
        for title, part in (
            ("Waiting longest", day.late),
            ("Nobody has them", day.unowned),
            ("Promised for today, or broken", day.promises),
        )
        if part.items
    ]
    if busy:
        lines = tuple(Line(load.who or "Nobody", detail=_load(load)) for load in busy)
        sections.append(Section("Who has what", lines))
    return Bulletin(
        title=f"{day.name}: {_team_title(day, busy)}",
        lead=_team_lead(day),
        sections=tuple(sections),
        foot=(Line("Open the team's list", day.url),),
    )


def _team_title(day: TeamDay, busy: Sequence[Load]) -> str:
    due = sum(load.today for load in busy)
    said = [
        f"{count:,} {word}"
        for count, word in (
            (day.late.total, "late"),
            (day.unowned.total, "nobody's"),
            (due, "due today"),
        )
        if count
    ]
    return _list(said) or "customers wrote"


def _team_lead(day: TeamDay) -> str:
    stake = at_stake(day.late.items)
    if not stake:
        return ""
    return f"{format_money(stake, day.currency)} a year is with those who wait longest."


def _load(load: Load) -> str:
    said = [
        f"{count:,} {word}"
        for count, word in ((load.late, "late"), (load.today, "due today"), (load.wrote, "wrote"))
        if count
    ]
    return _list(said)
