"""What all charts have in common. Altair takes half a second to load: it is imported where a
chart is drawn and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from afterscore.insights.charts.chart import PAGE_FONT
from afterscore.insights.charts.palette import colour

if TYPE_CHECKING:
    import altair

LABEL_SIZE = 12
# A plus before what is above zero, and no sign at zero.
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+')"


def data(rows: Sequence[Mapping[str, Any]]) -> altair.InlineData:
    import altair

    return altair.InlineData(values=[dict(row) for row in rows])


def legible(chart: altair.Chart, **look: Any) -> list[altair.Chart]:
    """Texts that may lie on lines: below them the same with an edge in the colour of the ground."""
    edge: dict[str, Any] = {"stroke": colour("ground"), "strokeWidth": 4, "strokeJoin": "round"}
    return [chart.mark_text(**look, **edge), chart.mark_text(**look)]


def fixed_x(place: Any) -> Any:
    """The same for every row. Altair looks through all its classes for one that would take a bare
    `value`, which takes longer than everything else."""
    import altair

    make: Any = altair.XValue
    return make(place)


def fixed_y(place: Any) -> Any:
    import altair

    make: Any = altair.YValue
    return make(place)


def finish(
    layers: Sequence[altair.Chart],
    *,
    height: int,
    padding: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """One spec of the layers: as wide as its place, `height` high with everything on it.

    It says nothing to screen readers: the page does that, with the description and the table.
    """
    import altair

    whole = altair.layer(*layers)
    whole = whole.properties(
        width="container",
        height=height,
        padding=dict(padding) if padding else 4,
        autosize=altair.AutoSizeParams(type="fit", contains="padding"),
        background="transparent",
    )
    # The builders are all our own, and a test has each of them checked against the schema.
    spec: dict[str, Any] = whole.to_dict(validate=False)
    spec["config"] = config()
    return spec


def config() -> dict[str, Any]:
    faint, line = colour("ink-faint"), colour("line")
    return {
        "aria": False,
        "font": PAGE_FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": faint,
            "labelFontSize": LABEL_SIZE,
            "titleColor": faint,
            "titleFontSize": LABEL_SIZE,
            "titleFontWeight": 400,
            "domainColor": colour("control"),
            "tickColor": line,
            "gridColor": line,
            "labelPadding": 6,
            "labelSeparation": 10,
        },
        "text": {"fontSize": LABEL_SIZE, "fill": colour("ink-soft")},
    }
