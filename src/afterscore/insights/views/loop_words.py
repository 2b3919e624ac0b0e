"""The ledger's figures as sentences that say no more than they bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from afterscore.cases.queries import Ending, Promises
from afterscore.domain import loops, nps, returns
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause
from afterscore.domain.experiments import Arm
from afterscore.domain.health import Rate
from afterscore.domain.nps import Group
from afterscore.domain.parity import Care
from afterscore.domain.returns import Amount, Basis, Contrast, Finding
from afterscore.domain.survival import Curve
from afterscore.insights.queries import LABELS, VOICES, Conversion, Ledger, Retention
from afterscore.kit.templatetags.charts import DifferenceRow
from afterscore.kit.templatetags.display import money, ratio
from afterscore.kit.templatetags.shares import share


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
    if rest:
        told = _list(rest)
        text += f" {told[0].upper()}{told[1:]}."
    if ledger.neglected:
        text += f" Neglected: {_list([part.label.lower() for part in ledger.neglected])}."
    return text


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
    text: str


def care_sentences(ledger: Ledger) -> list[CareSentence]:
    """Of each group and each voice: even, neglected, or what is missing to tell. Nothing where
    nothing can be told of anybody."""
    if all(care.care is Care.NOT_ENOUGH for care in ledger.care.values()):
        return []
    found = []
    for part in ledger.parts:
        care = ledger.care[part.key]
        own, rest = _of(care.own), _of(care.rest)
        match care.care:
            case Care.NEGLECTED:
                text = f"Closed less often than the rest: {own} loops, of all others {rest}."
            case Care.FAVOURED:
                text = f"Closed more often than the rest: {own} loops, of all others {rest}."
            case Care.EVEN:
                text = f"Closed as often as the rest: {own} loops, of all others {rest}."
            case _:
                text = f"{own} loops closed, of all others {rest}."
                if care.needed:
                    text += f" We would need about {_rounded(care.needed)} answers."
        found.append(CareSentence(LABELS[part.key], care.care, text))
    return found


def ripe_answers(ledger: Ledger) -> str:
    """How many are old enough to compare."""
    arm = sum((ledger.care[key].own for key in VOICES), Arm(0, 0))
    return f"{arm.people:,} answer{' is' if arm.people == 1 else 's are'}"


def _of(arm: Arm) -> str:
    found = Rate(arm.events, arm.people)
    return f"{arm.events:,} of {arm.people:,} ({share(found)})"


@dataclass(frozen=True, slots=True)
class Linked:
    """A sentence with a number that opens; `figure` is "" where there is none."""

    before: str
    figure: str
    after: str
    url: str


def closing_time(curve: Curve, url: str) -> Linked:
    middle = curve.middle
    if middle.time is None and not curve.points:
        return Linked("No loop is closed yet.", "", "", "")
    if middle.time is None:
        reached = ratio(1 - curve.points[-1].ratio)
        return Linked("Half of the loops are not closed yet: ", reached, " so far.", url)
    text, note = median(curve)
    return Linked("Half of the loops are closed within ", text, f" ({note})." if note else ".", url)


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
    groups: tuple[int, ...]  # detractors, passives, promoters
    silent: int

    @property
    def rate(self) -> Rate:
        return Rate(self.cases, self.of)


def reasons(endings: Iterable[Ending]) -> list[Tallied]:
    """Why loops were given up."""
    return _tally((NotClosedReason(each.reason).label, each) for each in endings if each.reason)


def outcomes(endings: Iterable[Ending]) -> list[Tallied]:
    """How loops were closed."""
    return _tally(
        (Outcome(each.outcome).label, each)
        for each in endings
        if each.outcome and each.outcome != Outcome.NOT_CLOSED
    )


def causes(endings: Iterable[Ending]) -> list[Tallied]:
    """What was behind the scores, where somebody said it at the end."""
    return _tally((RootCause(each.root_cause).label, each) for each in endings if each.root_cause)


def _tally(rows: Iterable[tuple[str, Ending]]) -> list[Tallied]:
    counted: dict[str, Counter[str]] = {}
    for label, ending in rows:
        sums = counted.setdefault(label, Counter())
        sums["cases"] += ending.cases
        sums[nps.group_of(ending.score)] += ending.cases
        sums["silent"] += 0 if ending.has_comment else ending.cases
    total = sum(sums["cases"] for sums in counted.values())
    found = [
        Tallied(
            label,
            sums["cases"],
            total,
            tuple(sums[group] for group in (Group.DETRACTOR, Group.PASSIVE, Group.PROMOTER)),
            sums["silent"],
        )
        for label, sums in counted.items()
    ]
    return sorted(found, key=lambda each: (-each.cases, each.label))


@dataclass(frozen=True, slots=True)
class Told:
    """What may be said of one comparison: a verdict, its sentence, and the rows of its drawing."""

    question: str
    verdict: str
    sentence: str
    rows: list[DifferenceRow]
    unit: str
    caution: str = ""
    money: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """To whom it happens and what; `unit` names the difference of a hundred."""

    who: str
    did: str
    unit: str


STAYING = Event("companies", "stayed", "more companies of 100 that stay")
CONVERTING = Event("people", "became promoters", "more promoters of 100 people")

CAUTION = (
    "Observed, not drawn by lot: whom you contacted, and who had time to, may differ from the rest "
    "in more than the contact. Compared within groups of equal score. A sign, not a proof."
)
BY_LOT = "Drawn by lot, so that both sides are alike but for who came first."


def retention(found: Retention, currency: str) -> list[Told]:
    """Companies, observed and, where there is one, by lot."""
    question = "Do companies stay more often when we contacted their people?"
    first = _told(question, found.observed, STAYING)
    if found.kept is not None:
        first = replace(first, money=_money(found.kept, currency))
    return [first, *_by_lot(found.by_lot, STAYING)]


def conversion(found: Conversion) -> list[Told]:
    """Detractors and passives together, each of them, and by lot where there is one."""
    question = "Do unhappy people become promoters more often after a contact?"
    first = _told(question, found.observed, CONVERTING)
    rows = [_row(LABELS[group.value], each, CONVERTING.who) for group, each in found.groups.items()]
    return [replace(first, rows=[*first.rows, *rows]), *_by_lot(found.by_lot, CONVERTING)]


def _by_lot(found: Contrast | None, event: Event) -> list[Told]:
    if found is None:
        return []
    return [_told("And where a lot decided whom to contact first?", found, event)]


def _told(question: str, found: Contrast, event: Event) -> Told:
    who, did, unit = event.who, event.did, event.unit
    first = "put first" if found.basis is Basis.BY_LOT else "contacted"
    return Told(
        question=question,
        verdict=_VERDICTS[found.finding],
        sentence=_sentence(found, who, did, first),
        rows=[_row("Together", found, who)] if found.difference else [],
        unit=unit,
        caution=BY_LOT if found.basis is Basis.BY_LOT else CAUTION,
    )


_VERDICTS = {
    Finding.MORE: "Yes, as far as one sees.",
    Finding.LESS: "No: less often, as far as one sees.",
    Finding.SAME: "No difference worth the name.",
    Finding.NOT_ENOUGH: "Can't tell yet.",
}


def _sentence(found: Contrast, who: str, did: str, first: str) -> str:
    if not found.customers:
        return f"Nobody to compare yet: no {who} of these answers have come that far."
    text = f"Of those {first}, {_of(found.contacted)} {did}; of the others {_of(found.others)}."
    if found.finding is not Finding.NOT_ENOUGH:
        return text
    if found.needed is None:
        return f"{text} There are too few on one side for any comparison."
    return f"{text} It would take about {_rounded(found.needed)} {who} in all."


def _rounded(number: int) -> str:
    step = 10 ** max(1, len(str(number)) - 2)
    return f"{-(-number // step) * step:,}"


def _row(label: str, found: Contrast, who: str) -> DifferenceRow:
    known = found.difference
    enough = min(found.contacted.people, found.others.people) >= returns.MINIMUM_ARM
    tone = {Finding.MORE: "good", Finding.LESS: "bad"}.get(found.finding, "")
    arms = f"{found.contacted.people:,} and {found.others.people:,} {who}"
    if known is None or not enough:
        return DifferenceRow(label=label, note=f"too few to compare: {arms}")
    return DifferenceRow(
        label=label,
        note=arms,
        difference=known.difference,
        low=known.low,
        high=known.high,
        tone=tone,
    )


def _money(kept: Amount, currency: str) -> str:
    """The difference in staying, as revenue, and for each minute that was written down."""
    low, high = (money(amount, currency) for amount in (kept.low, kept.high))
    text = (
        f"Of {money(kept.at_stake, currency)} a year that came up for renewal at the companies "
        f"contacted, that is {money(kept.kept, currency)} kept (between {low} and {high})"
    )
    each = kept.per_minute(kept.kept)
    if each is None:
        return f"{text}. No minutes are written down, so nothing can be said of each."
    limits = [kept.per_minute(amount) or Decimal(0) for amount in (kept.low, kept.high)]
    return (
        f"{text}: {money(each, currency)} for each of {kept.minutes:,} minutes (between "
        f"{money(limits[0], currency)} and {money(limits[1], currency)}). Hold it against what a "
        "minute costs you."
    )
