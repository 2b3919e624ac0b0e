"""The ledger's figures as sentences that say no more than they bear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from afterscore.cases.queries import Promises
from afterscore.domain import loops, parity
from afterscore.domain.experiments import Arm
from afterscore.domain.health import Rate
from afterscore.domain.loops import Standing
from afterscore.domain.parity import Care
from afterscore.domain.survival import Curve
from afterscore.domain.trends import rounded
from afterscore.insights.queries import LABELS, VOICES, Ledger
from afterscore.kit.templatetags.display import ratio
from afterscore.kit.templatetags.shares import share


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a sentence; with an address it is a number that opens, or leads to its list."""

    text: str
    url: str = ""
    is_list: bool = False


def headline(
    ledger: Ledger, words: str, *, closed_url: str, list_url: Callable[[Standing], str]
) -> list[Piece]:
    """The sentence an executive reads."""
    line = ledger.every.line
    found = [
        Piece(f"{line.closed:,} of {line.answers:,}", closed_url),
        Piece(" loops closed, "),
        Piece(share(line.share), closed_url),
        Piece(f", of the answers of {words}."),
    ]
    rest = [
        (Piece(f"{line.count_of(standing):,}", list_url(standing), is_list=True), what)
        for standing, what in _REST.items()
        if line.count_of(standing)
    ]
    for place, (number, what) in enumerate(rest, 1):
        found += [Piece(_joined(place, len(rest))), number, Piece(f" {what}")]
    end = "." if rest else ""
    if ledger.neglected:
        end += f" Neglected: {_list([part.label.lower() for part in ledger.neglected])}."
    return [*found, Piece(end)]


_REST = {
    Standing.LATE: "open and late",
    Standing.IN_TIME: "still in time",
    Standing.GIVEN_UP: "given up",
    Standing.NO_CASE: "without a case yet",
}


def _joined(place: int, last: int) -> str:
    """What stands before one of several numbers in a sentence."""
    if place == 1:
        return " "
    return " and " if place == last else ", "


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def median(curve: Curve) -> tuple[str, str]:
    """The median and its limits in words; why there is none, if there is none."""
    middle = curve.middle
    if middle.time is None:
        if not curve.people:
            return "\N{EM DASH}", "no answers"
        reached = 1 - curve.points[-1].ratio if curve.points else 0.0
        return "Not yet", f"{ratio(reached)} so far, half is not reached"
    return loops.describe_hours(middle.time), loops.describe_range(middle.low, middle.high)


def median_note(curve: Curve) -> str:
    text, note = median(curve)
    return f"half within {text}" if curve.middle.time is not None else note


@dataclass(frozen=True, slots=True)
class CareSentence:
    label: str
    care: Care
    pieces: list[Piece]


def care_sentences(ledger: Ledger, explain: Callable[[str], str]) -> list[CareSentence]:
    """Of each group and each voice: even, neglected, or what is missing to tell. Nothing where
    nothing can be told of anybody. `explain` gives the address of a part's numbers."""
    if all(care.care is Care.NOT_ENOUGH for care in ledger.care.values()):
        return []
    return [
        CareSentence(
            LABELS[part.key],
            ledger.care[part.key].care,
            _care_pieces(ledger.care[part.key], explain(part.key)),
        )
        for part in ledger.parts
    ]


_CARE = {
    Care.NEGLECTED: "Closed less often than the rest: ",
    Care.FAVOURED: "Closed more often than the rest: ",
    Care.EVEN: "Closed as often as the rest: ",
    Care.NOT_ENOUGH: "",
}


def _care_pieces(care: parity.Part, url: str) -> list[Piece]:
    loops_closed = "loops closed" if care.care is Care.NOT_ENOUGH else "loops"
    found = [
        Piece(_CARE[care.care]),
        Piece(of_all(care.own), url),
        Piece(f" {loops_closed}, of all others "),
        Piece(of_all(care.rest), url),
        Piece("."),
    ]
    if care.needed:
        found += [
            Piece(" We would need about "),
            Piece(f"{rounded(care.needed):,}", url),
            Piece(" answers."),
        ]
    return found


def ripe_answers(ledger: Ledger) -> int:
    """How many are old enough to compare."""
    return sum((ledger.care[key].own for key in VOICES), Arm(0, 0)).people


def of_all(arm: Arm) -> str:
    found = Rate(arm.events, arm.people)
    return f"{arm.events:,} of {arm.people:,} ({share(found)})"


def closing_time(curve: Curve, url: str) -> list[Piece]:
    middle = curve.middle
    if not curve.points:
        return [Piece("No loop is closed yet.")]
    if middle.time is None:
        reached = ratio(1 - curve.points[-1].ratio)
        half = Piece("Half of the loops are not closed yet: ")
        return [half, Piece(reached, url), Piece(" so far.")]
    text, note = median(curve)
    end = f" ({note})." if note else "."
    return [Piece("Half of the loops are closed within "), Piece(text, url), Piece(end)]


def kept_promises(promises: Promises) -> Rate:
    """Overdue ones count as broken: their day has passed."""
    broken = promises.broken + promises.overdue
    return Rate(promises.kept, promises.kept + broken)
