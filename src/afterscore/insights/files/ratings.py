"""Satisfaction and effort beside the score: counted over every row that rates them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from afterscore.domain import satisfaction, scales
from afterscore.domain.scales import Missing, Scale
from afterscore.insights.files import counting
from afterscore.insights.files.counting import Cells
from afterscore.insights.files.findings import Saying, warning
from afterscore.insights.files.guessing import Columns
from afterscore.insights.files.reading import Source
from afterscore.insights.files.speaking import Speech


@dataclass(slots=True)
class Ratings:
    """As plain data; docs/api/analysis.md describes it. None where no column was named, or where
    its scale cannot be told."""

    satisfaction: dict[str, Any] | None = None
    effort: dict[str, Any] | None = None
    warnings: list[Saying] = field(default_factory=list)


def count(source: Source, columns: Columns, *, csat: Scale | None, ces: Scale | None) -> Ratings:
    """A scale that nobody declares is guessed from the numbers, and told."""
    found = Ratings()
    if columns.csat:
        _count_satisfaction(found, columns.csat, counting.read_cells(source, columns.csat), csat)
    if columns.ces:
        _count_effort(found, columns.ces, counting.read_cells(source, columns.ces), ces)
    return found


def _count_satisfaction(found: Ratings, column: str, cells: Cells, said: Scale | None) -> None:
    scale = said or _guess(cells, satisfaction.CSAT_SCALES)
    if scale is None:
        found.warnings.append(_unclear(column, "csat", satisfaction.CSAT_SCALES))
        return
    numbers, off = _on(cells, scale)
    found.satisfaction = _data(
        satisfaction.csat(numbers, scale),
        cells,
        column=column,
        scale=scale.value,
        scale_guessed=said is None,
        boxes=list(satisfaction.best_boxes(scale)),
        off_scale=off,
    )


def _count_effort(found: Ratings, column: str, cells: Cells, said: Scale | None) -> None:
    scale = said or _guess(cells, satisfaction.CES_SCALES)
    if scale is None:
        found.warnings.append(_unclear(column, "ces", satisfaction.CES_SCALES))
        return
    numbers, off = _on(cells, scale)
    found.effort = _data(
        satisfaction.ces(numbers, scale),
        cells,
        column=column,
        scale=scale.value,
        scale_guessed=said is None,
        off_scale=off,
    )


def _guess(cells: Cells, allowed: tuple[Scale, ...]) -> Scale | None:
    scale = scales.guess(cells.numbers).scale
    return scale if scale in allowed else None


def _unclear(column: str, option: str, allowed: tuple[Scale, ...]) -> Saying:
    known = ", ".join(scale.value for scale in allowed)
    return warning("untold", column=column, known=known, option=f"--{option}-scale")


def _on(cells: Cells, scale: Scale) -> tuple[dict[int, int], int]:
    """How often each number of the scale was given, and how many numbers are not on it."""
    on = {
        int(number): times
        for number, times in cells.numbers.items()
        if number == int(number) and scale.lowest <= number <= scale.highest
    }
    return on, sum(cells.numbers.values()) - sum(on.values())


def _data(
    figure: satisfaction.Share | satisfaction.Mean | None, cells: Cells, **beside: object
) -> dict[str, Any]:
    """What is known without a rating, and the figure where there is one."""
    known = {"n": 0} if figure is None else asdict(figure)
    return known | beside | {"missing": {why.value: n for why, n in cells.missing.items()}}


def tell_satisfaction(found: Mapping[str, Any], speech: Speech) -> Iterator[str]:
    """Sentences, the figure first."""
    if not found["n"]:
        yield speech.say("nobody_rated", column=found["column"])
        return
    low, high = (speech.percent(found[end], 1) for end in ("low", "high"))
    yield speech.say(
        "satisfied",
        ratio=speech.percent(found["ratio"], 1),
        satisfied=speech.count(found["satisfied"]),
        n=speech.count(found["n"]),
        boxes=" / ".join(str(box) for box in found["boxes"]),
        column=found["column"],
    )
    yield speech.interval(low, high)
    yield from _beside(found, speech)


def tell_effort(found: Mapping[str, Any], speech: Speech) -> Iterator[str]:
    if not found["n"]:
        yield speech.say("nobody_rated", column=found["column"])
        return
    mean, low, high = (speech.number(found[each], 2) for each in ("mean", "low", "high"))
    yield speech.say("mean", column=found["column"], mean=mean)
    yield speech.interval(low, high)
    yield speech.say("answers", n=speech.count(found["n"]))
    yield from _beside(found, speech)
    yield speech.say("effort_way")


def _beside(found: Mapping[str, Any], speech: Speech) -> Iterator[str]:
    origin = speech.say("guessed" if found["scale_guessed"] else "said")
    yield speech.say("scale_is", scale=speech.scale(found["scale"]), origin=origin)
    if found["off_scale"]:
        label = speech.say(Missing.OUT_OF_RANGE.value)
        yield f"{found['column']}, {label}: {speech.count(found['off_scale'])}"
    if missing := sum(found["missing"].values()):
        yield speech.say("without", column=found["column"], n=speech.count(missing))
