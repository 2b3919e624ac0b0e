"""Who was reached by which channel, and how many of them answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from afterscore.domain.health import Rate
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import peers


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one segment ("" for those who are in none), by the channels in the order they are given;
    None where that channel reached nobody there."""

    segment: str
    rates: tuple[Rate | None, ...]

    @property
    def people(self) -> int:
        return sum(rate.n for rate in self.rates if rate)


@dataclass(frozen=True, slots=True)
class Channels:
    """What `everybody` and each segment (the largest first) is made of."""

    labels: tuple[str, ...]
    everybody: Coverage
    segments: tuple[Coverage, ...]


def find_channels(*, wave: Wave) -> Channels | None:
    """None where one channel reached everybody: then there is nothing to compare. Whoever was asked
    by mail first is counted there, wherever they have answered."""
    rows = (
        Enrolment.objects.filter(wave=wave)
        .exclude(state=Enrolment.State.EXCLUDED)
        .filter(peers.was_reached())
        .order_by()
        .values_list("peer_group", "channel")
        .annotate(
            people=Count("id"), answered=Count("id", filter=Q(state=Enrolment.State.ANSWERED))
        )
    )
    counted: dict[str, dict[str, Rate]] = defaultdict(dict)
    for segment, channel, people, answered in rows:
        counted[segment][channel] = Rate(answered, people)
    used = [
        channel
        for channel in Enrolment.Channel
        if any(channel in rates for rates in counted.values())
    ]
    if len(used) < 2:
        return None
    segments = [
        Coverage(segment, tuple(rates.get(channel) for channel in used))
        for segment, rates in counted.items()
    ]
    segments.sort(key=lambda each: (-each.people, each.segment))
    return Channels(
        labels=tuple(str(channel.label) for channel in used),
        everybody=Coverage("", tuple(_together(counted, channel) for channel in used)),
        segments=tuple(segments),
    )


def _together(counted: dict[str, dict[str, Rate]], channel: str) -> Rate:
    found = [rates[channel] for rates in counted.values() if channel in rates]
    return Rate(sum(rate.count for rate in found), sum(rate.n for rate in found))
