"""From counts to findings: what an expert would say of a file, and what it cannot say.

The findings are plain data; as JSON their shape is described in docs/api/analysis.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from afterscore.domain import (
    compare,
    drivers,
    families,
    intervals,
    mix,
    nps,
    outcomes,
    pooling,
    power,
    scales,
    trends,
)
from afterscore.domain.nps import Group, Histogram, Tally
from afterscore.domain.scales import Scale
from afterscore.insights.files import counting, guessing, reading
from afterscore.insights.files.counting import Cells, Counts
from afterscore.insights.files.guessing import Columns, Given, Role
from afterscore.insights.files.reading import Source

VERSION = "afterscore.analysis/1"
FEWEST_IN_PERIOD = 50
MOST_PERIODS = 60
FEWEST_IN_SEGMENT = 30
COMMENTS_USUAL = (0.6, 0.7)


class NotAScore(Exception):
    """The column is on a scale that makes no net promoter score, or on one nobody confirmed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with everything that belongs to it, in points; None without answers."""

    n: int
    detractors: int
    passives: int
    promoters: int
    score: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Missing:
    reason: str
    label: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comments:
    """`by_group` in the order promoters, passives, detractors."""

    with_comment: int
    says_nothing: int
    ratio: float
    by_group: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Point:
    start: str
    end: str
    figure: Figure
    change: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Trend:
    """`window` is week, month, quarter or year. `change` of a point: rise, fall, noise or
    not_enough against the one before, in the family of all of them."""

    window: str
    points: tuple[Point, ...]
    undated: int
    last: str


@dataclass(frozen=True, slots=True)
class Segment:
    """`pooled` is what its true score is worth believing, beside the others; `differs` from all the
    rest beyond chance, in the family of all segments of the column."""

    value: str
    figure: Figure
    pooled: float | None
    pooled_low: float | None
    pooled_high: float | None
    differs: str


@dataclass(frozen=True, slots=True)
class Segments:
    column: str
    segments: tuple[Segment, ...]
    small: int
    small_answers: int
    blank: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Of the last change, by the first column of segments."""

    column: str
    before: str
    after: str
    difference: float
    rate: float
    mix: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Analysis:
    version: str
    file: dict[str, Any]
    columns: dict[str, Any]
    guessed: tuple[str, ...]
    scale: dict[str, Any]
    overall: Figure
    histogram: Histogram
    missing: tuple[Missing, ...]
    noticeable: str
    comments: Comments | None = None
    trend: Trend | None = None
    mix: Mix | None = None
    segments: tuple[Segments, ...] = ()
    accounts: dict[str, Any] | None = None
    drivers: dict[str, Any] | None = None
    leaving: dict[str, Any] | None = None
    revenue: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    cannot_say: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Wishes:
    """What whoever runs it has said."""

    given: Given = field(default_factory=Given)
    scale: Scale | None = None
    dates: str = ""


def analyse(path: Path, wishes: Wishes) -> Analysis:
    """Raises FileError, Unclear, Ambiguous or NotAScore, each with what to do about it."""
    with reading.opened(path) as source:
        samples = counting.samples(source)
        columns = guessing.choose(samples, wishes.given)
        by_name = {sample.name: sample for sample in samples}
        order = wishes.dates
        if columns.date and not order:
            order = counting.date_order(by_name[columns.date])
        cells = counting.read_cells(source, columns.score)
        scale, warning = _scale(cells, wishes.scale)
        counts = counting.count(source, columns, scale=scale, order=order, cells=cells)
        return _findings(source, columns, scale, counts=counts, warnings=warning)


