"""Who takes part: companies like somebody's, counted now."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from afterscore.domain.second_reminders import Participation
from afterscore.outreach.models import Kind, Message, State
from afterscore.programs.models import Enrolment, Wave

ARRIVED = (State.SENT, State.IN_DOUBT)
NOBODY = Participation(0, 0)


@dataclass(frozen=True, slots=True)
class Peers:
    """Of one wave: the companies asked so far, by peer group, and whether somebody answered."""

    answered: dict[str, dict[int, bool]]

    def of(self, group: str) -> Participation:
        companies = self.answered.get(group, {})
        return Participation(len(companies), sum(companies.values()))

    def like(self, group: str, account_id: int | None) -> Participation:
        """The companies like somebody's, without their own."""
        companies = self.answered.get(group, {})
        everybody = self.of(group)
        if account_id is None or account_id not in companies:
            return everybody
        return everybody.without(answered=companies[account_id])

    def groups(self) -> list[tuple[str, Participation]]:
        """The largest first."""
        found = [(group, self.of(group)) for group in self.answered]
        return sorted(found, key=lambda each: (-each[1].asked, each[0]))


def invitation_of(*, before: object = None) -> Exists:
    """Whether the invitation of an enrolment was handed over (before some expression)."""
    invitations = Message.objects.filter(
        workspace=OuterRef("workspace"),
        stream=OuterRef("wave__public_id"),
        contact=OuterRef("contact"),
        kind=Kind.INVITATION,
        state__in=ARRIVED,
    )
    if before is not None:
        invitations = invitations.annotate(left_at=Coalesce("handed_at", "sent_at"))
        invitations = invitations.filter(left_at__lt=before)
    return Exists(invitations)


def was_reached() -> Q:
    """Whether an enrolment's invitation was handed over, or its question shown without a mail."""
    return Q(invitation_of()) | ~Q(channel=Enrolment.Channel.EMAIL)


def peers_of(*, wave: Wave) -> Peers:
    """Companies count once somebody there has got the invitation, or was shown the
    question."""
    asked = _asked(wave).values_list("peer_group", "account_id")
    rows = asked.annotate(answered=BoolOr(Q(state=Enrolment.State.ANSWERED)))
    found: dict[str, dict[int, bool]] = {}
    for group, account, answered in rows.order_by():
        found.setdefault(group, {})[account] = bool(answered)
    return Peers(found)


def _asked(wave: Wave) -> QuerySet[Enrolment]:
    enrolled = Enrolment.objects.filter(wave=wave, account__isnull=False)
    return enrolled.exclude(state=Enrolment.State.EXCLUDED).filter(was_reached())
