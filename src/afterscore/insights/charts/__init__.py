"""Charts: from figures to a drawing, the table that belongs to it, and both in words.

`trend`, `histogram`, `segments`, `heat`, `curve`, `funnel` and `shares` build a `Chart`. Its
`spec` is Vega-Lite, made by Altair, for `{% drawing chart %}` in a page; `png()`, `svg()` and
`csv()` are for mail, documents and spreadsheets. Uncertainty is always drawn: a whisker, a band, a
range written in the cell, never a tooltip.
"""

from __future__ import annotations

from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.curves import Line, Step, curve
from afterscore.insights.charts.funnels import Stage, funnel
from afterscore.insights.charts.heated import Cell, heat
from afterscore.insights.charts.histograms import histogram
from afterscore.insights.charts.segmented import Differs, Row, segments
from afterscore.insights.charts.sharing import Share, shares
from afterscore.insights.charts.trends import Change, Point, Target, trend
from afterscore.insights.charts.wording import ENGLISH, Words

__all__ = [
    "ENGLISH",
    "Cell",
    "Change",
    "Chart",
    "Differs",
    "Line",
    "Point",
    "Row",
    "Share",
    "Stage",
    "Step",
    "Table",
    "Target",
    "Words",
    "curve",
    "funnel",
    "heat",
    "histogram",
    "segments",
    "shares",
    "trend",
]
