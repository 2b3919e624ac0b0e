"""What it brings to answer customers, as sentences that say no more than they bear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from afterscore.domain import returns
from afterscore.domain.nps import Group
from afterscore.domain.returns import Amount, Basis, Contrast, Finding
from afterscore.domain.trends import rounded
from afterscore.insights.queries import LABELS, Conversion, Retention
from afterscore.insights.views import loop_words
from afterscore.insights.views.loop_words import Piece
from afterscore.kit.templatetags.charts import DifferenceRow
from afterscore.kit.templatetags.display import money


@dataclass(frozen=True, slots=True)
class Told:
    """What may be said of one comparison: a verdict, its sentence, and the rows of its drawing."""

    question: str
    verdict: str
    sentence: list[Piece]
    rows: list[DifferenceRow]
    unit: str
    caution: str = ""
    money: Sequence[Piece] = ()


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


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of how the numbers of a comparison come about; of a group's own by its name, of the lot's and
    of the revenue that was kept."""

    all: str
    lot: str
    groups: Mapping[Group, str] = field(default_factory=dict)
    kept: str = ""


def retention(found: Retention, currency: str, urls: Addresses) -> list[Told]:
    """Companies, observed and, where there is one, by lot."""
    question = "Do companies stay more often when we contacted their people?"
    first = _told(question, found.observed, STAYING, urls.all)
    if found.kept is not None:
        first = replace(first, money=_money(found.kept, currency, urls.kept))
    return [first, *_by_lot(found.by_lot, STAYING, urls.lot)]


def conversion(found: Conversion, urls: Addresses) -> list[Told]:
    """Detractors and passives together, each of them, and by lot where there is one."""
    question = "Do unhappy people become promoters more often after a contact?"
    first = _told(question, found.observed, CONVERTING, urls.all)
    rows = [
        _row(LABELS[group.value], each, CONVERTING.who, urls.groups[group])
        for group, each in found.groups.items()
    ]
    by_lot = _by_lot(found.by_lot, CONVERTING, urls.lot)
    return [replace(first, rows=[*first.rows, *rows]), *by_lot]


def _by_lot(found: Contrast | None, event: Event, url: str) -> list[Told]:
    if found is None:
        return []
    return [_told("And where a lot decided whom to contact first?", found, event, url)]


def _told(question: str, found: Contrast, event: Event, url: str) -> Told:
    return Told(
        question=question,
        verdict=_VERDICTS[found.finding],
        sentence=_sentence(found, event, url),
        rows=[_row("Together", found, event.who, url)] if found.difference else [],
        unit=event.unit,
        caution=BY_LOT if found.basis is Basis.BY_LOT else CAUTION,
    )


_VERDICTS = {
    Finding.MORE: "Yes, as far as one sees.",
    Finding.LESS: "No: less often, as far as one sees.",
    Finding.SAME: "No difference worth the name.",
    Finding.NOT_ENOUGH: "Can't tell yet.",
}


def _sentence(found: Contrast, event: Event, url: str) -> list[Piece]:
    who = event.who
    if not found.customers:
        return [Piece(f"Nobody to compare yet: no {who} of these answers have come that far.")]
    first = "put first" if found.basis is Basis.BY_LOT else "contacted"
    told = [
        Piece(f"Of those {first}, "),
        Piece(loop_words.of_all(found.contacted), url),
        Piece(f" {event.did}; of the others "),
        Piece(loop_words.of_all(found.others), url),
        Piece("."),
    ]
    if found.finding is not Finding.NOT_ENOUGH:
        return told
    if found.needed is None:
        return [*told, Piece(" There are too few on one side for any comparison.")]
    needed = Piece(f"{rounded(found.needed):,}", url)
    return [*told, Piece(" It would take about "), needed, Piece(f" {who} in all.")]


def _row(label: str, found: Contrast, who: str, url: str) -> DifferenceRow:
    known = found.difference
    enough = min(found.contacted.people, found.others.people) >= returns.MINIMUM_ARM
    tone = {Finding.MORE: "good", Finding.LESS: "bad"}.get(found.finding, "")
    arms = f"{found.contacted.people:,} and {found.others.people:,} {who}"
    if known is None or not enough:
        return DifferenceRow(label=label, note=f"too few to compare: {arms}", url=url)
    return DifferenceRow(
        label=label,
        note=arms,
        difference=known.difference,
        low=known.low,
        high=known.high,
        tone=tone,
        url=url,
    )


def _money(kept: Amount, currency: str, url: str) -> list[Piece]:
    """The difference in staying, as revenue, and for each minute that was written down."""

    def amount(value: Decimal) -> Piece:
        return Piece(money(value, currency), url)

    told = [
        Piece("Of "),
        amount(kept.at_stake),
        Piece(" a year that came up for renewal at the companies contacted, that is "),
        amount(kept.kept),
        *_between(kept.low, kept.high, amount, " kept (between "),
    ]
    each, low, high = (kept.per_minute(value) for value in (kept.kept, kept.low, kept.high))
    if each is None or low is None or high is None:
        return [*told, Piece(". No minutes are written down, so nothing can be said of each.")]
    return [
        *told,
        Piece(": "),
        amount(each),
        Piece(" for each of "),
        Piece(f"{kept.minutes:,}", url),
        *_between(low, high, amount, " minutes (between "),
        Piece(". Hold it against what a minute costs you."),
    ]


def _between(
    low: Decimal, high: Decimal, amount: Callable[[Decimal], Piece], start: str
) -> list[Piece]:
    return [Piece(start), amount(low), Piece(" and "), amount(high), Piece(")")]
