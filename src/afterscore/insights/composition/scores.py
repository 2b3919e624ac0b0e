"""The page "Score": how it stands, how it moved, and where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from afterscore.domain import power, rankings, spans
from afterscore.domain.compare import Change
from afterscore.domain.rankings import Stands
from afterscore.domain.spans import Span
from afterscore.domain.trends import ChangeSentence
from afterscore.domain.verdicts import Verdict
from afterscore.insights import analyses, charts
from afterscore.insights.analyses import Cell, Condition
from afterscore.insights.charts import Chart
from afterscore.insights.composition import ways
from afterscore.insights.composition.frames import Frame, Pick
from afterscore.insights.composition.ways import Ways
from afterscore.insights.queries import scoring
from afterscore.insights.queries.pulse import Measured, measure_cell
from afterscore.insights.queries.scoring import Segment, Trend

PREFERRED = ("account.plan", "account.industry", "contact.persona", "program")
THROUGH = "through"  # the figure of the line through all steps
MOST_SEGMENTS = 40
MOST_DRAWN = 15
STEPS = [
    ("", "in steps that bear it"),
    *((step, f"by {step}") for step in (*scoring.STEPS, scoring.BY_WAVE)),
]
CHANGES = {
    Change.RISE: ("real rise", "up", "good"),
    Change.FALL: ("real fall", "down", "bad"),
    Change.NOISE: ("chance", "", "quiet"),
    Change.NOT_ENOUGH: ("can't tell yet", "question", "quiet"),
}
VERDICTS = {
    Verdict.RISE: CHANGES[Change.RISE],
    Verdict.FALL: CHANGES[Change.FALL],
    Verdict.MIX: ("other customers answered", "customers", "busy"),
    Verdict.PERHAPS: ("perhaps", "question", "quiet"),
    Verdict.NOISE: CHANGES[Change.NOISE],
    Verdict.NOT_ENOUGH: CHANGES[Change.NOT_ENOUGH],
}
STANDS = {
    Stands.ABOVE: ("above the others", "up", "good"),
    Stands.BELOW: ("below the others", "down", "bad"),
    Stands.LIKE_OTHERS: ("like the others", "", "quiet"),
    Stands.TOO_FEW: ("too few to rank", "", "quiet"),
}
KEPT_BACK = ("kept back", "lock", "quiet")


@dataclass(frozen=True, slots=True)
class Badge:
    word: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class TrendRow:
    label: str
    measured: Measured
    badge: Badge | None
    sentence: str
    url: str
    verdict: Verdict | None
    is_hidden: bool = False  # from strangers, who see neither score nor change


@dataclass(frozen=True, slots=True)
class SegmentRow:
    label: str
    segment: Segment
    badge: Badge
    url: str
    narrow_url: str
    believing_url: str
    is_hidden: bool = False  # from strangers
    tells_belief: bool = True  # which draws on the segments that are hidden, too

    @property
    def measured(self) -> Measured:
        return self.segment.measured

    @property
    def is_ranked(self) -> bool:
        return self.segment.ranked.is_ranked and not self.is_hidden


@dataclass(frozen=True, slots=True)
class ScorePage:
    frame: Frame
    measured: Measured
    explain_url: str
    change: ChangeSentence | None
    before_words: str
    before_url: str
    noticeable: str
    noticeable_url: str
    trend: Trend | None
    trend_rows: tuple[TrendRow, ...]
    steps: Pick
    why_step: str
    through: str
    through_url: str
    segments: tuple[SegmentRow, ...]
    segments_by: str
    segments_label: str
    segments_pick: Pick
    left_out: int
    ways: Ways

    @property
    def newest_first(self) -> list[TrendRow]:
        return list(reversed(self.trend_rows))

    @property
    def charts(self) -> list[Chart]:
        """What of the page is also a file."""
        if not self.measured.tally.n:
            return []
        drawn = [self.trend_chart, self.histogram_chart, self.segments_chart]
        return [chart for chart in drawn if chart is not None]

    @property
    def trend_chart(self) -> Chart | None:
        if len(self.trend_rows) < 2:
            return None
        return charts.trend(_drawn(self), title=self.trend_title)

    @property
    def trend_title(self) -> str:
        return f"Score by {self.trend.step}" if self.trend else "Score"

    @property
    def histogram_urls(self) -> list[str]:
        """Of the answers with each score."""
        links, asked = self.frame.links, self.frame.asked
        return [
            links.explain(asked, figure="group", one=str(score))
            for score in range(len(self.measured.histogram))
        ]

    @property
    def histogram_chart(self) -> Chart:
        return charts.histogram(self.measured.histogram, title="Answers by score")

    @property
    def segments_chart(self) -> Chart | None:
        """Of those that may be ranked."""
        ranked = [row for row in self.segments if row.is_ranked][:MOST_DRAWN]
        if len(ranked) < 2:
            return None
        return charts.segments(
            [_segment(row) for row in ranked],
            title=f"Score by {self.segments_label.lower()}",
            by=self.segments_label,
            overall=self.measured.tally.score,
        )

    @property
    def fewest(self) -> int:
        return rankings.FEWEST_TO_RANK


def _drawn(page: ScorePage) -> list[charts.Point]:
    """With a place for each step in which nobody answered, so that no line leads across it."""
    points = {row.label: _point(row) for row in page.trend_rows}
    labels = (page.trend.labels if page.trend else ()) or tuple(points)
    return [points.get(label) or charts.Point(label=label, n=0) for label in labels]


def _point(row: TrendRow) -> charts.Point:
    measured = row.measured
    if row.is_hidden:
        return charts.Point(label=row.label, n=measured.tally.n)
    return charts.Point(
        label=row.label,
        n=measured.tally.n,
        score=measured.tally.score,
        low=measured.low,
        high=measured.high,
        change=_DRAWN.get(row.verdict, "") if row.verdict else "",
        note=row.badge.word if row.badge else "",
    )


_DRAWN: dict[Verdict, charts.Change] = {Verdict.RISE: "rise", Verdict.FALL: "fall"}
_DIFFERS: dict[Stands, charts.Differs] = {Stands.ABOVE: "above", Stands.BELOW: "below"}


def _segment(row: SegmentRow) -> charts.Row:
    ranked, measured = row.segment.ranked, row.measured
    return charts.Row(
        label=row.label,
        n=measured.tally.n,
        score=measured.tally.score,
        low=measured.low,
        high=measured.high,
        differs=_DIFFERS.get(ranked.stands, ""),
        pooled=ranked.pooled.score if ranked.pooled and row.tells_belief else None,
        note=row.badge.word,
    )


def compose_score(frame: Frame) -> ScorePage:
    asked, links = frame.asked, frame.links
    key = frame.choose(asked.get("by"), *PREFERRED)
    before = spans.before(asked.span)
    counted = _count(frame, key, before)
    trend = scoring.get_trend(
        workspace=frame.workspace,
        question=asked.question(),
        step=asked.get("step"),
        split_by=frame.choose("", *PREFERRED, is_one=True),
        now=frame.now,
        days=counted["days"],
    )
    measured = measure_cell(counted["whole"][0])
    earlier = measure_cell(counted["before"][0]) if before else None
    is_told = earlier is not None and not frame.hides(earlier.tally.n)
    compared = scoring.describe(earlier, measured) if earlier and is_told else None
    segments = _segment_rows(frame, key, scoring.segments_of(counted["segments"]))
    rows = tuple(_trend_rows(frame, trend, measured.tally.n)) if trend else ()
    through = None if any(row.is_hidden for row in rows) else trend and trend.through
    return ScorePage(
        frame=frame,
        measured=measured,
        explain_url=links.explain(asked),
        change=compared,
        before_words=spans.words_of(before, today=frame.today) if before else "",
        before_url=links.page("compare", asked.asking(by="", step="", sort="")),
        noticeable=_noticeable(measured),
        noticeable_url=links.explain(asked, figure="noticeable"),
        trend=trend,
        trend_rows=rows,
        steps=frame.pick("step", "Step", STEPS, asked.get("step")),
        why_step=scoring.why_step(trend) if trend else "",
        through=through.sentence if through else "",
        through_url=links.explain(asked, figure=THROUGH, step=asked.get("step")),
        segments=tuple(segments[:MOST_SEGMENTS]),
        segments_by=key,
        segments_label=label_of(frame, key),
        segments_pick=frame.pick_dimension("by", "Split by", key),
        left_out=max(0, len(segments) - MOST_SEGMENTS),
        ways=ways.compose_ways(frame, measured.tally.n),
    )


def _count(frame: Frame, key: str, before: Span | None) -> dict[str, list[Cell]]:
    """What the page needs, in one look at the answers."""
    asked = frame.asked
    questions = {
        "whole": asked.question(),
        "days": replace(asked.question("day"), with_voices=False),
    }
    if key:
        questions["segments"] = asked.question(key)
    if before is not None:
        questions["before"] = asked.within(before).question()
    found = analyses.count_many(
        workspace=frame.workspace, questions=list(questions.values()), now=frame.now
    )
    return {"segments": [], **dict(zip(questions, found, strict=True))}


def _noticeable(measured: Measured) -> str:
    tally = measured.tally
    return power.describe(tally.n, tally.n, design_effect=tally.design_effect) if tally.n else ""


def label_of(frame: Frame, key: str) -> str:
    dimension = frame.dimension(key)
    return dimension.label if dimension else ""


def _trend_rows(frame: Frame, trend: Trend, answers: int) -> Iterator[TrendRow]:
    """For strangers without the score of a small step, and without the change of a step beside a
    small one, which would tell it. `answers` are those of the whole page."""
    was_hidden = False
    counts = {point.label: point.measured.tally.n for point in trend.points}
    withheld = frame.withholds(counts, unshown=answers - sum(counts.values()))
    for point in trend.points:
        place = point.place
        is_hidden = point.label in withheld
        is_told = not (is_hidden or was_hidden)
        verdict = point.verdict if is_told else None
        was_hidden = is_hidden
        if isinstance(place, Span):
            asked = frame.asked.within(place)
        else:
            asked = frame.asked.plus(Condition("wave", "is", (place.public_id,)))
        yield TrendRow(
            point.label,
            point.measured,
            Badge(*VERDICTS[verdict]) if verdict else None,
            point.sentence if is_told else "",
            frame.links.explain(asked),
            verdict,
            is_hidden,
        )


def list_rows(frame: Frame, key: str, *, with_all: bool = False) -> list[SegmentRow]:
    found = scoring.list_segments(
        workspace=frame.workspace,
        question=frame.asked.question(),
        key=key,
        now=frame.now,
        with_all=with_all,
    )
    return _segment_rows(frame, key, found)


def _segment_rows(frame: Frame, key: str, found: Sequence[Segment]) -> list[SegmentRow]:
    withheld = frame.withholds({each.key: each.measured.tally.n for each in found})
    # By how many answers they have: their place among the others would tell their score.
    hidden = sorted(
        (each for each in found if each.key in withheld), key=lambda each: -each.measured.tally.n
    )
    return [
        SegmentRow(
            frame.say(key, each.key),
            each,
            Badge(*(KEPT_BACK if each.key in withheld else STANDS[each.ranked.stands])),
            frame.links.explain(frame.asked.plus(value_condition(key, each.key))),
            frame.links.page("score", frame.kept.plus(value_condition(key, each.key))),
            frame.links.explain(frame.asked, figure="believing", by=key, one=each.key),
            is_hidden=each.key in withheld,
            tells_belief=not withheld,
        )
        for each in (*(one for one in found if one.key not in withheld), *hidden)
    ]


def value_condition(key: str, value: str) -> Condition:
    return Condition(key, "is", (value,)) if value else Condition(key, "is_empty", ())


def trend_table(rows: Sequence[TrendRow]) -> Iterator[tuple[str, ...]]:
    yield ("step", *FIGURE_HEADER, "change", "in_words")
    for row in rows:
        badge = row.badge.word if row.badge else ""
        yield (row.label, *figure_cells(row.measured), badge, row.sentence)


FIGURE_HEADER = (
    "answers", "promoters", "passives", "detractors", "score", "score_low", "score_high",
)  # fmt: skip


def figure_cells(measured: Measured) -> tuple[str, ...]:
    tally = measured.tally
    counts = (tally.n, tally.promoters, tally.passives, tally.detractors)
    return (
        *map(str, counts),
        *(number(value) for value in (tally.score, measured.low, measured.high)),
    )


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def segments_table(key: str, rows: Sequence[SegmentRow]) -> Iterator[tuple[str, ...]]:
    yield (
        key, *FIGURE_HEADER, "ranked", "pooled_score", "pooled_low", "pooled_high", "stands",
        "with_comment", "accounts", "revenue",
    )  # fmt: skip
    for row in rows:
        ranked, segment = row.segment.ranked, row.segment
        pooled = ranked.pooled
        limits = (pooled.score, pooled.low, pooled.high) if pooled else (None, None, None)
        yield (
            row.label,
            *figure_cells(segment.measured),
            "yes" if ranked.is_ranked else "no",
            *map(number, limits),
            ranked.stands.value,
            "" if segment.commented is None else str(segment.commented),
            "" if segment.accounts is None else str(segment.accounts),
            "" if segment.revenue is None else str(segment.revenue),
        )
