"""Charts drawn in the browser: `{% load drawings %}{% drawing chart %}`.

The figure holds the drawing, what its marks mean, its table, and the addresses of both as files:
the page's own with `chart` and `as`, which the page's view answers. The script that draws is
loaded once, by pages with a chart alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static

register = template.Library()

_BUILT = Path(__file__).resolve().parent.parent / "static" / "afterscore"


class Tabled(Protocol):
    """The cells of a table as they are read, and whether each is a number."""

    @property
    def shown(self) -> list[list[tuple[str, bool]]]: ...


class Drawn(Protocol):
    """What a chart has to be."""

    @property
    def table(self) -> Tabled: ...

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...


@register.inclusion_tag("kit/parts/drawing.html", takes_context=True)
def drawing(
    context: Context,
    chart: Drawn,
    *,
    open_table: bool = False,
    files: bool = True,
    heading: str = "",
    links: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """`open_table` shows the table at once; without `files` there are no links to CSV and PNG.
    A title that is the `heading` above is not shown twice. `links` are what the numbers of each
    row of the table open, `notes` what the last cell of each opens where it is words."""
    request: HttpRequest | None = context.get("request")
    return {
        "chart": chart,
        "rows": [
            (row, _at(links, place), _at(notes, place))
            for place, row in enumerate(chart.table.shown)
        ],
        "script": static(f"afterscore/{script_name()}"),
        "open_table": open_table,
        "is_said": chart.title == heading,
        "csv_url": _address(request, chart.key, "csv") if files and request else "",
        "png_url": _address(request, chart.key, "png") if files and request else "",
    }


@register.inclusion_tag("kit/parts/chart_files.html", takes_context=True)
def chart_files(context: Context, key: str, title: str) -> dict[str, str]:
    """The addresses of a chart as files where the page draws it otherwise."""
    request: HttpRequest = context["request"]
    return {
        "title": title,
        "csv_url": _address(request, key, "csv"),
        "png_url": _address(request, key, "png"),
    }


@register.simple_tag(takes_context=True)
def picture_url(context: Context, key: str) -> str:
    """The address of a chart as PNG."""
    return _address(context["request"], key, "png")


def _at(links: Sequence[str], place: int) -> str:
    return links[place] if place < len(links) else ""


@cache
def script_name() -> str:
    """The built script, whose name changes with its content; FileNotFoundError before a build."""
    found = sorted(path.name for path in _BUILT.glob("charts.*.js"))
    if not found:
        raise FileNotFoundError("The pages' scripts are not built: run make.")
    return found[-1]


def _address(request: HttpRequest, key: str, kind: str) -> str:
    query = request.GET.copy()
    query["chart"], query["as"] = key, kind
    return f"{request.path}?{query.urlencode()}"
