"""How many answer whom, and how many stay: by the people who look after the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from afterscore.customers import queries as customers
from afterscore.domain import calendars
from afterscore.domain.health import Rate
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import peers

FEWEST_TO_RANK = 20
"""People asked, or accounts; below that, one more or fewer changes the order."""


@dataclass(frozen=True, slots=True)
class OwnerRate:
    """`name` is "" for people whose account nobody looks after. `stayed` is about all accounts that
    the owner has today, whether or not the wave asks somebody there."""

    name: str
    responses: Rate
    stayed: Rate

    @property
    def is_ranked(self) -> bool:
        return self.responses.n >= FEWEST_TO_RANK

    @property
    def is_retention_known(self) -> bool:
        return self.stayed.n >= FEWEST_TO_RANK

    @property
    def left(self) -> int:
        return self.stayed.n - self.stayed.count


def list_owner_rates(*, wave: Wave, now: datetime) -> list[OwnerRate]:
    """Of those who were reached: the highest rate first, then those too small to rank."""
    today = calendars.local_day(now, calendars.zone_or(wave.workspace.time_zone, "UTC"))
    stayed = customers.list_retention(workspace=wave.workspace, today=today)
    asked = Enrolment.objects.filter(wave=wave).exclude(state=Enrolment.State.EXCLUDED)
    rows = (
        asked.filter(peers.was_reached())
        .order_by()
        .values_list("owner", "owner__user__name", "owner__user__email")
        .annotate(
            people=Count("id"), answered=Count("id", filter=Q(state=Enrolment.State.ANSWERED))
        )
    )
    found = [
        OwnerRate(name or email or "", Rate(answered, people), stayed.get(owner, Rate(0, 0)))
        for owner, name, email, people, answered in rows
    ]
    return sorted(found, key=_rank)


def _rank(owner: OwnerRate) -> tuple[bool, float, str]:
    return (not owner.is_ranked, -(owner.responses.ratio or 0) * owner.is_ranked, owner.name)
