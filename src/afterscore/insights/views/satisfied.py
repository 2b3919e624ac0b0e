"""Satisfaction and effort, beside the score and never in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from afterscore.domain import explaining
from afterscore.domain.explaining import Explanation
from afterscore.domain.questionnaire import DriverKind
from afterscore.domain.satisfaction import Mean, Share
from afterscore.domain.scales import Scale
from afterscore.insights.analyses import Condition
from afterscore.insights.composition import behind
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.behind import Row
from afterscore.insights.composition.frames import Links, wave_words
from afterscore.insights.queries import satisfied as queries
from afterscore.insights.queries.satisfied import Rated, Rating
from afterscore.insights.views import panels
from afterscore.insights.views.panels import Panel
from afterscore.kit import sheets
from afterscore.kit.errors import NotFound
from afterscore.kit.templatetags.display import points, ratio
from afterscore.programs.models import Program
from afterscore.responses import queries as responses
from afterscore.workspaces.models import Workspace

TITLES = {
    DriverKind.SATISFACTION: "Satisfaction (CSAT)",
    DriverKind.EFFORT: "Effort (CES)",
}


RATED, VALUE, CHANGE = "rated", "value", "change"
EXPLAINED = (RATED, VALUE, CHANGE)


@dataclass(frozen=True, slots=True)
class Line:
    """A wave as it is shown: the figure and its limits as words, and where they stand on the scale
    of the drawing (0 to 100); addresses of what each number opens."""

    row: Rated
    value: str
    limits: str
    place: float
    low: float
    width: float
    change: str
    rated_url: str
    answers_url: str
    value_url: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Part:
    rating: Rating
    title: str
    newest: Line | None
    lines: tuple[Line, ...]


@require_safe
def show_ratings(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    program, programs = _choose(request, workspace)
    found = queries.list_ratings(workspace=workspace, program=program)
    context = {
        "parts": [_part(rating, workspace, program) for rating in found],
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


def _part(rating: Rating, workspace: Workspace, program: Program | None) -> Part:
    lines = tuple(_line(row, rating.kind, workspace, program) for row in rating.rows)
    newest = next((each for each in lines if each.row.figure is not None), None)
    return Part(rating, TITLES[rating.kind], newest, lines)


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


def _line(row: Rated, kind: DriverKind, workspace: Workspace, program: Program | None) -> Line:
    value, limits, _n = _words(row)
    place, low, high = _places(row.figure)

    def explain(figure: str) -> str:
        named = {"wave": row.wave.public_id, "figure": figure}
        query = urlencode(named | ({"program": program.slug} if program else {}))
        page = reverse("score:explain_satisfaction", args=[workspace.slug, kind.value])
        return f"{page}?{query}"

    return Line(
        row,
        value,
        limits,
        place,
        low,
        high - low,
        _change(row),
        rated_url=explain(RATED),
        answers_url=_answers_url(workspace, row),
        value_url=explain(VALUE) if row.figure else "",
        change_url=explain(CHANGE) if row.change else "",
    )


def _answers_url(workspace: Workspace, row: Rated) -> str:
    of_wave = Condition("wave", "is", (row.wave.public_id,))
    return Links(workspace.slug).explain(Asked.nothing().everything().plus(of_wave))


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
def explain_rating(request: HttpRequest, workspace: Workspace, kind: str) -> HttpResponse:
    """What one number of a wave is made of, and the answers with what they gave."""
    program, _programs = _choose(request, workspace)
    asked = request.GET.get("figure", "")
    if kind not in {each.value for each in queries.SCALES} or asked not in EXPLAINED:
        raise NotFound("There is no such figure.")
    row = _find_row(workspace, DriverKind(kind), program, request.GET.get("wave", ""))
    waves = [row.wave, *([row.before.wave] if asked == CHANGE and row.before else [])]
    rated = responses.list_rated(workspace=workspace, waves=waves, kind=DriverKind(kind))
    rows = behind.page_of(
        rated,
        request.GET.get("after", ""),
        partial(
            _rated_rows, workspace, queries.SCALES[DriverKind(kind)], tells_wave=len(waves) > 1
        ),
        noun="answer",
        nouns="answers",
    )
    explained = _explanation(row, DriverKind(kind), asked)
    panel = Panel(
        sentence=f"{TITLES[DriverKind(kind)]}, {wave_words(row.wave)}",
        parts=(explained,) if explained else (),
        rows=rows,
        page_url=reverse("score:satisfaction", args=[workspace.slug]),
        page_name="Satisfaction and effort",
        **panels.around(request, rows),
    )
    return panels.show(request, panel)


def _find_row(workspace: Workspace, kind: DriverKind, program: Program | None, wave: str) -> Rated:
    """As the page has it, so that the wave before is the same one."""
    for rating in queries.list_ratings(workspace=workspace, program=program):
        for row in rating.rows:
            if rating.kind is kind and row.wave.public_id == wave:
                return row
    raise NotFound("There is no such figure.")


def _explanation(row: Rated, kind: DriverKind, figure: str) -> Explanation | None:
    if figure == VALUE:
        return queries.explain_figure(kind, row.counts)
    if figure == CHANGE:
        return queries.explain_change(row, kind)
    return explaining.share(
        sum(row.counts.values()),
        row.answers,
        title="How many went on to this",
        done_word="went on to this",
        whole_word="answers",
        page="satisfaction",
    )


def _rated_rows(
    workspace: Workspace, scale: Scale, answers: Sequence[Any], *, tells_wave: bool
) -> Iterator[Row]:
    for row, answer in zip(behind.answer_rows(workspace, answers), answers, strict=True):
        wave = f"wave {answer.wave.number}, " if tells_wave else ""
        yield replace(row, note=f"{wave}gave {answer.given} of {scale.highest}")


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
