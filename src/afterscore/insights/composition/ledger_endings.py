"""How loops ended, and what became of what was promised in them: the numbers and those behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from afterscore.cases import queries as cases
from afterscore.cases.models import Commitment
from afterscore.cases.queries import Ending, Fate
from afterscore.domain import calendars, explaining, nps
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause
from afterscore.domain.health import Rate
from afterscore.domain.nps import Group
from afterscore.insights.composition import behind, ledger
from afterscore.insights.composition.behind import Row
from afterscore.insights.composition.ledger import Asked, Told
from afterscore.insights.queries import Figure
from afterscore.kit.templatetags import display

PROMISE, ENDED = "promise", "ended"
PASSED = (Fate.KEPT, Fate.BROKEN, Fate.OVERDUE)
"""Promises whose day has passed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the things that are said when a loop ends: `value` is what was said, "" where it was
    not, and `whole` all of whom it was."""

    value: Callable[[Ending], str]
    label: Callable[[str], str]
    figure: Callable[[str], Figure]
    whole: str


def _outcome(ending: Ending) -> str:
    return "" if ending.outcome == Outcome.NOT_CLOSED else ending.outcome


REASONS = Way(
    lambda each: each.reason,
    lambda value: NotClosedReason(value).label,
    lambda value: Figure(reason=value),
    "loops not closed",
)
OUTCOMES = Way(
    _outcome,
    lambda value: Outcome(value).label,
    lambda value: Figure(outcome=value),
    "closed loops",
)
CAUSES = Way(
    lambda each: each.root_cause,
    lambda value: RootCause(value).label,
    lambda value: Figure(root_cause=value),
    "loops of which it was said",
)
WAYS = (REASONS, OUTCOMES, CAUSES)


@dataclass(frozen=True, slots=True)
class Tallied:
    """One reason, cause or outcome, and of whom: by group, and how many of them were silent."""

    figure: Figure
    label: str
    cases: int
    of: int
    groups: tuple[tuple[Group, int], ...]  # detractors, passives, promoters
    silent: int

    @property
    def rate(self) -> Rate:
        return Rate(self.cases, self.of)


def tally(way: Way, endings: Iterable[Ending]) -> list[Tallied]:
    """The most frequent first."""
    counted: dict[str, Counter[str]] = {}
    for ending in endings:
        if not (value := way.value(ending)):
            continue
        sums = counted.setdefault(value, Counter())
        sums["cases"] += ending.cases
        sums[nps.group_of(ending.score)] += ending.cases
        sums["silent"] += 0 if ending.has_comment else ending.cases
    total = sum(sums["cases"] for sums in counted.values())
    found = [
        Tallied(
            way.figure(value),
            way.label(value),
            sums["cases"],
            total,
            tuple(
                (group, sums[group]) for group in (Group.DETRACTOR, Group.PASSIVE, Group.PROMOTER)
            ),
            sums["silent"],
        )
        for value, sums in counted.items()
    ]
    return sorted(found, key=lambda each: (-each.cases, each.label))


def promise(asked: Asked) -> Told:
    """Kept ones of those whose day has passed; of any other fate, of all."""
    today = calendars.local_day(asked.now, calendars.zone_or(asked.workspace.time_zone, "UTC"))
    counted = cases.count_promises(workspace=asked.workspace, period=asked.period, today=today)
    fate = Fate(asked.one) if asked.one in set(Fate) else Fate.KEPT
    of, whole = (PASSED, "whose day has passed") if fate is Fate.KEPT else (tuple(Fate), "promises")
    share = explaining.share(
        getattr(counted, fate),
        sum(getattr(counted, each) for each in of),
        title=f"Promises {fate.label}",
        done_word=fate.label,
        whole_word=whole,
        page=ledger.PAGE,
    )
    listed = PASSED if fate is Fate.KEPT else (fate,)
    found = cases.list_promises(
        workspace=asked.workspace, period=asked.period, fates=listed, today=today
    )

    def rows(promises: Sequence[Commitment]) -> Iterator[Row]:
        for each in promises:
            yield Row(
                name=str(each.case.contact),
                company=str(each.case.account or ""),
                url=reverse("cases:case", args=[asked.workspace.slug, each.case.public_id]),
                comment=each.text,
                note=f"by {display.day(each.due_on)}, {cases.fate_of(each, today).label}",
            )

    page = behind.page_of(found, asked.after, rows, noun="promise", nouns="promises")
    return ledger.told([share], page, "those whom we promised something")


def ended(asked: Asked) -> Told:
    """How many loops ended in one of the ways of their kind."""
    endings = cases.count_endings(workspace=asked.workspace, period=asked.period)
    shares = [
        explaining.share(
            row.cases,
            row.of,
            title=row.label,
            done_word="of these",
            whole_word=way.whole,
            page=ledger.PAGE,
        )
        for way in WAYS
        for row in tally(way, endings)
        if row.figure == asked.figure
    ]
    rows = ledger.answers(asked, asked.figure, ledger.stands, noun="loop", nouns="loops")
    return ledger.told(shares, rows, "those whose loops ended so")


FIGURES: dict[str, Callable[[Asked], Told]] = {PROMISE: promise, ENDED: ended}
