"""The parts of a report on a file, one function each, in the order in which they stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from afterscore.domain import intervals
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights import charts
from afterscore.insights.charts import Chart, Table
from afterscore.insights.charts.wording import count, percent, points
from afterscore.insights.files import ratings, telling
from afterscore.insights.files.findings import (
    COMMENTS_USUAL,
    Analysis,
    Point,
    Segment,
    Segments,
    Trend,
)

MOST_DRAWN = 14  # segments of one column; the others stand in the table of the JSON
ROLES = (
    ("score", "Score"), ("comment", "Comment"), ("date", "Date"), ("account", "Company"),
    ("segments", "Told apart by"), ("drivers", "Ratings beside the score"), ("churn", "Who left"),
    ("revenue", "What they pay"), ("csat", "Satisfaction"), ("ces", "Effort"),
)  # fmt: skip
_GUESSED = {"segments": "segment", "drivers": "driver"}
_METHOD = (
    "The score is the share of promoters minus the share of detractors, in "
    "points from −100 to +100. Its limits are those of the iterative score method, 95 %. A change "
    "or a difference is called one only if chance makes it in fewer than 5 of 100 cases, all "
    "comparisons of its kind taken together (Holm)."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """`minds` marks what a reader has to know before she believes the rest."""

    key: str
    heading: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    minds: bool = False


def parts_of(found: Analysis) -> Iterator[Part]:
    for make in _PARTS:
        yield from make(found)


def _minds(found: Analysis) -> Iterator[Part]:
    said = list(found.warnings)
    n = found.file["rows"]
    missing = sum(each.count for each in found.missing)
    if n and missing / n > 0.2:
        said.append(
            f"{percent(missing / n)} of the rows hold no score. If these are people who were asked "
            "and stayed silent, the score is of those who speak, and no interval shows the rest."
        )
    if said:
        yield Part(key="mind", heading="Mind", sentences=tuple(said), minds=True)


def _histogram(found: Analysis) -> Iterator[Part]:
    if not found.overall.n:
        return
    scale = Scale(found.scale["used"])
    chart = charts.histogram(
        found.histogram, title="How often each score was given", key="scores", scale=scale
    )
    yield Part(key="scores", heading="Scores", charts=(chart,))


def _trend(found: Analysis) -> Iterator[Part]:
    trend = found.trend
    if trend is None:
        return
    said = []
    if trend.last:
        before, after = (_label(point, trend) for point in trend.points[-2:])
        said.append(f"{after} against {before}: {trend.last}")
    if found.mix is not None and found.mix.verdict in {"mix", "real"}:
        said.append(
            f"By {found.mix.column}: {points(found.mix.rate)} points because people answered "
            f"otherwise, {points(found.mix.mix)} because others answered."
        )
    if trend.undated:
        said.append(f"{count(trend.undated)} answers without a date are not in it.")
    chart = charts.trend(
        list(_periods(trend)), title=f"Score by {trend.window}", key="trend"
    )  # fmt: skip
    yield Part(key="trend", heading="Over time", sentences=tuple(said), charts=(chart,))


def _label(point: Point, trend: Trend) -> str:
    return telling.period_label(point.start, trend.window)


def _periods(trend: Trend) -> Iterator[charts.Point]:
    """Also those between them in which nobody answered: a gap has to be seen."""
    following = ""
    for point in trend.points:
        while following and following < point.start:
            silent = Point(following, "", point.figure, "", "")
            yield charts.Point(label=_label(silent, trend), n=0)
            following = _after(following, trend.window)
        yield charts.Point(
            label=_label(point, trend),
            n=point.figure.n,
            score=point.figure.score,
            low=point.figure.low,
            high=point.figure.high,
            change="rise" if point.change == "rise" else "fall" if point.change == "fall" else "",
            note=point.sentence,
        )
        following = _after(point.start, trend.window)


def _after(start: str, window: str) -> str:
    day = date.fromisoformat(start)
    if window == "week":
        return date.fromordinal(day.toordinal() + 7).isoformat()
    months = {"month": 1, "quarter": 3, "year": 12}[window]
    ahead = day.year * 12 + day.month - 1 + months
    return date(ahead // 12, ahead % 12 + 1, 1).isoformat()


def _segments(found: Analysis) -> Iterator[Part]:
    for place, each in enumerate(found.segments):
        if not each.segments and not each.small:
            continue
        drawn = _drawn(each)
        chart = charts.segments(
            [_row(one) for one in drawn],
            title=f"Score by {each.column}",
            key=f"by-{place + 1}",
            by=each.column,
            overall=found.overall.score,
        )
        yield Part(
            key=f"by-{place + 1}",
            heading=f"By {each.column}",
            sentences=tuple(_of_segments(each, drawn)),
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


def _of_segments(each: Segments, drawn: Sequence[Segment]) -> Iterator[str]:
    if len(each.segments) > 1 and not any(one.differs for one in each.segments):
        yield "None differs from the rest beyond chance."
    if len(drawn) < len(each.segments):
        yield (
            f"{len(drawn)} of {len(each.segments)} are drawn: those that differ from the rest, "
            "and the largest."
        )
    if each.small:
        yield (
            f"{each.small} more with fewer than 30 answers each ({count(each.small_answers)} in "
            "all) are not ranked."
        )
    if each.blank:
        yield f"{count(each.blank)} answers have no {each.column}."


def _drivers(found: Analysis) -> Iterator[Part]:
    if found.drivers is None:
        return
    ranked = sorted(found.drivers["drivers"], key=lambda each: -each["lmg"])
    chart = charts.shares(
        [
            charts.Share(label=each["name"], ratio=each["lmg"], low=each["low"], high=each["high"])
            for each in ranked
        ],
        title="How much of the score goes along with each",
        key="drivers",
        by="Rating",
    )
    said = [
        (
            f"All together they go along with {percent(found.drivers['r2'])} of the score, on "
            f"{count(found.drivers['n'])} complete answers. Going along with is not causing."
        )
    ]
    if found.drivers["incomplete"]:
        said.append(f"{count(found.drivers['incomplete'])} answers lack a rating and are left out.")
    yield Part(
        key="drivers",
        heading="What goes along with the score",
        sentences=tuple(said),
        charts=(chart,),
    )


def _ratings(found: Analysis) -> Iterator[Part]:
    """Figures of their own: neither is made a net promoter score."""
    if found.satisfaction is not None:
        said = tuple(ratings.tell_satisfaction(found.satisfaction))
        yield Part(key="satisfaction", heading="Satisfaction", sentences=said)
    if found.effort is not None:
        said = tuple(ratings.tell_effort(found.effort))
        yield Part(key="effort", heading="Effort", sentences=said)


def _comments(found: Analysis) -> Iterator[Part]:
    comments = found.comments
    if comments is None:
        return
    low, high = COMMENTS_USUAL
    said = [
        (
            f"{percent(comments.ratio)} wrote one ({count(comments.with_comment)}); "
            f"{percent(low)} to {percent(high)} is usual."
        )
    ]
    if comments.says_nothing:
        said.append(f"{count(comments.says_nothing)} say nothing, such as “none” or “-”.")
    if comments.ratio < 1:
        said.append("Who wrote nothing wants an answer too.")
    overall = found.overall
    sizes = (overall.promoters, overall.passives, overall.detractors)
    rows = []
    for group, n, ratio in zip(Group, sizes, comments.by_group, strict=True):
        if ratio is not None:
            limits = intervals.wilson(ratio, n)
            rows.append(
                charts.Share(
                    label=f"{group.value.capitalize()}s", ratio=ratio, low=limits[0],
                    high=limits[1], n=n, tone=group.value,
                )
            )  # fmt: skip
    chart = charts.shares(rows, title="Who wrote a comment", key="comments")
    yield Part(key="comments", heading="Comments", sentences=tuple(said), charts=(chart,))


def worth_sentence(found: Analysis) -> str:
    """Where people of one company think alike."""
    n, worth = found.overall.n, found.overall.effective_n
    if worth is None or worth >= n:
        return ""
    return (
        f"People of one company think alike: the {count(n)} answers are worth "
        f"{count(round(worth))} independent ones, and every interval allows for it."
    )


def _accounts(found: Analysis) -> Iterator[Part]:
    accounts = found.accounts
    if accounts is None:
        return
    alone = accounts["of_one_person"]
    said = [
        (
            f"{count(accounts['accounts'])} companies; each counted once, however many of its "
            f"people answered, the score is {points(accounts['score'])}."
        ),
        (
            f"{count(accounts['with_a_detractor'])} of them have a detractor. In {count(alone)} a "
            "single person answered."
        ),
    ]
    if worth := worth_sentence(found):
        said.append(worth)
    yield Part(key="accounts", heading="Companies", sentences=tuple(said))


def _leaving(found: Analysis) -> Iterator[Part]:
    leaving = found.leaving
    if leaving is None:
        return
    rows = [
        charts.Share(
            label=f"{Group(rate['group']).value.capitalize()}s", ratio=rate["ratio"],
            low=rate["low"], high=rate["high"], n=rate["n"], tone=Group(rate["group"]).value,
        )
        for rate in leaving["rates"]
        if rate["ratio"] is not None
    ]  # fmt: skip
    chart = charts.shares(rows, title="Who left, of each group", key="leaving")
    yield Part(
        key="leaving",
        heading="Who left",
        sentences=(telling.relation(leaving),),
        charts=(chart,) if rows else (),
    )


def _revenue(found: Analysis) -> Iterator[Part]:
    if not found.revenue:
        return
    rows = tuple(
        (
            f"{row['group'].capitalize()}s",
            row["n"],
            f"{row['revenue']:,.0f}",
            percent(row["share"], 1),
        )
        for row in found.revenue
    )
    table = Table(("Group", "Answers", "Revenue", "Share of revenue"), rows)
    yield Part(key="revenue", heading="Revenue", tables=(("What each group pays", table),))


def _cannot(found: Analysis) -> Iterator[Part]:
    yield Part(
        key="cannot",
        heading="What this file cannot say",
        sentences=tuple(
            each.replace("add --churn COLUMN", "no column says who left")
            for each in found.cannot_say
        ),
        minds=True,
    )


def _counted(found: Analysis) -> Iterator[Part]:
    """Every row, and why those without a score have none."""
    file = found.file
    said = [f"{count(file['rows'])} rows ({file['written']}).", _METHOD]
    if file["broken_rows"]:
        said.insert(
            1, f"{count(file['broken_rows'])} rows do not fit the columns and are left out."
        )
    scored = ("with a score", found.overall.n, "")
    rows = (scored, *((each.label, each.count, ", ".join(each.examples)) for each in found.missing))
    guessed = set(found.guessed)
    columns = []
    for role, label in ROLES:
        names = found.columns.get(role)
        if names:
            shown = ", ".join(names) if isinstance(names, list | tuple) else str(names)
            by = "guessed" if _GUESSED.get(role, role) in guessed else "said"
            columns.append((label, shown, by))
    tables = (
        ("Rows", Table(("Cell of the score", "Rows", "Such as"), rows)),
        ("Columns", Table(("What", "Column", "Guessed or said"), tuple(columns))),
    )
    yield Part(key="counted", heading="How it was counted", sentences=tuple(said), tables=tables)


_PARTS: tuple[Callable[[Analysis], Iterator[Part]], ...] = (
    _minds, _histogram, _trend, _segments, _drivers, _ratings, _comments, _accounts, _leaving,
    _revenue, _cannot, _counted,
)  # fmt: skip
