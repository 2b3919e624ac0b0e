"""How many answer and how soon: what earlier waves of a program have shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from afterscore.domain import calendars, nps, turnout
from afterscore.domain.nps import Group
from afterscore.domain.turnout import CURVE_DAYS, Belief, Evidence, Real
from afterscore.outreach.models import Kind, Message
from afterscore.programs import registry
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import finding, peers

MOST_WAVES = 8
"""Earlier waves that are looked at, the newest first."""

State = Enrolment.State


class Invited(NamedTuple):
    """People of one kind who were invited on one day of the workspace's calendar."""

    day: date
    owner_id: int | None
    stratum: str
    people: int
    answered: int
    stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """`delays` counts answers by days after the invitation, `groups` by what they were."""

    earlier: Mapping[str, Evidence]
    delays: Sequence[int]
    groups: Mapping[Group, int]

    def curve(self, program: Program) -> Real:
        assumed = turnout.assumed_curve(
            reminders=min(program.reminders, len(turnout.TOUCH_SHARES) - 1),
            gap_days=program.reminder_after_days,
        )
        return turnout.learned_curve(assumed, self.delays)


def experience_of(*, program: Program, wave: Wave | None = None) -> Experience:
    """Of the closed waves; how soon and in which groups people answer also of the one under way."""
    closed = finding.list_closed_waves(program=program)[:MOST_WAVES]
    seen = [*closed, wave] if wave is not None else closed
    return Experience(
        earlier=_earlier(closed) if closed else {},
        delays=_delays(seen) if seen else [],
        groups=_groups(seen) if seen else {},
    )


def _earlier(waves: Sequence[Wave]) -> dict[str, Evidence]:
    """By segment, of those whose invitation went out."""
    rows = (
        Enrolment.objects.filter(wave__in=waves)
        .exclude(state=State.EXCLUDED)
        .filter(peers.invitation_of())
        .order_by()
        .values_list("peer_group")
        .annotate(people=Count("id"), answered=Count("id", filter=Q(state=State.ANSWERED)))
    )
    return {group: Evidence(answered, people) for group, people, answered in rows}


def _delays(waves: Sequence[Wave]) -> list[int]:
    zone = ZoneInfo(calendars.zone_or(waves[0].workspace.time_zone, "UTC"))
    rows = (
        Enrolment.objects.filter(wave__in=waves, answered_at__isnull=False)
        .annotate(invited_at=invited_at())
        .filter(invited_at__isnull=False)
        .order_by()
        .values_list(TruncDate("answered_at", tzinfo=zone), TruncDate("invited_at", tzinfo=zone))
        .annotate(people=Count("id"))
    )
    counts: Counter[int] = Counter()
    for answered, invited, people in rows:
        counts[min(max((answered - invited).days, 0), CURVE_DAYS - 1)] += people
    return [counts[day] for day in range(max(counts, default=-1) + 1)]


def _groups(waves: Sequence[Wave]) -> dict[Group, int]:
    tally = nps.tally(registry.histogram_of(Enrolment.objects.filter(wave__in=waves)))
    return {group: tally.count_of(group) for group in Group}


def invited_at() -> Subquery:
    """When the invitation of an enrolment was handed over; NULL where it was not."""
    return Subquery(_invitations().values(at=Coalesce("handed_at", "sent_at"))[:1])


def _invitations() -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=OuterRef("workspace"),
        stream=OuterRef("wave__public_id"),
        contact=OuterRef("contact"),
        kind=Kind.INVITATION,
        state__in=peers.ARRIVED,
    ).order_by()


def list_invited(*, wave: Wave) -> list[Invited]:
    """Whoever was asked in the wave so far, counted by day, owner and stratum."""
    zone = ZoneInfo(calendars.zone_or(wave.workspace.time_zone, "UTC"))
    rows = (
        Enrolment.objects.filter(wave=wave)
        .exclude(state=State.EXCLUDED)
        .annotate(invited_at=invited_at())
        .filter(invited_at__isnull=False)
        .order_by()
        .values_list(TruncDate("invited_at", tzinfo=zone), "owner", "stratum")
        .annotate(
            people=Count("id"),
            answered=Count("id", filter=Q(state=State.ANSWERED)),
            stopped=Count("id", filter=Q(state=State.STOPPED)),
        )
    )
    return [Invited(*row) for row in rows]


def evidence_of(invited: Sequence[Invited], *, curve: Real, today: date) -> dict[str, Evidence]:
    """What the wave has shown: the silent count as far as they have had the time to answer, in
    whole days before today."""
    share = np.cumsum(curve)
    found: dict[str, Evidence] = {}
    for each in invited:
        days = min((today - each.day).days, len(share))
        part = float(share[days - 1]) if days > 0 else 0.0
        had_time = max(part * each.people, float(each.answered))
        known = found.get(each.stratum, Evidence())
        found[each.stratum] = known + Evidence(each.answered, had_time)
    return found


def beliefs_of(
    strata: Sequence[str], experience: Experience, current: Mapping[str, Evidence]
) -> dict[str, Belief]:
    return turnout.believe(strata, earlier=experience.earlier, current=current)
