"""A page's charts as files: the page itself answers, with the same figures and the same rights."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from afterscore.insights.charts import Chart
from afterscore.kit.errors import NotFound


def file_of(request: HttpRequest, charts: Iterable[Chart]) -> HttpResponse | None:
    """What `?chart=KEY&as=csv` or `png` asks for; None where nobody asks. Raises NotFound."""
    key, kind = request.GET.get("chart"), request.GET.get("as")
    if key is None and kind is None:
        return None
    chart = next((each for each in charts if each.key == key), None)
    if chart is None or kind not in {"csv", "png"}:
        raise NotFound("There is no such chart on this page.")
    if kind == "csv":
        return _attached(chart.csv().encode(), "text/csv; charset=utf-8", f"{chart.key}.csv")
    return _attached(chart.png(), "image/png", f"{chart.key}.png")


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