def _scale(cells: Cells, declared: Scale | None) -> tuple[Scale, list[str]]:
    """The scale to count on, and what to say about it."""
    found = scales.guess(cells.numbers)
    if declared is Scale.ONE_TO_SEVEN or (declared is None and found.scale is Scale.ONE_TO_SEVEN):
        raise NotAScore(
            f"{found.why} Such a scale makes no net promoter score. If these are answers from 0 to "
            "10 of very unhappy people, say so: --scale 0-10."
        )
    if declared is not None:
        return declared, []
    if found.scale is Scale.ONE_TO_FIVE:
        raise NotAScore(
            f"{found.why} If it is, say --scale 1-5: then 5 counts as a promoter, 4 as a passive "
            "and the rest as detractors. If people were asked from 0 to 10, say --scale 0-10."
        )
    if found.scale is Scale.ONE_TO_TEN:
        said = (
            f"{found.why} The numbers are taken as they stand; nobody could give a 0, so do not "
            "compare this score with one from 0 to 10."
        )
        return Scale.ONE_TO_TEN, [said]
    if found.scale is None:
        return Scale.ZERO_TO_TEN, [f"{found.why} Counted as 0 to 10."]
    return Scale.ZERO_TO_TEN, []


def figure_of(histogram: Histogram) -> Figure:
    tally = nps.tally(histogram)
    interval = intervals.score_interval(tally)
    return Figure(
        n=tally.n,
        detractors=tally.detractors,
        passives=tally.passives,
        promoters=tally.promoters,
        score=tally.score,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def _findings(
    source: Source, columns: Columns, scale: Scale, *, counts: Counts, warnings: list[str]
) -> Analysis:
    trend = _trend(counts)
    warnings += _scale_breaks(counts)
    return Analysis(
        version=VERSION,
        file={
            "name": source.name,
            "written": source.written,
            "rows": source.rows,
            "broken_rows": source.broken,
        },
        columns={
            "score": columns.score,
            "comment": columns.comment,
            "date": columns.date,
            "account": columns.account,
            "segments": columns.segments,
            "drivers": columns.drivers,
            "churn": columns.churn,
            "revenue": columns.revenue,
        },
        guessed=tuple(columns.guessed),
        scale={"used": scale.value, "label": scale.label},
        overall=figure_of(counts.histogram),
        histogram=counts.histogram,
        missing=tuple(
            Missing(why.value, why.label, times, tuple(counts.examples.get(why, ())))
            for why, times in counts.missing.most_common()
        ),
        noticeable=power.describe(sum(counts.histogram), sum(counts.histogram)),
        comments=_comments(counts),
        trend=trend,
        mix=_mix(columns, counts),
        segments=tuple(
            _segments(name, found)
            for name, found in zip(columns.segments, counts.segments, strict=True)
        ),
        accounts=_accounts(counts),
        drivers=_drivers(columns, counts, warnings),
        leaving=_leaving(counts),
        revenue=_revenue(counts),
        warnings=tuple(warnings),
        cannot_say=tuple(_cannot_say(columns, counts)),
    )


def _comments(counts: Counts) -> Comments | None:
    if counts.spoken is None or not sum(counts.histogram):
        return None
    spoken = counts.spoken

    def ratio(group: Group) -> float | None:
        n = sum(counts.histogram[score] for score in nps.scores_of(group))
        return sum(spoken[score] for score in nps.scores_of(group)) / n if n else None

    return Comments(
        sum(spoken),
        counts.says_nothing,
        sum(spoken) / sum(counts.histogram),
        (ratio(Group.PROMOTER), ratio(Group.PASSIVE), ratio(Group.DETRACTOR)),
    )


# --- over time -----------------------------------------------------------------------------------


def _window_start(day: date, window: str) -> date:
    match window:
        case "week":
            return date.fromordinal(day.toordinal() - day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        case _:
            return date(day.year, 1, 1)


def _by_window(by_day: Mapping[date, Histogram], window: str) -> dict[date, Histogram]:
    found: dict[date, Histogram] = {}
    for day, histogram in sorted(by_day.items()):
        start = _window_start(day, window)
        found[start] = nps.add(found.get(start, nps.empty_histogram()), histogram)
    return found


def choose_window(by_day: Mapping[date, Histogram]) -> tuple[str, dict[date, Histogram]]:
    """The finest in which half of the periods have enough answers and not too many stand beside
    each other."""
    for window in ("week", "month", "quarter"):
        periods = _by_window(by_day, window)
        sizes = sorted(sum(each) for each in periods.values())
        if sizes[len(sizes) // 2] >= FEWEST_IN_PERIOD and len(periods) <= MOST_PERIODS:
            return window, periods
    return "year", _by_window(by_day, "year")


def _trend(counts: Counts) -> Trend | None:
    if not counts.by_day:
        return None
    window, periods = choose_window(counts.by_day)
    starts = sorted(periods)
    tallies = [nps.tally(periods[start]) for start in starts]
    changes = _changes(tallies)
    points = tuple(
        Point(
            start=start.isoformat(),
            end=_last_day(start, window).isoformat(),
            figure=figure_of(periods[start]),
            change=change,
            sentence=sentence,
        )
        for start, (change, sentence) in zip(starts, changes, strict=True)
    )
    return Trend(window, points, counts.undated, points[-1].sentence)


def _last_day(start: date, window: str) -> date:
    length = {"week": 7, "month": 31, "quarter": 93, "year": 366}[window]
    following = _window_start(date.fromordinal(start.toordinal() + length), window)
    return date.fromordinal(following.toordinal() - 1)


def _changes(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    """Of each period against the one before; a change has to hold in the family of all of them."""
    pairs = list(pairwise(tallies))
    found = [compare.compare(first, second) for first, second in pairs]
    adjusted = iter(families.adjusted([each.p_value for each in found if each is not None]))
    told: list[tuple[str, str]] = [("", "")]
    for (first, second), comparison in zip(pairs, found, strict=True):
        described = trends.describe_change(first, second)
        chance = next(adjusted) if comparison is not None else 1.0
        kind, sentence = described.kind.value, described.sentence
        if kind in {"rise", "fall"} and chance >= 0.05:
            kind = "noise"
            sentence = (
                f"Perhaps a change, but among {len(pairs)} comparisons one like this is expected "
                "by chance."
            )
        told.append((kind, sentence))
    return told


def _scale_breaks(counts: Counts) -> list[str]:
    months = _by_window(counts.by_day, "month") if counts.by_day else {}
    series = [
        (month, {float(score): times for score, times in enumerate(histogram)})
        for month, histogram in sorted(months.items())
    ]
    return [
        f"From {each.period:%B %Y} on people seem to answer from {each.after.label} and no longer "
        f"from {each.before.label}: scores before and after cannot be compared."
        for each in scales.breaks(series)
        if isinstance(each.period, date)
    ]


def _mix(columns: Columns, counts: Counts) -> Mix | None:
    """Why the last two quarters differ, by the first column of segments that has them both."""
    if not counts.segment_days:
        return None
    window, periods = choose_window(counts.by_day)
    if len(periods) < 2:
        return None
    before, after = sorted(periods)[-2:]
    if window == "week":  # segments are counted by month
        return None
    sides: list[dict[str, Tally]] = []
    for start in (before, after):
        held: dict[str, Histogram] = {}
        for (month, value), histogram in counts.segment_days[0].items():
            if _window_start(month, window) == start:
                key = value or ""
                held[key] = nps.add(held.get(key, nps.empty_histogram()), histogram)
        sides.append({key: nps.tally(histogram) for key, histogram in held.items()})
    found = mix.decompose(*sides)
    if found is None:
        return None
    return Mix(
        columns.segments[0],
        before.isoformat(),
        after.isoformat(),
        found.difference,
        found.rate,
        found.mix,
        found.verdict.value,
    )


# --- segments ------------------------------------------------------------------------------------


def _segments(name: str, found: Mapping[str | None, Histogram]) -> Segments:
    named = {value: histogram for value, histogram in found.items() if value is not None}
    tallies = {value: nps.tally(histogram) for value, histogram in named.items()}
    pool = pooling.pool(tallies)
    large = {value: tally for value, tally in tallies.items() if tally.n >= FEWEST_IN_SEGMENT}
    verdicts = _differences(large, tallies)
    segments = []
    for value in large:
        pooled = pool.segments[value] if pool else None
        segments.append(
            Segment(
                value=value,
                figure=figure_of(named[value]),
                pooled=pooled.score if pooled else None,
                pooled_low=pooled.low if pooled else None,
                pooled_high=pooled.high if pooled else None,
                differs=verdicts[value],
            )
        )
    segments.sort(key=lambda each: (-(each.figure.score or 0), each.value))
    return Segments(
        column=name,
        segments=tuple(segments),
        small=len(tallies) - len(large),
        small_answers=sum(tally.n for value, tally in tallies.items() if value not in large),
        blank=sum(found.get(None, ())),
    )


def _differences(large: Mapping[str, Tally], every: Mapping[str, Tally]) -> dict[str, str]:
    """Above or below all the others together, beyond chance in their family."""
    whole = Tally(
        sum(tally.detractors for tally in every.values()),
        sum(tally.passives for tally in every.values()),
        sum(tally.promoters for tally in every.values()),
    )
    found = {}
    for value, tally in large.items():
        rest = Tally(
            whole.detractors - tally.detractors,
            whole.passives - tally.passives,
            whole.promoters - tally.promoters,
        )
        found[value] = compare.compare(rest, tally)
    seen = {value: each for value, each in found.items() if each is not None}
    chances = dict(
        zip(seen, families.adjusted([each.p_value for each in seen.values()]), strict=True)
    )
    return {
        value: ("above" if seen[value].difference > 0 else "below")
        if value in seen and chances[value] < 0.05
        else ""
        for value in large
    }


def _accounts(counts: Counts) -> dict[str, Any] | None:
    """Each account counts once, however many of its people answered."""
    if not counts.accounts:
        return None
    tallies = [nps.tally(histogram) for histogram in counts.accounts]
    scores = [tally.score for tally in tallies if tally.score is not None]
    return {
        "accounts": len(scores),
        "score": sum(scores) / len(scores),
        "with_a_detractor": sum(tally.detractors > 0 for tally in tallies),
        "of_one_person": sum(tally.n == 1 for tally in tallies),
    }


def _drivers(columns: Columns, counts: Counts, warnings: list[str]) -> dict[str, Any] | None:
    if not counts.moments:
        return None
    try:
        found = drivers.find(columns.drivers, counts.moments)
    except drivers.Inseparable as error:
        warnings.append(f"What goes along with the score cannot be told: {error}")
        return None
    if found is None:
        return None
    return {**asdict(found), "incomplete": counts.incomplete}


def _leaving(counts: Counts) -> dict[str, Any] | None:
    if counts.left is None or counts.stayed is None:
        return None
    unknown = sum(counts.histogram) - sum(counts.left) - sum(counts.stayed)
    return {**asdict(outcomes.leaving(counts.left, counts.stayed)), "unknown": unknown}


def _revenue(counts: Counts) -> tuple[dict[str, Any], ...]:
    if not counts.revenue:
        return ()
    whole = sum(total for _, total in counts.revenue.values())
    rows = []
    for group in Group:
        held = [counts.revenue.get(score, (0, 0.0)) for score in nps.scores_of(group)]
        total = sum(amount for _, amount in held)
        rows.append(
            {
                "group": group.value,
                "n": sum(n for n, _ in held),
                "revenue": total,
                "share": total / whole if whole else None,
            }
        )
    return tuple(rows)


_SILENT = (
    "Who did not answer: the file holds answers only. If unhappy customers were not asked, or "
    "stayed silent, the score is too high and no interval shows it."
)


def _cannot_say(columns: Columns, counts: Counts) -> list[str]:
    said = [_SILENT]
    if columns.date is None:
        said.append("Whether it gets better or worse: there is no column with a date.")
    elif counts.undated:
        said.append(
            f"When {counts.undated:,} of the answers were given: no date stands there, or none "
            "that can be read (1970-01-01 is what computers write where they know none)."
        )
    if columns.comment is None:
        said.append("Why people answered so: there is no column with comments.")
    if not columns.segments:
        said.append("Who is happy and who is not: there is no column to tell customers apart by.")
    if columns.churn is None:
        said.append("Whether the score has anything to do with who leaves: add --churn COLUMN.")
    if Role.SCORE in columns.guessed:
        said.append(f"Whether “{columns.score}” is what was asked: it was guessed from its name.")
    return said
