"""Whose words ask for an improvement, and whether they know what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.improvements.models import Improvement, Voice
from afterscore.improvements.operations.improving import lock
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member


@transaction.atomic
def link_voices(
    *,
    improvement: Improvement,
    responses: Sequence[Response],
    added_by: Member | None = None,
    actor: Actor,
    now: datetime,
) -> list[Voice]:
    """These answers ask for it. Safe to repeat: whoever is linked already stays as they are."""
    row = lock(improvement)
    known = set(
        Voice.objects.filter(improvement=row, response__in=responses).values_list(
            "response_id", flat=True
        )
    )
    voices = Voice.objects.bulk_create(
        Voice(
            workspace=row.workspace,
            improvement=row,
            response=response,
            added_by=added_by,
            added_at=now,
        )
        for response in responses
        if response.pk not in known
    )
    if voices:
        linked = tuple(voice.response.public_id for voice in voices)
        event = events.VoicesLinked(row.public_id, responses=linked)
        journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
    return voices


@transaction.atomic
def unlink_voice(
    *, improvement: Improvement, response: Response, actor: Actor, now: datetime
) -> None:
    """Raises Refused for somebody who has been told already: what was said stays on record."""
    row = lock(improvement)
    voice = Voice.objects.filter(improvement=row, response=response).first()
    if voice is None:
        return
    if voice.message_id or voice.told_at:
        raise Refused("They have been told about it; the link stays on record.")
    voice.delete()
    event = events.VoiceUnlinked(row.public_id, response=response.public_id)
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)


@transaction.atomic
def note_told(
    *, voice: Voice, message: Message | None = None, actor: Actor, now: datetime
) -> Voice:
    """They are told: by this message once it has left, without one by a person, just now."""
    row = Voice.objects.select_for_update().get(pk=voice.pk)
    row.message, row.not_told_why = message, ""
    row.told_at = None if message else now
    row.save(update_fields=["message", "told_at", "not_told_why"])
    _record(
        voice,
        events.VoiceTold(
            voice.improvement.public_id,
            response=voice.response.public_id,
            message=message.public_id if message else "",
        ),
        actor,
        now,
    )
    return row


@transaction.atomic
def note_not_told(*, voice: Voice, why: str, actor: Actor, now: datetime) -> Voice:
    """No automated mail may tell them, and this is the reason; a person has to."""
    row = Voice.objects.select_for_update().get(pk=voice.pk)
    if row.not_told_why != why[:200]:
        row.not_told_why = why[:200]
        row.save(update_fields=["not_told_why"])
        _record(
            voice,
            events.VoiceNotTold(
                voice.improvement.public_id, response=voice.response.public_id, why=why[:200]
            ),
            actor,
            now,
        )
    return row


def _record(voice: Voice, event: events.Event, actor: Actor, now: datetime) -> None:
    journal.record(workspace=voice.improvement.workspace, event=event, actor=actor, now=now)
