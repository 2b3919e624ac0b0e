"""Do people answer less, or worse, the more often they were asked? Counted within one wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from afterscore.domain import intervals
from afterscore.domain.compare import MINIMUM_ANSWERS
from afterscore.domain.health import Rate
from afterscore.domain.intervals import Interval
from afterscore.domain.nps import Tally
from afterscore.programs import registry
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import peers

YEAR = timedelta(days=365)
MOST_APART = 4
"""Whoever was asked so often or oftener is one group."""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """People whom any program had asked so many times in the year before the wave asked them."""

    times: int
    responses: Rate
    scores: Tally

    @property
    def interval(self) -> Interval | None:
        """Of the score; None below ten answers, of which nothing is said."""
        return intervals.score_interval(self.scores) if self.scores.n >= MINIMUM_ANSWERS else None

    @property
    def label(self) -> str:
        if self.times == 0:
            return "not asked"
        if self.times >= MOST_APART:
            return f"asked {MOST_APART} times or more"
        return "asked once" if self.times == 1 else f"asked {self.times} times"


def list_by_frequency(*, wave: Wave) -> list[AskedBefore]:
    """The least asked first; empty where everybody was asked equally often."""
    groups = list(_askings(wave))
    if len(groups) < 2:
        return []
    return [
        AskedBefore(times, Rate(len(answered), people), _tally(answered))
        for times, people, answered in groups
    ]


def people_asked_before(*, wave: Wave, times: int) -> QuerySet[Enrolment]:
    """Those behind one of `list_by_frequency`."""
    return _by_times(wave).filter(times=times)


def _askings(wave: Wave) -> Iterator[tuple[int, int, list[int]]]:
    """By how many earlier waves had taken somebody in: how many of those were reached, and the
    enrolments of those who answered."""
    answered = ArrayAgg("pk", filter=Q(state=Enrolment.State.ANSWERED), default=Value([]))
    found = _by_times(wave).order_by("times").values_list("times")
    yield from found.annotate(people=Count("pk"), answered=answered)


def _by_times(wave: Wave) -> QuerySet[Any]:
    earlier = (
        Enrolment.objects.filter(
            workspace=OuterRef("workspace"),
            contact=OuterRef("contact"),
            created_at__lt=OuterRef("created_at"),
            created_at__gte=OuterRef("created_at") - YEAR,
        )
        .exclude(state=Enrolment.State.EXCLUDED)
        .order_by()
        .values("contact")
        .values(askings=Count("pk"))
    )
    asked = Enrolment.objects.filter(wave=wave).exclude(state=Enrolment.State.EXCLUDED)
    return asked.filter(peers.was_reached()).annotate(
        times=Least(Coalesce(Subquery(earlier, output_field=IntegerField()), 0), MOST_APART)
    )


def _tally(answered: list[int]) -> Tally:
    return registry.tally_of(Enrolment.objects.filter(pk__in=answered))
