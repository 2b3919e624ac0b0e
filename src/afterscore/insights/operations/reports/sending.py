"""Sending one edition, outside any transaction: a mail server is slow."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from afterscore.cases.operations.notices import NotTaken
from afterscore.insights.composition import letters
from afterscore.insights.models import Edition
from afterscore.outreach.channels import Accepted, Declined, Outcome
from afterscore.outreach.operations import colleagues

LONGEST_WHY = 300


def send_edition(*, public_id: str, now: datetime) -> bool:
    """Unless it was sent, may have been, or its reader has stopped it meanwhile. Raises NotTaken
    where a later try may succeed."""
    edition = (
        Edition.objects.filter(public_id=public_id)
        .select_related("workspace", "report", "wave__program", "wave__workspace")
        .select_related("member__user", "member__workspace")
        .first()
    )
    if edition is None or (edition.begun_at is not None and not edition.failed_why):
        return False
    outcome = _write(edition, now)
    if isinstance(outcome, Accepted):
        return bool(Edition.objects.filter(pk=edition.pk).update(sent_at=now))
    if isinstance(outcome, Declined):
        why = (outcome.reply or "no reason was given")[:LONGEST_WHY]
        Edition.objects.filter(pk=edition.pk).update(failed_why=why)
        if not outcome.is_permanent:
            raise NotTaken(why)
    return False


def _write(edition: Edition, now: datetime) -> Outcome:
    letter = letters.compose(edition)
    return colleagues.write_to_colleague(
        member=edition.member,
        bulletin=letter.bulletin,
        enclosed=letter.enclosed,
        public_id=edition.public_id,
        begin=lambda: _begin(edition, now),
        now=now,
    )


def _begin(edition: Edition, now: datetime) -> bool:
    """Of two workers one begins."""
    fresh = Edition.objects.filter(pk=edition.pk).filter(Q(begun_at=None) | ~Q(failed_why=""))
    return bool(fresh.update(begun_at=now, failed_why=""))
