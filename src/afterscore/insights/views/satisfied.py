"""Satisfaction and effort, beside the score and never in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.domain.questionnaire import DriverKind
from afterscore.domain.satisfaction import Mean, Share
from afterscore.insights.queries import satisfied as queries
from afterscore.insights.queries.satisfied import Rated, Rating
from afterscore.kit import sheets
from afterscore.kit.errors import NotFound
from afterscore.kit.templatetags.display import points, ratio
from afterscore.programs.models import Program
from afterscore.workspaces.models import Workspace

TITLES = {
    DriverKind.SATISFACTION: "Satisfaction (CSAT)",
    DriverKind.EFFORT: "Effort (CES)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A wave as it is shown: the figure and its limits as words, and where they stand on the scale
    of the drawing (0 to 100)."""

    row: Rated
    value: str
    limits: str
    place: float
    low: float
    width: float
    change: str


@dataclass(frozen=True, slots=True)
class Part:
    rating: Rating
    title: str
    sentence: str
    lines: tuple[Line, ...]


@require_safe
def show_ratings(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    program, programs = _choose(request, workspace)
    found = queries.list_ratings(workspace=workspace, program=program)
    context = {
        "parts": [_part(rating) for rating in found],
        "program": program,
        "programs": programs,
    }
    return render(request, "insights/satisfaction.html", context)


def _choose(request: HttpRequest, workspace: Workspace) -> tuple[Program | None, list[Program]]:
    programs = list(Program.objects.filter(workspace=workspace).order_by("name"))
    slug = request.GET.get("program", "")
    program = next((each for each in programs if each.slug == slug), None)
    if slug and program is None:
        raise NotFound("There is no such program.")
    return program, programs


def _part(rating: Rating) -> Part:
    lines = tuple(_line(row) for row in rating.rows)
    return Part(rating, TITLES[rating.kind], _sentence(rating), lines)


def _sentence(rating: Rating) -> str:
    row = next((each for each in rating.rows if each.figure is not None), None)
    if row is None:
        return "Nobody has answered this question yet."
    value, limits, n = _words(row)
    where = f"wave {row.wave.number} of {row.wave.program}"
    if rating.kind is DriverKind.SATISFACTION:
        return f"{value} of {n:,} were satisfied in {where} (4 or 5 of 5), {limits}."
    return f"{value} of 7 was the mean of {n:,} in {where} (7 is very easy), {limits}."


def _words(row: Rated) -> tuple[str, str, int]:
    """The figure, its limits and how many."""
    figure = row.figure
    if figure is None:
        return "—", "", 0
    if isinstance(figure, Share):
        value, low, high = (ratio(each) for each in (figure.ratio, figure.low, figure.high))
    else:
        value, low, high = (f"{each:.1f}" for each in (figure.mean, figure.low, figure.high))
    return value, f"between {low} and {high}", figure.n


def _line(row: Rated) -> Line:
    value, limits, _n = _words(row)
    place, low, high = _places(row.figure)
    return Line(row, value, limits, place, low, high - low, _change(row))


def _places(figure: Share | Mean | None) -> tuple[float, float, float]:
    match figure:
        case Share():
            return 100 * figure.ratio, 100 * figure.low, 100 * figure.high
        case Mean():
            span = figure.scale.highest - figure.scale.lowest
            value, low, high = (
                100 * (each - figure.scale.lowest) / span
                for each in (figure.mean, figure.low, figure.high)
            )
            return value, low, high
        case None:
            return 0.0, 0.0, 0.0


def _change(row: Rated) -> str:
    """Since the wave before; called a change only when chance does not make it."""
    found = row.change
    if found is None:
        return ""
    if not found.is_beyond_chance:
        return "no change beyond chance"
    if isinstance(row.figure, Share):
        return (
            f"{points(100 * found.difference)} percentage points "
            f"({points(100 * found.low)} to {points(100 * found.high)})"
        )
    return f"{points(found.difference, 1)} ({points(found.low, 1)} to {points(found.high, 1)})"


@require_safe
def download_ratings(
    request: HttpRequest, workspace: Workspace, kind: str
) -> StreamingHttpResponse:
    if kind not in {each.value for each in queries.SCALES}:
        raise Http404
    program, _programs = _choose(request, workspace)
    found = queries.list_ratings(workspace=workspace, program=program)
    rating = next((each for each in found if each.kind == kind), None)
    return sheets.download(_rows(rating, DriverKind(kind)), name=kind)


def _rows(rating: Rating | None, kind: DriverKind) -> Iterator[tuple[str, ...]]:
    name = "satisfied_ratio" if kind is DriverKind.SATISFACTION else "mean"
    numbers = kind.numbers
    yield (
        "program", "wave", "launched_on", "scores", "answers", name, "low", "high",
        *(f"gave_{number}" for number in numbers),
    )  # fmt: skip
    for row in rating.rows if rating else ():
        yield (
            row.wave.program.name,
            str(row.wave.number),
            row.wave.launched_at.date().isoformat(),
            str(row.answers),
            str(sum(row.counts.values())),
            *_figures(row.figure),
            *(str(row.counts.get(number, 0)) for number in numbers),
        )


def _figures(figure: Share | Mean | None) -> tuple[str, str, str]:
    if figure is None:
        return "", "", ""
    value = figure.ratio if isinstance(figure, Share) else figure.mean
    return f"{value:.4f}", f"{figure.low:.4f}", f"{figure.high:.4f}"
