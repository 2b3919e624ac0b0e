"""The words that stand in charts and their tables, to be given in another language."""

from __future__ import annotations

from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    period: str = "Period"
    answers: str = "Answers"
    score: str = "Score"
    low: str = "from"
    high: str = "to"
    change: str = "Change"
    rise: str = "rise"
    fall: str = "fall"
    promoters: str = "Promoters"
    passives: str = "Passives"
    detractors: str = "Detractors"
    group: str = "Group"
    share: str = "Share"
    estimate: str = "Pooled estimate"
    all_together: str = "all"
    target: str = "target"
    against: str = "Against the rest"
    above: str = "above the rest"
    below: str = "below the rest"
    step: str = "Step"
    of_before: str = "of the step before"
    people: str = "People"
    limits_note: str = "Bars are 95 % limits: how far chance alone could have moved the score."
    pooled_note: str = (
        "Bars are 95 % limits; the upright stroke is the estimate that leans on all groups "
        "together, the more the fewer answers there are."
    )
    cells_note: str = (
        "In each cell the score, its 95 % limits and the number of answers. Cells on the bare "
        "ground have too few answers to be judged."
    )
    share_note: str = "The dark lines are 95 % limits."


ENGLISH = Words()


def points(value: float | None) -> str:
    """A score as it is said: `+12`, `−3`, `0`; nothing where there is none."""
    if value is None:
        return ""
    rounded = round(value)
    return "0" if rounded == 0 else f"{rounded:+d}".replace("-", MINUS)


def exact(value: float | None) -> float | None:
    """For a table: a score is a number with a fraction even where it is whole."""
    return None if value is None else float(value)


def percent(ratio: float | None, digits: int = 0) -> str:
    return "" if ratio is None else f"{ratio * 100:.{digits}f}{THIN_SPACE}%".replace("-", MINUS)


def count(value: int) -> str:
    return f"{value:,}"


def between(low: float | None, high: float | None, words: Words = ENGLISH) -> str:
    """The interval in words, with a leading space; nothing where there is none."""
    if low is None or high is None:
        return ""
    return f" ({words.low} {points(low)} {words.high} {points(high)})"
