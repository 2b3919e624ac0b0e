"""How many answer whom: response rates by the people who look after the accounts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from afterscore.domain.health import Rate
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.queries import peers

FEWEST_TO_RANK = 20
"""People asked; below that, one more answer or fewer changes the order."""


@dataclass(frozen=True, slots=True)
class OwnerRate:
    """`name` is "" for people whose account nobody looks after."""

    name: str
    responses: Rate

    @property
    def is_ranked(self) -> bool:
        return self.responses.n >= FEWEST_TO_RANK


def list_owner_rates(*, wave: Wave) -> list[OwnerRate]:
    """Of those who were reached: the highest rate first, then those too small to rank."""
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
        OwnerRate(name or email or "", Rate(answered, people))
        for _, name, email, people, answered in rows
    ]
    return sorted(found, key=_rank)


def _rank(owner: OwnerRate) -> tuple[bool, float, str]:
    return (not owner.is_ranked, -(owner.responses.ratio or 0) * owner.is_ranked, owner.name)
