"""Lines of the ledger's tables and charts, with the addresses of what is behind their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from afterscore.domain import loops
from afterscore.domain.loops import Standing
from afterscore.domain.nps import Group
from afterscore.domain.survival import Curve
from afterscore.insights import charts, queries
from afterscore.insights.charts import Chart
from afterscore.insights.queries import Figure, Part, Row
from afterscore.insights.views import loop_asking, loop_words
from afterscore.insights.views.choosing import Chosen
from afterscore.insights.views.loop_asking import Links
from afterscore.insights.views.loop_words import Median
from afterscore.kit.templatetags.curves import CurveLine, Stair, hours_shown
from afterscore.workspaces.models import Workspace

HOURS_OF_A_DAY = 24
Explain = Callable[[Figure], str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line's standings as pieces of a bar, in percent."""

    standing: Standing
    answers: int
    x: float
    width: float
    css: str


def bars(line: loops.Line) -> list[Bar]:
    """In the order of the key: closed, still in time, late, not closed."""
    found, x = [], 0.0
    for standing in (Standing.CLOSED, Standing.IN_TIME, Standing.LATE, Standing.GIVEN_UP):
        width = 100 * line.count_of(standing) / line.answers if line.answers else 0.0
        css = standing.value.replace("_", "-")
        found.append(Bar(standing, line.count_of(standing), x, width, css))
        x += width
    return [bar for bar in found if bar.width]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a table, with the addresses of what is behind its numbers."""

    part: Part | Row
    pieces: list[Bar]
    median: Median
    links: Links

    @property
    def is_group(self) -> bool:
        return self.part.key in set(Group)

    @property
    def css(self) -> str:
        if self.part.key == queries.EVERY:
            return "all-row"
        starts = (queries.GROUPS[0], queries.VOICES[0])
        return "first-of-part" if self.part.key in starts else ""


def shown(workspace: Workspace, chosen: Chosen, part: Part | Row, key: str = "") -> Shown:
    """A part of the ledger; with a key, a row of the table that is split by it."""
    own = "" if part.key == queries.EVERY else part.key
    figure = Figure(key=key, value=part.key) if key else Figure(part=own)
    links = loop_asking.links_of(workspace, chosen, figure)
    return Shown(part, bars(part.line), loop_words.median(part.replies), links)


def group_curves(curves: Mapping[str, Curve], explain: Explain) -> list[CurveLine]:
    """One line for each group with enough answers, as far as enough of them are still watched."""
    lines = [
        curve_line(
            queries.LABELS[group], curves[group], tone=group, url=explain(Figure(part=group))
        )
        for group in (each.value for each in Group)
        if curves[group].people >= loops.FEWEST_TO_RANK
    ]
    return [line for line in lines if line.ends]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of curves as a file."""

    key: str
    title: str

    def charts(self, lines: Sequence[CurveLine], curves: Mapping[str, Curve]) -> Iterator[Chart]:
        """One where there are lines; made when somebody asks for it."""
        if lines:
            hours = hours_shown(lines)
            drawn = [_drawn(each, curves[each.tone].people, hours) for each in lines]
            yield charts.curve(drawn, title=self.title, key=self.key, unit="days")


REPLIES = Drawing("replies", "How many have heard from a person, by the time since their answer")
CLOSURES = Drawing("closures", "How many loops are closed, by the time since the answer")


def _drawn(line: CurveLine, people: int, hours: float) -> charts.Line:
    return charts.Line(
        label=line.label,
        people=people,
        tone=line.tone,
        ends=min(line.ends, hours) / HOURS_OF_A_DAY,
        steps=[
            charts.Step(
                at=each.hours / HOURS_OF_A_DAY, ratio=each.ratio, low=each.low, high=each.high
            )
            for each in line.stairs
        ],
    )


def curve_line(label: str, curve: Curve, *, tone: str, url: str) -> CurveLine:
    """Upside down: the share to whom it has happened."""
    shown = curve.while_watched(loops.FEWEST_WATCHED)
    stairs = [
        Stair(hours=each.time, ratio=1 - each.ratio, low=1 - each.high, high=1 - each.low)
        for each in shown.points
    ]
    return CurveLine(
        label=label,
        stairs=stairs,
        ends=shown.longest,
        tone=tone,
        note=loop_words.line_note(curve),
        url=url,
    )
