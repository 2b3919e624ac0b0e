"""A report as a bulletin: the answer first, each line one thing, readable without its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from afterscore.domain import mentions
from afterscore.domain.bulletins import Bulletin, Line, Picture, Section
from afterscore.domain.compare import Change
from afterscore.domain.departments import Department
from afterscore.domain.mentions import Change as ThemeChange
from afterscore.domain.nps import Group
from afterscore.insights.composition.places import Places
from afterscore.insights.languages import Phrases, figures
from afterscore.insights.queries.departments import ThemeRow
from afterscore.insights.queries.reporting import DAYS, Contents

MOST_THEMES = 4
MOST_WORDS = 3
LONGEST_WORDS = 280
PARTS = (*(group.value for group in Group), "silent", "speaking")


@dataclass(frozen=True, slots=True)
class Teller:
    """What each sentence needs: what there is to tell, its language, and where things are done."""

    contents: Contents
    phrases: Phrases
    places: Places

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.contents.workspace.time_zone)

    @property
    def department(self) -> str:
        return department_name(self.phrases, self.contents.department)

    def say(self, key: str, **values: object) -> str:
        return self.phrases.say(key, **values)

    def count(self, number: int) -> str:
        return figures.count(self.phrases, number)

    def points(self, points: float | None) -> str:
        return figures.score(self.phrases, points)


def department_name(phrases: Phrases, department: Department) -> str:
    key = "everybody" if department is Department.LEADERSHIP else department.value
    return phrases.say(key)


def tell(teller: Teller, *, name: str, stop: str, pictures: dict[str, Picture]) -> Bulletin:
    """`pictures` by section: "score" and "trend". `stop` is where its reader ends the report."""
    return Bulletin(
        title=subject(teller),
        lead=lead(teller),
        sections=tuple(
            Section(heading, lines, picture=pictures.get(key))
            for key, heading, lines in sections(teller)
        ),
        foot=(Line(teller.say("foot", report=name)), Line(teller.say("stop"), stop)),
        direction=teller.phrases.direction,
        language=teller.phrases.code,
    )


def sections(teller: Teller) -> list[tuple[str, str, tuple[Line, ...]]]:
    """Key, title and lines of each that has something to say."""
    found = (
        ("score", tuple(score_lines(teller))),
        ("trend", trend_lines(teller)),
        ("loops", tuple(loop_lines(teller))),
        ("stake", tuple(stake_lines(teller))),
        ("themes", tuple(theme_lines(teller))),
        ("words", tuple(word_lines(teller))),
        ("done", tuple(done_lines(teller))),
        ("todo", tuple(todo_lines(teller))),
    )
    return [(key, teller.say(f"{key}_section"), lines) for key, lines in found if lines]


def title(teller: Teller) -> str:
    wave = teller.contents.wave
    if wave is not None:
        return teller.say("wave_title", program=wave.program.name, number=wave.number)
    day = figures.day(teller.phrases, last_day(teller), teller.zone)
    return teller.say("week_title", days=DAYS, date=day)


def lead(teller: Teller) -> str:
    """Some languages end a date with a full stop: one is enough."""
    return teller.say("lead", title=title(teller).removesuffix("."), verdict=verdict(teller))


def last_day(teller: Teller) -> datetime:
    """Of what it tells: its end is not included."""
    return teller.contents.until - timedelta(microseconds=1)


def subject(teller: Teller) -> str:
    measured = teller.contents.measured
    workspace = teller.contents.workspace.name
    if measured.interval is None:
        return teller.say("subject_none", workspace=workspace)
    return teller.say(
        "subject",
        workspace=workspace,
        score=teller.points(measured.tally.score),
        low=teller.points(measured.low),
        high=teller.points(measured.high),
    )


def verdict(teller: Teller) -> str:
    contents, change = teller.contents, teller.contents.change
    if not contents.has_answers:
        return teller.say("no_answers")
    if contents.before.tally.n == 0:
        return teller.say("nothing_before")
    if change.kind is Change.NOT_ENOUGH:
        return _not_enough(teller)
    comparison = change.comparison
    if comparison is None:
        return teller.say("cannot_tell")
    # The plain difference, so that it agrees with the two scores shown beside it.
    now, before = contents.measured.tally.score or 0, contents.before.tally.score or 0
    return teller.say(
        change.kind.value,
        difference=figures.score(teller.phrases, round(now) - round(before)),
        low=figures.limit(teller.phrases, comparison.low),
        high=figures.limit(teller.phrases, comparison.high),
    )


def _not_enough(teller: Teller) -> str:
    needed = teller.contents.change.needed
    if needed is None:
        return teller.say("cannot_tell")
    n = teller.count(teller.contents.measured.tally.n)
    return teller.say("not_enough", n=n, needed=teller.count(-(-needed // 10) * 10))


def score_lines(teller: Teller) -> Iterator[Line]:
    contents, tally = teller.contents, teller.contents.measured.tally
    if not contents.has_answers:
        yield Line(teller.say("no_answers"), teller.places.pulse)
        return
    yield Line(
        teller.say("score", score=teller.points(tally.score)),
        teller.places.pulse,
        detail=around(teller),
    )
    groups = {
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
    }
    yield Line(_joined(teller.say(key, n=teller.count(of)) for key, of in groups.items()))
    if contents.wave is None:
        yield Line(teller.say("fresh", n=teller.count(contents.fresh.n)), teller.places.answers)


def around(teller: Teller) -> str:
    """What a score needs beside it: its interval, how many were asked, how many answered."""
    return _joined(_around(teller))


def _around(teller: Teller) -> Iterator[str]:
    contents, measured = teller.contents, teller.contents.measured
    if measured.interval is not None:
        low, high = teller.points(measured.low), teller.points(measured.high)
        yield teller.say("interval", low=low, high=high)
    if contents.asked:
        yield teller.say("asked", n=teller.count(contents.asked))
        share = measured.tally.n / contents.asked
        yield teller.say("answered", ratio=figures.ratio(teller.phrases, share))
    else:
        yield teller.say("answers", n=teller.count(measured.tally.n))
    if contents.before.tally.n:
        yield teller.say("before", score=teller.points(contents.before.tally.score))


def trend_lines(teller: Teller) -> tuple[Line, ...]:
    """Only beside others: one month is no trend. The picture repeats the last three."""
    points = [point for point in teller.contents.trend if point.measured.tally.n]
    if len(points) < 2:
        return ()
    return tuple(
        Line(
            figures.month(teller.phrases, point.month),
            detail=_joined(
                (
                    teller.say("score", score=teller.points(point.measured.tally.score)),
                    teller.say(
                        "interval",
                        low=teller.points(point.measured.low),
                        high=teller.points(point.measured.high),
                    ),
                    teller.say("answers", n=teller.count(point.measured.tally.n)),
                )
            ),
        )
        for point in points[-3:]
    )


def loop_lines(teller: Teller) -> Iterator[Line]:
    contents = teller.contents
    line = contents.ledger.every.line
    if not line.answers:
        return
    share = line.share
    yield Line(
        teller.say(
            "closed",
            closed=teller.count(share.count),
            total=teller.count(share.n),
            ratio=figures.ratio(teller.phrases, share.ratio or 0),
        ),
        teller.places.loops,
        detail=_joined(_by_group(teller)),
    )
    neglected = [teller.say(f"{part.key}_group") for part in contents.ledger.neglected]
    if neglected:
        yield Line(
            teller.say("neglected", groups=figures.several(teller.phrases, neglected)),
            teller.places.loops,
        )


def _by_group(teller: Teller) -> Iterator[str]:
    for key in PARTS:
        share = teller.contents.ledger.part(key).line.share
        if share.n:
            yield teller.say(
                "group_closed",
                group=teller.say(f"{key}_group"),
                closed=teller.count(share.count),
                total=teller.count(share.n),
            )


def stake_lines(teller: Teller) -> Iterator[Line]:
    for stake in teller.contents.stakes:
        amount = figures.money(teller.phrases, stake.amount, stake.currency)
        yield Line(
            teller.say("stake", amount=amount),
            teller.places.unhappy,
            detail=teller.say("stake_accounts", n=teller.count(stake.accounts)),
        )


def theme_lines(teller: Teller) -> Iterator[Line]:
    rows = [row for row in teller.contents.view.own if row.rate.count]
    ranked = [row for row in rows if row.is_ranked]
    if rows and not ranked:
        yield Line(
            teller.say(
                "too_few_themes",
                n=teller.count(teller.contents.view.people),
                needed=teller.count(mentions.MINIMUM_PEOPLE),
            ),
            teller.places.department,
        )
    for row in ranked[:MOST_THEMES]:
        yield _theme_line(teller, row)


def _theme_line(teller: Teller, row: ThemeRow) -> Line:
    share = teller.say(
        "theme",
        ratio=figures.ratio(teller.phrases, row.rate.ratio or 0),
        low=figures.ratio(teller.phrases, row.rate.low),
        high=figures.ratio(teller.phrases, row.rate.high),
    )
    people = teller.say("theme_people", n=teller.count(row.rate.count))
    is_real = row.change in (ThemeChange.MORE, ThemeChange.FEWER)
    return Line(
        row.theme.name,
        teller.places.theme(row.theme.public_id),
        detail=_joined((people, share)),
        mark=teller.say(row.change.value) if is_real else "",
    )


def word_lines(teller: Teller) -> Iterator[Line]:
    """Companies, not people: a report is passed on."""
    for response, case, _themes in teller.contents.view.verbatims[:MOST_WORDS]:
        said = " ".join(response.comment.split())
        shown = said if len(said) <= LONGEST_WORDS else said[: LONGEST_WORDS - 1].rstrip() + "…"
        company = response.account.name if response.account else ""
        yield Line(
            teller.say("quoted", words=shown),
            teller.places.case(case),
            detail=_joined((teller.count(response.score), *([company] if company else []))),
        )


def done_lines(teller: Teller) -> Iterator[Line]:
    for listed in teller.contents.view.done:
        told = teller.say("told", told=teller.count(listed.told), total=teller.count(listed.voices))
        yield Line(
            listed.improvement.title,
            teller.places.improvement(listed.improvement.public_id),
            detail=told if listed.voices else "",
        )


def todo_lines(teller: Teller) -> Iterator[Line]:
    """Three links at most."""
    contents = teller.contents
    found = (
        (contents.pressing.overdue, "late", teller.places.late),
        (contents.pressing.unowned, "unowned", teller.places.unowned),
        (contents.view.work.open_tasks, "open_tasks", teller.places.department),
    )
    for number, key, place in found:
        if number:
            said = teller.say(key, n=teller.count(number), department=teller.department)
            yield Line(said, place)


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(parts)
