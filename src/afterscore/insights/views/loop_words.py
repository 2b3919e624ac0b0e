"""The ledger's figures as sentences that say no more than they bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from afterscore.cases.queries import Ending, Promises
from afterscore.domain import loops, returns
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.experiments import Arm
from afterscore.domain.health import Rate
from afterscore.domain.nps import Group
from afterscore.domain.parity import Care
from afterscore.domain.returns import Basis, Contrast, Finding
from afterscore.domain.survival import Curve
from afterscore.insights.queries import LABELS, Conversion, Ledger, Retention
from afterscore.kit.templatetags.charts import DifferenceRow
from afterscore.kit.templatetags.display import money, ratio

NARROW = "\N{NARROW NO-BREAK SPACE}"


def percent(rate: Rate) -> str:
    """ "78 % (74 to 82)", with as many digits as it takes not to round a rest away."""
    if rate.ratio is None:
        return "\N{EM DASH}"
    return f"{share(rate)} ({rate.low * 100:.0f} to {rate.high * 100:.0f})"


def share(rate: Rate) -> str:
    """Never 100 % unless it is all of them, never 0 % unless it is none."""
    if rate.ratio is None:
        return "\N{EM DASH}"
    shown = round(rate.ratio * 100)
    if shown == 100 and rate.count < rate.n:
        return f"99.9{NARROW}%" if rate.ratio >= 0.999 else f"{rate.ratio * 100:.1f}{NARROW}%"
    if shown == 0 and rate.count:
        return f"{max(rate.ratio * 100, 0.1):.1f}{NARROW}%"
    return ratio(rate.ratio)


def headline(ledger: Ledger, words: str) -> str:
    """The sentence an executive reads."""
    line = ledger.every.line
    text = (
        f"{line.closed:,} of {line.answers:,} loops closed, {share(line.share)}, "
        f"of the answers of {words}."
    )
    rest = [
        f"{number:,} {what}"
        for number, what in (
            (line.late, "open and late"),
            (line.in_time, "still in time"),
            (line.given_up, "given up"),
            (line.no_case, "without a case yet"),
        )
        if number
    ]
    return f"{text} {_list(rest)}." if rest else text


def _list(parts: Sequence[str]) -> str:
    text = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return text[0].upper() + text[1:]


def median(curve: Curve) -> tuple[str, str]:
    """The median and its limits in words; why there is none, if there is none."""
    middle = curve.middle
    if middle.time is None:
        if not curve.people:
            return "\N{EM DASH}", "no answers"
        reached = 1 - curve.points[-1].ratio if curve.points else 0.0
        return "Not yet", f"{ratio(reached)} so far, half is not reached"
    low = loops.describe_hours(middle.low) if middle.low is not None else "less"
    high = loops.describe_hours(middle.high) if middle.high is not None else "longer"
    return loops.describe_hours(middle.time), f"between {low} and {high}"


def median_note(curve: Curve) -> str:
    text, note = median(curve)
    return f"half within {text}" if curve.middle.time is not None else note


@dataclass(frozen=True, slots=True)
class CareSentence:
    label: str
    care: Care
    text: str


def care_sentences(ledger: Ledger) -> list[CareSentence]:
    """Of each group and each voice: even, neglected, or what is missing to tell."""
    found = []
    for part in ledger.parts:
        care = ledger.care[part.key]
        own, rest = _of(care.own), _of(care.rest)
        match care.care:
            case Care.NEGLECTED:
                text = f"Neglected: {own} loops closed, of all others {rest}."
            case Care.EVEN:
                text = f"As well answered as the rest: {own} loops closed, of all others {rest}."
            case _:
                text = f"Can't tell yet: {care.own.people:,} answers that are old enough"
                text += f", we would need about {care.needed:,}." if care.needed else "."
        found.append(CareSentence(LABELS[part.key], care.care, text))
    return found


def _of(arm: Arm) -> str:
    found = Rate(arm.events, arm.people)
    return f"{arm.events:,} of {arm.people:,} ({share(found)})"


def closing_time(curve: Curve) -> str:
    text, note = median(curve)
    if curve.middle.time is None:
        return f"Half of the loops are not closed yet: {note}."
    return f"Half of the loops are closed within {text} ({note})."


def kept_promises(promises: Promises) -> Rate:
    """Overdue ones count as broken: their day has passed."""
    broken = promises.broken + promises.overdue
    return Rate(promises.kept, promises.kept + broken)


@dataclass(frozen=True, slots=True)
class Tallied:
    """One reason, cause or outcome, and of whom: by group, and how many of them were silent."""

    label: str
    cases: int
    of: int
    groups: dict[Group, int] = field(default_factory=dict)
    silent: int = 0

    @property
    def rate(self) -> Rate:
        return Rate(self.cases, self.of)


def reasons(endings: Iterable[Ending]) -> list[Tallied]:
    given = [each for each in endings if each.reason]
    return _tally(given, lambda each: _label(NotClosedReason, each.reason))


def outcomes(endings: Iterable[Ending]) -> list[Tallied]:
    given = [each for each in endings if each.outcome and not each.reason]
    return _tally(given, lambda each: _label(Outcome, each.outcome))


def causes(endings: Iterable[Ending]) -> list[Tallied]:
    given = [each for each in endings if each.root_cause]
    return _tally(given, lambda each: _label(None, each.root_cause))
