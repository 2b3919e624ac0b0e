"""How often each score was given: eleven bars in the colours of the groups, with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afterscore.domain import nps, scales
from afterscore.domain.nps import Group, Histogram
from afterscore.domain.scales import Scale
from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.wording import ENGLISH, Words, count, percent

if TYPE_CHECKING:
    import altair

HEIGHT = 248
BRACKET = 1.24  # of the highest bar: where the groups' brackets lie
PADDING = {"left": 4, "right": 4, "top": 4, "bottom": 4}


@drawn_once
def histogram(
    counts: Histogram,
    *,
    title: str,
    key: str = "histogram",
    description: str = "",
    scale: Scale = Scale.ZERO_TO_TEN,
    words: Words = ENGLISH,
) -> Chart:
    """On a scale that is not 0 to 10 the bars have its own numbers."""
    rows = _rows(counts, scale, words)
    shares = _shares(counts, rows, words)
    return Chart(
        key=key,
        title=title,
        description=description or _description(title, shares),
        spec=drawing.finish(_layers(rows, shares), height=HEIGHT, padding=PADDING),
        table=_table(rows, sum(counts), words),
        height=HEIGHT,
    )


def _rows(counts: Histogram, scale: Scale, words: Words) -> list[dict[str, Any]]:
    rows = []
    for number in range(scale.lowest, scale.highest + 1):
        score = scales.stands_for(number, scale)
        n = counts[score]
        group = nps.group_of(score)
        rows.append({"label": str(number), "n": n, "group": group, "words": count(n, words)})
    return rows


def _shares(counts: Histogram, rows: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    tally = nps.tally(counts)
    said = (
        (Group.DETRACTOR, words.detractors, tally.detractors),
        (Group.PASSIVE, words.passives, tally.passives),
        (Group.PROMOTER, words.promoters, tally.promoters),
    )
    level = BRACKET * max(*counts, 1)
    shares = []
    for group, word, n in said:
        labels = [row["label"] for row in rows if row["group"] is group]
        if labels:
            ratio = n / tally.n if tally.n else 0.0
            shares.append(
                {
                    "group": group,
                    "word": word,
                    "share": percent(ratio, words=words),
                    "first": labels[0],
                    "last": labels[-1],
                    "level": level,
                }
            )
    return shares


def _layers(rows: list[dict[str, Any]], shares: list[dict[str, Any]]) -> list[altair.Chart]:
    import altair

    def x(name: str, position: float = 0.5) -> altair.X:
        axis = altair.Axis(title=None, labelAngle=0, ticks=False, labelFontSize=13)
        scale = altair.Scale(domain=[row["label"] for row in rows], paddingInner=0.24)
        return altair.X(f"{name}:O", sort=None, axis=axis, scale=scale, bandPosition=position)

    top = 1.5 * max([row["n"] for row in rows] + [1])
    y_scale = altair.Scale(domain=[0, top], nice=False)

    def y(name: str) -> altair.Y:
        return altair.Y(f"{name}:Q", axis=None, scale=y_scale)

    layers = []
    filled = [row for row in rows if row["n"]]
    for group in Group:
        mine = altair.Chart(drawing.data([row for row in filled if row["group"] is group]))
        bars = mine.mark_bar(color=colour(group.value), cornerRadiusEnd=2)
        layers.append(bars.encode(x=x("label"), y=y("n")))
    number = altair.Chart(drawing.data(filled)).mark_text(dy=-7)
    layers.append(number.encode(x=x("label"), y=y("n"), text=altair.Text("words:N")))
    for share in shares:
        layers += _bracket(share, x=x, y=y)
    return layers


def _bracket(share: dict[str, Any], *, x: Any, y: Any) -> list[altair.Chart]:
    """Over the bars of a group: its word, its share, and a line from its first bar to its last."""
    import altair

    chart = altair.Chart(drawing.data([share]))
    line = chart.mark_rule(color=colour(share["group"].value), size=3)
    last = altair.X2("last:O", bandPosition=1)
    labels = [
        chart.mark_text(dy=-24, align="center").encode(text=altair.Text("word:N")),
        chart.mark_text(
            dy=-9, align="center", fontSize=13, fontWeight=600, fill=colour("ink")
        ).encode(text=altair.Text("share:N")),
    ]
    first, last_bar = (f"scale('x', '{share[end]}')" for end in ("first", "last"))
    middle = drawing.fixed_x(altair.expr(f"({first} + {last_bar} + bandwidth('x')) / 2"))
    return [
        line.encode(x=x("first", 0), x2=last, y=y("level")),
        *(label.encode(x=middle, y=y("level")) for label in labels),
    ]


def _description(title: str, shares: list[dict[str, Any]]) -> str:
    parts = ", ".join(f"{share['word']} {share['share']}" for share in shares)
    return f"{title}. {parts}."


def _table(rows: list[dict[str, Any]], n: int, words: Words) -> Table:
    names = {
        Group.DETRACTOR: words.detractors,
        Group.PASSIVE: words.passives,
        Group.PROMOTER: words.promoters,
    }
    return Table(
        (words.score, words.group, words.answers, words.share),
        tuple(
            (
                row["label"],
                names[row["group"]],
                row["n"],
                percent(row["n"] / n, 1, words) if n else "",
            )
            for row in rows
        ),
        words,
    )
