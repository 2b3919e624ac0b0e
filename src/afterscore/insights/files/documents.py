"""A report as one file of HTML: nothing to load, nothing to run, for the screen and for paper."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from afterscore import __version__
from afterscore.insights.charts import Chart, palette
from afterscore.insights.files.reporting import Report

LAYOUTS = Path(__file__).parent / "layouts"
WIDE, NARROW = 704, 352
_NAMED = re.compile(r'\b(id="|url\(#|href="#)')


def to_html(report: Report) -> str:
    engine = Engine(
        dirs=[str(LAYOUTS)], libraries={"display": "afterscore.kit.templatetags.display"}
    )
    parts = [(part, [_drawn(chart) for chart in part.charts]) for part in report.parts]
    context = Context(
        {
            "report": report,
            "parts": parts,
            "palette": _trusted(palette.style_sheet()),
            "styles": _trusted((LAYOUTS / "analysis.css").read_text(encoding="utf-8")),
            "language": report.speech.phrases.code,
            "direction": report.speech.phrases.direction,
            "nps": report.speech.say("nps"),
            "as_table": report.speech.say("as_table"),
            "made": report.speech.say("made", version=__version__),
        },
        use_l10n=False,
        use_tz=False,
    )
    return engine.get_template("analysis.html").render(context)


def _drawn(chart: Chart) -> tuple[Chart, SafeString, SafeString]:
    """For screens and paper, and for phones: letters keep their size on either."""
    wide = _svg(chart, WIDE, f"{chart.key}-wide-")
    return chart, wide, _svg(chart, NARROW, f"{chart.key}-narrow-")


def _svg(chart: Chart, width: int, prefix: str) -> SafeString:
    """With names of its own, so that many fit into one document."""
    return _trusted(_NAMED.sub(rf"\g<1>{prefix}", chart.svg(width=width, theme=None)))


def _trusted(text: str) -> SafeString:
    """Styles of ours, and drawings in which the renderer has escaped whatever was given."""
    return mark_safe(text)  # noqa: S308
