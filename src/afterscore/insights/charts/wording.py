"""The words that stand in charts and their tables, to be given in another language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

MINUS = "\N{MINUS SIGN}"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
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
    share_note: str = "The lines are 95 % limits."
    locale: str = ""
    """How numbers are written, as Babel names it; empty as in these words."""
    is_rtl: bool = False


ENGLISH = Words()


def points(value: float | None, words: Words = ENGLISH) -> str:
    """A score as it is said: `+12`, `−3`, `0`; nothing where there is none."""
    if value is None:
        return ""
    rounded = round(value)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    # Among letters that run from right to left a bare sign would end up behind its number.
    before = LEFT_TO_RIGHT if sign and words.is_rtl else ""
    return f"{before}{sign}{abs(rounded)}"


def exact(value: float | None) -> float | None:
    """For a table: a score is a number with a fraction even where it is whole."""
    return None if value is None else float(value)


def percent(ratio: float | None, digits: int = 0, words: Words = ENGLISH) -> str:
    if ratio is None:
        return ""
    if not words.locale:
        return f"{ratio * 100:.{digits}f}{THIN_SPACE}%".replace("-", MINUS)
    from babel.numbers import format_percent

    return str(format_percent(ratio, _percents(words.locale, digits), words.locale))


@cache
def _percents(locale: str, digits: int) -> str:
    """The language's own pattern, with so many digits after the point."""
    from babel import Locale

    pattern = str(Locale.parse(locale).percent_formats[None].pattern)
    whole, last, after = pattern.rpartition("0")
    return f"{whole}{last}{'.' + '0' * digits if digits else ''}{after}"


def count(value: int, words: Words = ENGLISH) -> str:
    if not words.locale:
        return f"{value:,}"
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=words.locale))


def between(low: float | None, high: float | None, words: Words = ENGLISH) -> str:
    """The interval in words, with a leading space; nothing where there is none."""
    if low is None or high is None:
        return ""
    return f" ({words.low} {points(low, words)} {words.high} {points(high, words)})"
