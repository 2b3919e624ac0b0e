"""The parts of a report on a file, one function each, in the order in which they stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from afterscore.domain import intervals
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights import charts
from afterscore.insights.charts import Chart, Table
from afterscore.insights.files import changing, ratings
from afterscore.insights.files.findings import (
    COMMENTS_USUAL,
    Analysis,
    Comments,
    Segment,
    Segments,
    Trend,
)
from afterscore.insights.files.speaking import Speech

MOST_DRAWN = 14  # segments of one column; the others stand in the table of the JSON
ROLES = (
    ("score", "score_column"), ("comment", "comment_column"), ("date", "date_column"),
    ("account", "company_column"), ("segments", "told_apart"), ("drivers", "ratings_column"),
    ("churn", "left_column"), ("revenue", "revenue"), ("csat", "satisfaction"), ("ces", "effort"),
)  # fmt: skip
"""And the phrase that names each."""
_GUESSED = {"segments": "segment", "drivers": "driver"}
_MUCH_SILENCE = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """`minds` marks what a reader has to know before she believes the rest."""

    key: str
    heading: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    minds: bool = False


def parts_of(found: Analysis, speech: Speech) -> Iterator[Part]:
    for make in _PARTS:
        yield from make(found, speech)


def _minds(found: Analysis, speech: Speech) -> Iterator[Part]:
    if said := tuple(minds_of(found, speech)):
        yield Part(key="mind", heading=speech.say("mind"), sentences=said, minds=True)


def minds_of(found: Analysis, speech: Speech) -> Iterator[str]:
    """What a reader has to know before she believes the rest."""
    yield from warnings_of(found, speech)
    rows = found.file["rows"]
    missing = sum(each.count for each in found.missing)
    if rows and missing / rows > _MUCH_SILENCE:
        yield speech.say("silent_rows", ratio=speech.percent(missing / rows))


def warnings_of(found: Analysis, speech: Speech) -> tuple[str, ...]:
    return found.warnings if speech.is_english else speech.sayings(found, "warnings")


def unsaid_of(found: Analysis, speech: Speech) -> tuple[str, ...]:
    return found.cannot_say if speech.is_english else speech.sayings(found, "cannot_say")


def _histogram(found: Analysis, speech: Speech) -> Iterator[Part]:
    if not found.overall.n:
        return
    scale = Scale(found.scale["used"])
    chart = charts.histogram(
        found.histogram,
        title=speech.say("histogram_title" if scale is Scale.ZERO_TO_TEN else "scores"),
        key="scores",
        scale=scale,
        words=speech.words,
    )
    yield Part(key="scores", heading=speech.say("scores"), charts=(chart,))


def _trend(found: Analysis, speech: Speech) -> Iterator[Part]:
    trend = found.trend
    if trend is None:
        return
    verdicts, said = changing.sentences_of(trend, speech), []
    if verdicts[-1]:
        before, after = (speech.period(each.start, trend.window) for each in trend.points[-2:])
        said.append(f"{before} {speech.arrow} {after}: {verdicts[-1]}")
    if mixed := mix_of(found, speech):
        said.append(mixed)
    if through := changing.through(trend, speech):
        said.append(through)
    if trend.undated:
        n = speech.count(trend.undated)
        said.append(speech.say("without", column=found.columns["date"], n=n))
    chart = charts.trend(
        list(_periods(trend, verdicts, speech)),
        title=speech.say(f"by_{trend.window}"),
        key="trend",
        words=speech.words,
    )
    heading = speech.say("over_time")
    yield Part(key="trend", heading=heading, sentences=tuple(said), charts=(chart,))


def mix_of(found: Analysis, speech: Speech) -> str:
    """Where the last change has to do with who answered."""
    mix = found.mix
    if mix is None or mix.verdict not in {"mix", "real"}:
        return ""
    rate, other = speech.points(mix.rate), speech.points(mix.mix)
    return speech.say("mix", column=mix.column, rate=rate, mix=other)


def _periods(trend: Trend, verdicts: Sequence[str], speech: Speech) -> Iterator[charts.Point]:
    """Also those between them in which nobody answered: a gap has to be seen."""
    following = ""
    for point, verdict in zip(trend.points, verdicts, strict=True):
        while following and following < point.start:
            yield charts.Point(label=speech.period(following, trend.window), n=0)
            following = _after(following, trend.window)
        yield charts.Point(
            label=speech.period(point.start, trend.window),
            n=point.figure.n,
            score=point.figure.score,
            low=point.figure.low,
            high=point.figure.high,
            change="rise" if point.change == "rise" else "fall" if point.change == "fall" else "",
            note=verdict,
        )
        following = _after(point.start, trend.window)


def _after(start: str, window: str) -> str:
    day = date.fromisoformat(start)
    if window == "week":
        return date.fromordinal(day.toordinal() + 7).isoformat()
    months = {"month": 1, "quarter": 3, "year": 12}[window]
    ahead = day.year * 12 + day.month - 1 + months
    return date(ahead // 12, ahead % 12 + 1, 1).isoformat()


def _segments(found: Analysis, speech: Speech) -> Iterator[Part]:
    for place, each in enumerate(found.segments):
        if not each.segments and not each.small:
            continue
        drawn = _drawn(each)
        heading = speech.say("by", column=each.column)
        chart = charts.segments(
            [_row(one) for one in drawn],
            title=heading,
            key=f"by-{place + 1}",
            by=each.column,
            overall=found.overall.score,
            words=speech.words,
        )
        yield Part(
            key=f"by-{place + 1}",
            heading=heading,
            sentences=tuple(_of_segments(each, drawn, speech)),
            charts=(chart,) if drawn else (),
        )


def _drawn(each: Segments) -> list[Segment]:
    """Those which differ and the largest, in the order of their scores."""
    first = sorted(each.segments, key=lambda one: (not one.differs, -one.figure.n))[:MOST_DRAWN]
    return [one for one in each.segments if one in first]


def _row(one: Segment) -> charts.Row:
    return charts.Row(
        label=one.value,
        n=one.figure.n,
        score=one.figure.score,
        low=one.figure.low,
        high=one.figure.high,
        pooled=one.pooled,
        differs="above" if one.differs == "above" else "below" if one.differs == "below" else "",
    )


def _of_segments(each: Segments, drawn: Sequence[Segment], speech: Speech) -> Iterator[str]:
    yield from unranked(each, speech)
    if len(drawn) < len(each.segments):
        total = speech.count(len(each.segments))
        yield speech.say("drawn", n=speech.count(len(drawn)), total=total)
    if each.blank:
        yield speech.say("without", column=each.column, n=speech.count(each.blank))


def unranked(each: Segments, speech: Speech) -> Iterator[str]:
    if len(each.segments) > 1 and not any(one.differs for one in each.segments):
        yield speech.say("none_differs")
    if each.small:
        answers = speech.count(each.small_answers)
        yield speech.say("small", n=speech.count(each.small), answers=answers)


def _drivers(found: Analysis, speech: Speech) -> Iterator[Part]:
    if found.drivers is None:
        return
    ranked = sorted(found.drivers["drivers"], key=lambda each: -each["lmg"])
    chart = charts.shares(
        [
            charts.Share(label=each["name"], ratio=each["lmg"], low=each["low"], high=each["high"])
            for each in ranked
        ],
        title=speech.say("drivers_title"),
        key="drivers",
        by=speech.say("rating"),
        words=speech.words,
    )
    ratio, n = speech.percent(found.drivers["r2"]), speech.count(found.drivers["n"])
    said = [speech.say("drivers_said", ratio=ratio, n=n)]
    if found.drivers["incomplete"]:
        said.append(speech.say("incomplete", n=speech.count(found.drivers["incomplete"])))
    heading = speech.say("drivers")
    yield Part(key="drivers", heading=heading, sentences=tuple(said), charts=(chart,))


def _ratings(found: Analysis, speech: Speech) -> Iterator[Part]:
    """Figures of their own: neither is made a net promoter score."""
    if found.satisfaction is not None:
        said = tuple(ratings.tell_satisfaction(found.satisfaction, speech))
        yield Part(key="satisfaction", heading=speech.say("satisfaction"), sentences=said)
    if found.effort is not None:
        said = tuple(ratings.tell_effort(found.effort, speech))
        yield Part(key="effort", heading=speech.say("effort"), sentences=said)


def _comments(found: Analysis, speech: Speech) -> Iterator[Part]:
    comments = found.comments
    if comments is None:
        return
    overall = found.overall
    sizes = (overall.promoters, overall.passives, overall.detractors)
    rows = []
    for group, n, ratio in zip(Group, sizes, comments.by_group, strict=True):
        if ratio is not None:
            limits = intervals.wilson(ratio, n)
            rows.append(
                charts.Share(
                    label=speech.group(group), ratio=ratio, low=limits[0], high=limits[1], n=n,
                    tone=group.value,
                )
            )  # fmt: skip
    title = speech.say("comments")
    chart = charts.shares(rows, title=title, key="comments", words=speech.words)
    said = tuple(comments_of(comments, speech))
    yield Part(key="comments", heading=title, sentences=said, charts=(chart,))


def comments_of(comments: Comments, speech: Speech) -> Iterator[str]:
    low, high = map(speech.percent, COMMENTS_USUAL)
    ratio, n = speech.percent(comments.ratio), speech.count(comments.with_comment)
    yield speech.say("wrote", ratio=ratio, n=n, low=low, high=high)
    if comments.says_nothing:
        yield speech.say("says_nothing", n=speech.count(comments.says_nothing))
    if comments.ratio < 1:
        yield speech.say("wants_answer")


def _accounts(found: Analysis, speech: Speech) -> Iterator[Part]:
    if said := tuple(accounts_of(found, speech)):
        yield Part(key="accounts", heading=speech.say("companies"), sentences=said)


def accounts_of(found: Analysis, speech: Speech) -> Iterator[str]:
    accounts = found.accounts
    if accounts is None:
        return
    n, score = speech.count(accounts["accounts"]), speech.points(accounts["score"])
    yield speech.say("companies_said", n=n, score=score)
    detractors = speech.count(accounts["with_a_detractor"])
    alone = speech.count(accounts["of_one_person"])
    yield speech.say("companies_more", detractors=detractors, alone=alone)
    if worth := worth_sentence(found, speech):
        yield worth


def worth_sentence(found: Analysis, speech: Speech) -> str:
    """Where people of one company think alike."""
    n, worth = found.overall.n, found.overall.effective_n
    if worth is None or worth >= n:
        return ""
    return speech.say("worth", n=speech.count(n), worth=speech.count(round(worth)))


def _leaving(found: Analysis, speech: Speech) -> Iterator[Part]:
    leaving = found.leaving
    if leaving is None:
        return
    rows = [
        charts.Share(
            label=speech.group(rate["group"]), ratio=rate["ratio"], low=rate["low"],
            high=rate["high"], n=rate["n"], tone=Group(rate["group"]).value,
        )
        for rate in leaving["rates"]
        if rate["ratio"] is not None
    ]  # fmt: skip
    heading = speech.say("left_column")
    chart = charts.shares(rows, title=heading, key="leaving", words=speech.words)
    said = tuple(leaving_of(leaving, speech, str(found.columns["churn"])))
    yield Part(key="leaving", heading=heading, sentences=said, charts=(chart,) if rows else ())


def leaving_of(leaving: Mapping[str, Any], speech: Speech, column: str) -> Iterator[str]:
    """Whether the score has to do with who left, and of how many it is not known."""
    relation = leaving["relation"]
    yield speech.say(_RELATIONS[relation])
    if leaving["auc"] is not None and relation != "none":
        ratio, low, high = (speech.percent(leaving[each]) for each in ("auc", "low", "high"))
        yield speech.say("auc", ratio=ratio, low=low, high=high)
    if leaving["unknown"]:
        yield speech.say("without", column=column, n=speech.count(leaving["unknown"]))


_RELATIONS = {
    "none": "relation_none",
    "lower_leave": "lower_leave",
    "higher_leave": "higher_leave",
    "not_enough": "relation_not_enough",
}


def _revenue(found: Analysis, speech: Speech) -> Iterator[Part]:
    if not found.revenue:
        return
    rows = tuple(
        (
            speech.group(row["group"]),
            row["n"],
            round(row["revenue"]),
            speech.percent(row["share"], 1),
        )
        for row in found.revenue
    )
    heading = speech.say("revenue")
    header = (speech.say("group"), speech.say("n"), heading, speech.say("revenue_share"))
    table = Table(header, rows, speech.words)
    said = tuple(without_revenue(found, speech))
    yield Part(key="revenue", heading=heading, sentences=said, tables=((heading, table),))


def without_revenue(found: Analysis, speech: Speech) -> Iterator[str]:
    """Answers beside which no amount stands, or none that can be read."""
    if missing := found.overall.n - sum(row["n"] for row in found.revenue):
        yield speech.say("without", column=found.columns["revenue"], n=speech.count(missing))


def _cannot(found: Analysis, speech: Speech) -> Iterator[Part]:
    heading, said = speech.say("cannot"), unsaid_of(found, speech)
    yield Part(key="cannot", heading=heading, sentences=said, minds=True)


def _counted(found: Analysis, speech: Speech) -> Iterator[Part]:
    """Every row, and why those without a score have none."""
    tables = (
        (speech.say("rows"), _rows_table(found, speech)),
        (speech.say("columns"), _columns_table(found, speech)),
    )
    said = (*rows_of(found, speech), speech.say("counting"), speech.say("method"))
    yield Part(key="counted", heading=speech.say("counted"), sentences=said, tables=tables)


def rows_of(found: Analysis, speech: Speech) -> Iterator[str]:
    file = found.file
    written = file["written"] if speech.is_english else file["signs"]
    yield speech.say("rows_said", n=speech.count(file["rows"]), written=written)
    if file["broken_rows"]:
        yield speech.say("broken", n=speech.count(file["broken_rows"]))


def _rows_table(found: Analysis, speech: Speech) -> Table:
    header = (speech.say("score_column"), speech.say("rows"), speech.say("such_as"))
    rows = [(speech.say("with_score"), found.overall.n, "")]
    rows += [
        (speech.say(each.reason), each.count, ", ".join(each.examples)) for each in found.missing
    ]
    return Table(header, tuple(rows), speech.words)


def _columns_table(found: Analysis, speech: Speech) -> Table:
    header = (speech.say("meaning"), speech.say("column"), speech.say("origin"))
    rows = [
        (label, ", ".join(names), speech.say("guessed" if guessed else "said"))
        for label, names, guessed in columns_of(found, speech)
    ]
    return Table(header, tuple(rows), speech.words)


def columns_of(found: Analysis, speech: Speech) -> Iterator[tuple[str, Sequence[str], bool]]:
    """What each column means, its names, and whether that was guessed."""
    for role, phrase in ROLES:
        if names := found.columns.get(role):
            several = names if isinstance(names, list | tuple) else (str(names),)
            yield speech.say(phrase), several, _GUESSED.get(role, role) in found.guessed


_PARTS: tuple[Callable[[Analysis, Speech], Iterator[Part]], ...] = (
    _minds, _histogram, _trend, _segments, _drivers, _ratings, _comments, _accounts, _leaving,
    _revenue, _cannot, _counted,
)  # fmt: skip
