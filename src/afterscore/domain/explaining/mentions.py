"""Whether more people raise a theme than before, or fewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afterscore.domain import families, intervals
from afterscore.domain import mentions as reckoning
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    count,
    decimal,
    points,
    quantile_step,
    signed,
)
from afterscore.domain.health import Rate
from afterscore.domain.mentions import Change

PAGE = "themes"
_VERDICTS = {
    Change.MORE: "more than before, beyond chance",
    Change.FEWER: "fewer than before, beyond chance",
    Change.SAME: "about the same",
    Change.NOT_ENOUGH: "can’t tell",
}
_SOURCE = (
    "Agresti and Caffo (2000), The American Statistician 54(4), p. 280-288; Holm (1979), "
    "Scandinavian Journal of Statistics 6, p. 65-70; Rao and Scott (1992), Biometrics 48, "
    "p. 577-585."
)


def theme_change(
    themes: Mapping[str, tuple[Rate, Rate]], name: str, *, confidence: float = 0.95
) -> Explanation:
    """Of the theme of this name, before and after, judged together with all the others."""
    before, after = themes[name]
    change = reckoning.changes(themes, confidence)[name]
    found = intervals.rate_difference(reckoning.counted(before), reckoning.counted(after))
    difference, error = 100 * found.difference, 100 * found.standard_error
    low, high = (100 * limit for limit in found.limits(confidence))
    first, second = _with_pseudo_answers(before), _with_pseudo_answers(after)
    reach = f"{decimal(intervals.quantile(confidence), 6)} × {decimal(error, 6)}"
    return Explanation(
        title="Do more people speak of it than before?",
        says=f"{signed(difference)} points ({between(low, high)}): {_VERDICTS[change]}.",
        steps=(
            *_side_steps("before", before, "p₁"),
            *_side_steps("now", after, "p₂"),
            Step(
                "Difference",
                "100 × (p₂ − p₁)",
                f"100 × ({decimal(second, 6)} − {decimal(first, 6)})",
                points(difference),
                difference,
            ),
            Step(
                "Its standard error",
                "100 × √(p₁ × (1 − p₁) / (n₁ + 2) + p₂ × (1 − p₂) / (n₂ + 2))",
                f"100 × √({_variance(before)} + {_variance(after)})",
                decimal(error),
                error,
            ),
            quantile_step(confidence),
            Step(
                "Lower limit",
                "difference − z × standard error",
                f"{decimal(difference, 6)} − {reach}",
                points(low),
                low,
            ),
            Step(
                "Upper limit",
                "difference + z × standard error",
                f"{decimal(difference, 6)} + {reach}",
                points(high),
                high,
            ),
        ),
        source=_SOURCE,
        page=PAGE,
        table=_family(themes, confidence),
        notes=_notes(min(before.n, after.n)),
    )


def _with_pseudo_answers(rate: Rate) -> float:
    happened, people = reckoning.counted(rate)
    return (happened + 1) / (people + 2)


def _side_steps(when: str, rate: Rate, sign: str) -> Iterator[Step]:
    if rate.ratio is not None:
        yield Step(
            f"Who raised it {when}, in percent",
            "100 × raised it / answered",
            f"100 × {count(rate.count)} / {count(rate.n)}",
            points(100 * rate.ratio),
            100 * rate.ratio,
        )
    over = "" if rate.design_effect == 1 else f" / {decimal(rate.design_effect, 6)}"
    share = _with_pseudo_answers(rate)
    yield Step(
        f"The same with one person of either kind added, {when}",
        f"{sign} = (raised it / d + 1) / (answered / d + 2)",
        f"({count(rate.count)}{over} + 1) / ({count(rate.n)}{over} + 2)",
        decimal(share, 6),
        share,
    )


def _variance(rate: Rate) -> str:
    p = decimal(_with_pseudo_answers(rate), 6)
    return f"{p} × (1 − {p}) / ({decimal(rate.worth, 6)} + 2)"


def _family(themes: Mapping[str, tuple[Rate, Rate]], confidence: float) -> Table:
    """The p-value of each theme, the smallest first, and what remains of it among all."""
    judged = {
        name: reckoning.shift(*pair, confidence).p_value
        for name, pair in themes.items()
        if all(map(reckoning.is_enough, pair))
    }
    chances = dict(zip(judged, families.adjusted(list(judged.values())), strict=True))
    ordered = sorted(judged, key=judged.__getitem__)
    return Table(
        ("Theme", "By chance alone", "Times", "Among all"),
        tuple(
            (name, decimal(judged[name]), count(len(ordered) - place), decimal(chances[name]))
            for place, name in enumerate(ordered)
        ),
    )


def _notes(people: int) -> tuple[str, ...]:
    notes = [
        (
            "d is the design effect of each side: so many people are worth one independent one, "
            "since people of one account think alike. n₁ and n₂ are answered / d."
        ),
        (
            "The table has how often chance alone would give a difference like this, of each "
            "theme. Among many themes one would seem to change by luck: the smallest is taken "
            "times as many as there are, the next times one fewer, and so on, never falling. A "
            "change is called real where at most 0.05 remains."
        ),
    ]
    if people < reckoning.MINIMUM_PEOPLE:
        notes.append(
            f"Nothing is said where fewer than {reckoning.MINIMUM_PEOPLE} people answered in "
            "either period."
        )
    return tuple(notes)
