"""What all charts have in common. Altair takes half a second to load: it is imported where a
chart is drawn and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
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

    _trust()
    return altair.InlineData(values=[dict(row) for row in rows])


@cache
def _trust() -> None:
    """Altair would check each piece of a chart against its schema, which takes longer than to draw
    it. All our pieces are our own, and a test has every whole chart checked."""
    from altair.utils import schemapi

    schemapi.disable_debug_mode()


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

    datasets: dict[str, Any] = {}
    # As `altair.layer` puts them together, which copies every layer several times for that.
    drawn = [
        layer.to_dict(validate=False, context={"top_level": False, "datasets": datasets})
        for layer in layers
    ]
    first = drawn[0]["data"]
    shared = {"data": first} if all(each["data"] == first for each in drawn) else {}
    if shared:
        drawn = [{key: each[key] for key in each if key != "data"} for each in drawn]
    return {
        "$schema": altair.SCHEMA_URL,
        "config": config(),
        "width": "container",
        "height": height,
        "padding": dict(padding) if padding else 4,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": "transparent",
        **shared,
        "layer": drawn,
        "datasets": datasets,
    }


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
