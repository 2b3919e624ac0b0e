"""From counts to findings: what an expert would say of a file, and what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from afterscore.domain import (
    alike,
    nps,
    power,
    scales,
)
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from afterscore.insights.files import (
    counting,
    findings,
    grouping,
    guessing,
    periods,
    ratings,
    reading,
    speaking,
)  # fmt: skip
from afterscore.insights.files.counting import Cells, Counts
from afterscore.insights.files.findings import (
    Analysis,
    Comments,
    Missing,
    Saying,
    figure_of,
    warning,
)
from afterscore.insights.files.guessing import Columns, Given, Role
from afterscore.insights.files.ratings import Ratings
from afterscore.insights.files.reading import Source


class NotAScore(Exception):
    """The column is on a scale that makes no net promoter score, or on one nobody confirmed."""


@dataclass(slots=True)
class Wishes:
    """What whoever runs it has said."""

    given: Given = field(default_factory=Given)
    scale: Scale | None = None
    dates: str = ""
    csat_scale: Scale | None = None
    ces_scale: Scale | None = None


def analyse(path: Path, wishes: Wishes) -> Analysis:
    """Raises FileError, Unclear, Ambiguous or NotAScore, each with what to do about it."""
    with reading.opened(path) as source:
        samples = counting.samples(source)
        columns = guessing.choose(samples, wishes.given)
        by_name = {sample.name: sample for sample in samples}
        order = wishes.dates
        if columns.date and not order:
            order = counting.date_order(by_name[columns.date])
        cells = counting.read_cells(source, columns.score)
        scale, warnings = _scale(cells, wishes.scale, column=columns.score)
        counts = counting.count(source, columns, scale=scale, order=order, cells=cells)
        rated = ratings.count(source, columns, csat=wishes.csat_scale, ces=wishes.ces_scale)
        return _findings(source, columns, scale, counts=counts, rated=rated, warnings=warnings)


def _scale(cells: Cells, declared: Scale | None, *, column: str) -> tuple[Scale, list[Saying]]:
    """The scale to count on, and what to say about it."""
    found = scales.guess(cells.numbers)
    if declared is Scale.ONE_TO_SEVEN or (declared is None and found.scale is Scale.ONE_TO_SEVEN):
        raise NotAScore(
            f"{found.why} Such a scale makes no net promoter score. If these are answers from 0 to "
            "10 of very unhappy people, say so: --scale 0-10."
        )
    if declared is not None:
        return declared, []
    _refuse_other_numbers(cells, column)
    if found.scale is Scale.ONE_TO_FIVE:
        raise NotAScore(
            f"{found.why} If it is, say --scale 1-5: then 5 counts as a promoter, 4 as a passive "
            "and the rest as detractors. If people were asked from 0 to 10, say --scale 0-10."
        )
    if found.scale is Scale.ONE_TO_TEN:
        values = {"n": sum(cells.numbers.values()), "scale": found.scale.value}
        return Scale.ONE_TO_TEN, [warning("one_to_ten", **values)]
    if found.scale is None:
        values = {"column": column, "scale": Scale.ZERO_TO_TEN.value}
        return Scale.ZERO_TO_TEN, [warning("untold_counted", **values)]
    return Scale.ZERO_TO_TEN, []


def _refuse_other_numbers(cells: Cells, column: str) -> None:
    """Where most of what was answered is no score, the rest is not what people were asked."""
    fitting = sum(times for number, times in cells.numbers.items() if not _is_strange(number))
    strange = sum(cells.numbers.values()) + cells.missing[scales.Missing.NOT_A_NUMBER] - fitting
    if strange <= fitting:
        return
    numbers = [f"{number:g}" for number in cells.numbers if _is_strange(number)]
    shown = ", ".join([*numbers, *cells.examples.get(scales.Missing.NOT_A_NUMBER, ())][:5])
    raise NotAScore(
        f"“{column}” is no score from 0 to 10: of {fitting + strange:,} cells {strange:,} hold "
        f"something else, such as {shown}. Nothing is converted or rounded. Put the numbers that "
        "people chose in a column, or say another one: --score COLUMN. To count the others as they "
        "stand, say --scale 0-10."
    )


def _is_strange(number: float) -> bool:
    return isinstance(scales.score_of(number), scales.Missing)


def _findings(
    source: Source,
    columns: Columns,
    scale: Scale,
    *,
    counts: Counts,
    rated: Ratings,
    warnings: list[Saying],
) -> Analysis:
    trend = periods.trend_of(counts)
    warnings += periods.scale_breaks(counts)
    warnings += rated.warnings
    if counts.repeated is not None:
        column, times = counts.repeated
        warnings.append(warning("repeated", column=column, n=times))
    leading = grouping.drivers_of(columns, counts, warnings)
    silent, english = _cannot_say(columns, counts), speaking.choose()
    return Analysis(
        version=findings.VERSION,
        file={
            "name": source.name,
            "written": source.written.words,
            "signs": source.written.signs,
            "rows": source.rows,
            "broken_rows": source.broken,
        },
        columns={
            "score": columns.score,
            "comment": columns.comment,
            "date": columns.date,
            "account": columns.account,
            "segments": columns.segments,
            "drivers": columns.drivers,
            "churn": columns.churn,
            "revenue": columns.revenue,
            "csat": columns.csat,
            "ces": columns.ces,
        },
        guessed=tuple(columns.guessed),
        scale={"used": scale.value, "label": scale.label},
        overall=figure_of(counts.histogram, counts.alike),
        histogram=counts.histogram,
        missing=tuple(
            Missing(why.value, why.label, times, tuple(counts.examples.get(why, ())))
            for why, times in counts.missing.most_common()
        ),
        noticeable=power.describe(
            sum(counts.histogram),
            sum(counts.histogram),
            design_effect=alike.design_effect(counts.alike),
        ),
        comments=_comments(counts),
        trend=trend,
        mix=periods.mix_of(columns, counts),
        segments=tuple(
            grouping.segments_of(name, found, together)
            for name, found, together in zip_longest(
                columns.segments, counts.segments, counts.alike_segments
            )
        ),
        accounts=grouping.accounts_of(counts),
        drivers=leading,
        leaving=grouping.leaving_of(counts),
        revenue=grouping.revenue_of(counts),
        satisfaction=rated.satisfaction,
        effort=rated.effort,
        warnings=tuple(map(english.saying, warnings)),
        cannot_say=tuple(map(english.saying, silent)),
        said=(*warnings, *silent),
    )


def _comments(counts: Counts) -> Comments | None:
    if counts.spoken is None or not sum(counts.histogram):
        return None
    spoken = counts.spoken

    def ratio(group: Group) -> float | None:
        n = sum(counts.histogram[score] for score in nps.scores_of(group))
        return sum(spoken[score] for score in nps.scores_of(group)) / n if n else None

    return Comments(
        sum(spoken),
        counts.says_nothing,
        sum(spoken) / sum(counts.histogram),
        (ratio(Group.PROMOTER), ratio(Group.PASSIVE), ratio(Group.DETRACTOR)),
    )


def _cannot_say(columns: Columns, counts: Counts) -> list[Saying]:
    said = [_unsaid("cannot_silent")]
    if columns.date is None:
        said.append(_unsaid("cannot_trend"))
    elif counts.undated:
        said.append(_unsaid("cannot_when", n=counts.undated))
    if columns.comment is None:
        said.append(_unsaid("cannot_why"))
    if not columns.segments:
        said.append(_unsaid("cannot_who"))
    if columns.churn is None:
        said.append(_unsaid("cannot_leave"))
    if Role.SCORE in columns.guessed:
        said.append(_unsaid("cannot_guess", column=columns.score))
    return said


def _unsaid(key: str, **values: object) -> Saying:
    return Saying("cannot_say", key, values)
