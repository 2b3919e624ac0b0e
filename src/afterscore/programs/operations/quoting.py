"""What a reminder says of companies like the reader's: counted shortly before it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from afterscore.domain.second_reminders import Participation
from afterscore.outreach import operations as outreach
from afterscore.programs import queries
from afterscore.programs.models import Wave

AHEAD = timedelta(minutes=45)
"""Longer than the time until the next count, so that no reminder leaves uncounted."""


def quote_peers(*, now: datetime) -> int:
    """Every half-hour: counts for the reminders that leave until the next time; returns for how
    many there is something to say."""
    return sum(_quote(wave, now) for wave in queries.list_quoting_waves(now=now))


def fields_of(peers: Participation) -> dict[str, int]:
    """What the text of a reminder may name; nothing, unless it is most of enough companies."""
    said = peers if peers.is_majority else queries.NO_PEERS
    return {"peers_asked": said.asked, "peers_answered": said.answered}


@transaction.atomic
def _quote(wave: Wave, now: datetime) -> int:
    """Reminders with the same figures are changed together. What may not be said is taken out."""
    peers = queries.peers_of(wave=wave)
    by_figures: dict[Participation, list[int]] = {}
    for reminder in queries.list_reminders_leaving(wave=wave, until=now + AHEAD):
        found = peers.like(reminder.peer_group, reminder.account_id)
        by_figures.setdefault(found, []).append(reminder.message_id)
    said = 0
    for found, messages in by_figures.items():
        changed = outreach.refresh_fields(
            workspace=wave.workspace, messages=messages, fields=fields_of(found)
        )
        said += changed if found.is_majority else 0
    return said
