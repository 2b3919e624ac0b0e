"""The ledger's figures as sentences that say no more than they bear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class Median(NamedTuple):
    """In words; the note has its limits, or says why there is none."""

    text: str
    note: str
    is_known: bool


def median(curve: Curve) -> Median:
    """As far as enough are watched: beyond, one or two would decide it."""
    if not curve.people:
        return Median("\N{EM DASH}", "no answers", is_known=False)
    watched = curve.while_watched(loops.FEWEST_WATCHED)
    middle = watched.middle
    if middle.time is None:
        return Median("Not yet", f"{_reached(watched)}half is not reached", is_known=False)
    limits = loops.describe_range(middle.low, middle.high)
    return Median(loops.describe_hours(middle.time), limits, is_known=True)


def _reached(watched: Curve) -> str:
    found = watched.reached()
    return f"{ratio(found[0])} within {loops.describe_hours(found[1])}, " if found else ""


def line_note(curve: Curve) -> str:
    """What is said of a line beside the share at which it ends: by when, and when it was half."""
    found = curve.while_watched(loops.FEWEST_WATCHED).reached()
    half = median(curve)
    told = f"half within {half.text}" if half.is_known else "half is not reached"
    return f"within {loops.describe_hours(found[1])}, {told}" if found else told


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
    if not curve.points:
        return [Piece("No loop is closed yet.")]
    text, note, is_known = median(curve)
    if is_known:
        end = f" ({note})." if note else "."
        return [Piece("Half of the loops are closed within "), Piece(text, url), Piece(end)]
    found = curve.while_watched(loops.FEWEST_WATCHED).reached()
    if found is None:
        return [Piece("Too early to tell how long it takes until half of the loops are closed.")]
    end = f" are closed within {loops.describe_hours(found[1])}, half is not reached."
    return [Piece(ratio(found[0]), url), Piece(end)]


def kept_promises(promises: Promises) -> Rate:
    """Overdue ones count as broken: their day has passed."""
    broken = promises.broken + promises.overdue
    return Rate(promises.kept, promises.kept + broken)
