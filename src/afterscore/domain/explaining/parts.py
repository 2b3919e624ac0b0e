"""What an explanation is made of, and how numbers are written in one."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Step:
    """`formula` in symbols, `filled` with the values, `result` as it is shown; `value` is the
    result as a number, unrounded."""

    label: str
    formula: str
    filled: str
    result: str
    value: float

    @property
    def text(self) -> str:
        parts = [self.formula, self.filled]
        if self.result != self.filled:
            parts.append(self.result)
        return f"{self.label}: {' = '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Table:
    """Where a sum goes over segments: one row for each."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`says` is the result in a sentence, `page` the page of docs/algorithms that has the rest, ""
    where nothing more is to be said."""

    title: str
    says: str
    steps: tuple[Step, ...]
    source: str
    page: str
    table: Table | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it as plain text, for a mail or a terminal."""
        lines = [self.title, self.says, ""]
        lines += [step.text for step in self.steps]
        if self.table is not None:
            lines += ["", *("  ".join(row) for row in (self.table.header, *self.table.rows))]
        if self.notes:
            lines += ["", *self.notes]
        return "\n".join([*lines, "", f"Source: {self.source}"])


def count(number: float) -> str:
    return f"{number:,.0f}"


def decimal(number: float, digits: int = 4) -> str:
    """With a real minus, and without zeros that say nothing."""
    text = f"{abs(number):,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"−{text}" if number < 0 and text != "0" else text


def bracketed(number: float, digits: int = 4) -> str:
    """In brackets if it is negative, as within a formula."""
    text = decimal(number, digits)
    return f"({text})" if text.startswith("−") else text


def points(number: float) -> str:
    return decimal(number, 2)


def signed(number: float) -> str:
    text = decimal(number, 2)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def between(low: float, high: float) -> str:
    return f"{points(low)} to {points(high)}"


def answers(number: int) -> str:
    return f"{number:,} answer{'' if number == 1 else 's'}"


def percent(confidence: float) -> str:
    return f"{decimal(100 * confidence, 2)} %"


def quantile_step(confidence: float) -> Step:
    """How many standard errors the interval reaches."""
    value = NormalDist().inv_cdf(0.5 + confidence / 2)
    return Step(
        label=f"How far {percent(confidence)} reaches",
        formula="z",
        filled=decimal(value, 6),
        result=decimal(value, 6),
        value=value,
    )
