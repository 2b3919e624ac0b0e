"""How the mails of a wave fare, touch by touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from afterscore.domain import health
from afterscore.domain.health import Alarm, Rate
from afterscore.outreach.models import Delivery, Kind, Message, State
from afterscore.programs import registry
from afterscore.programs.models import Wave

MOST_SKIPPED = 5
"""With 5 % bounces, a hundred mails go out between two counts."""

_REFUSALS = (Delivery.Kind.BOUNCED, Delivery.Kind.COMPLAINED)
_LABELS = {Kind.HEADS_UP: "Word ahead", Kind.INVITATION: "Invitation", Kind.REMINDER: "Reminder"}
_FOLLOW_UP = "Follow-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchHealth:
    """Mails of one kind that were handed over, and what came of them.

    An answer is counted for the last mail before it. `step` tells reminders apart, from 1.
    """

    kind: Kind
    step: int
    sent: int
    answered: int
    bounced: int
    unsubscribed: int
    complained: int

    @property
    def label(self) -> str:
        name = _LABELS.get(self.kind, _FOLLOW_UP)
        return f"{name} {self.step}" if self.step > 1 else name

    @property
    def is_asking(self) -> bool:
        """Whether an answer can follow from it."""
        return self.kind in (Kind.INVITATION, Kind.REMINDER)

    @property
    def responses(self) -> Rate:
        return Rate(self.answered, self.sent)

    @property
    def bounces(self) -> Rate:
        return Rate(self.bounced, self.sent)

    @property
    def unsubscribes(self) -> Rate:
        return Rate(self.unsubscribed, self.sent)

    @property
    def complaints(self) -> Rate:
        return Rate(self.complained, self.sent)


def touches_health(*, waves: Sequence[Wave]) -> list[TouchHealth]:
    """In the order in which they are sent. A mail the server refused for good counts as sent: it
    was handed over, and came back at once."""
    if not waves:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_TOUCH,
            {
                "workspace": waves[0].workspace_id,
                "streams": [wave.public_id for wave in waves],
                "waves": [wave.pk for wave in waves],
            },
        )
        rows = cursor.fetchall()
    names = ("sent", "answered", "bounced", "unsubscribed", "complained")
    found = [
        TouchHealth(kind=Kind(kind), step=step, **dict(zip(names, counts, strict=True)))
        for kind, step, *counts in rows
    ]
    order = list(_LABELS)
    return sorted(found, key=lambda touch: (order.index(touch.kind), touch.step))


def follow_ups_health(*, waves: Sequence[Wave]) -> list[TouchHealth]:
    """Of the automated mails to people who have answered, the first ones first."""
    if not waves:
        return []
    mails = Message.objects.filter(
        workspace=waves[0].workspace_id, kind=Kind.FOLLOW_UP, stream__in=registry.answers_of(waves)
    ).annotate(
        came_back=_heard(Delivery.Kind.BOUNCED),
        has_left=_heard(Delivery.Kind.UNSUBSCRIBED),
        was_spam=_heard(Delivery.Kind.COMPLAINED),
    )
    gone = Q(state__in=(State.SENT, State.IN_DOUBT)) | Q(state=State.FAILED, came_back=True)
    rows = mails.filter(gone).order_by("step").values_list("step")
    counted = rows.annotate(
        sent=Count("pk"),
        bounced=Count("pk", filter=Q(came_back=True)),
        unsubscribed=Count("pk", filter=Q(has_left=True)),
        complained=Count("pk", filter=Q(was_spam=True)),
    )
    return [
        TouchHealth(
            kind=Kind.FOLLOW_UP, step=step, sent=sent, answered=0, bounced=bounced,
            unsubscribed=unsubscribed, complained=complained,
        )
        for step, sent, bounced, unsubscribed, complained in counted
    ]  # fmt: skip


def _heard(kind: str) -> Exists:
    heard = Delivery.objects.filter(message=OuterRef("pk"), kind=kind, is_permanent=True)
    return Exists(heard)


def find_running_wave(*, public_id: str) -> Wave | None:
    waves = Wave.objects.select_related("workspace", "program")
    return waves.filter(public_id=public_id, state=Wave.State.RUNNING).first()


def list_refused_waves() -> QuerySet[Wave]:
    """Of all workspaces: running waves of which a mail came back or was reported."""
    refused = Delivery.objects.filter(
        workspace=OuterRef("workspace"), message__stream=OuterRef("public_id"), kind__in=_REFUSALS
    )
    running = Wave.objects.select_related("workspace", "program").filter(state=Wave.State.RUNNING)
    return running.filter(Exists(refused))


def is_worth_judging(*, wave: Wave) -> bool:
    """Counting a wave takes longer the larger it is, so with many refusals it is not counted again
    at each of them: at every one of the first forty, at every fifth from the hundredth on."""
    refusals = Delivery.objects.filter(
        workspace=wave.workspace_id, message__stream=wave.public_id, kind__in=_REFUSALS
    ).count()
    every = min(max(1, refusals // 20), MOST_SKIPPED)
    return refusals % every == 0


def alarm_of(*, wave: Wave) -> Alarm | None:
    """Whether so many mails came back, or were called spam, that the wave must stop. After a
    person has resumed it, what was sent from then on decides."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REFUSED,
            {
                "workspace": wave.workspace_id,
                "stream": wave.public_id,
                "since": wave.watched_since or datetime.min.replace(tzinfo=UTC),
            },
        )
        sent, bounced, complained = cursor.fetchone()
    return health.alarm(bounces=Rate(bounced, sent), complaints=Rate(complained, sent))


_REFUSED = """
WITH refused AS (
    SELECT m.id, m.state = 'failed' AS failed,
        bool_or(d.kind = 'bounced' AND d.is_permanent) AS bounced,
        bool_or(d.kind = 'complained') AS complained
    FROM outreach_delivery d JOIN outreach_message m ON m.id = d.message_id
    WHERE d.workspace_id = %(workspace)s AND d.kind IN ('bounced', 'complained')
        AND m.stream = %(stream)s
        AND coalesce(m.handed_at, m.sent_at, d.occurred_at) >= %(since)s
    GROUP BY m.id
), sent AS (
    SELECT count(*) AS mails FROM outreach_message m
    WHERE m.workspace_id = %(workspace)s AND m.stream = %(stream)s
        AND m.state IN ('sent', 'in_doubt') AND coalesce(m.handed_at, m.sent_at) >= %(since)s
)
SELECT (SELECT mails FROM sent) + count(*) FILTER (WHERE failed),
    count(*) FILTER (WHERE bounced), count(*) FILTER (WHERE complained)
FROM refused
"""

_BY_TOUCH = """
WITH sent AS (
    SELECT m.id, m.kind, m.step, m.contact_id, m.stream,
        coalesce(m.handed_at, m.sent_at) AS left_at
    FROM outreach_message m
    WHERE m.workspace_id = %(workspace)s AND m.stream = ANY(%(streams)s)
        AND m.kind IN ('heads_up', 'invitation', 'reminder')
        AND (m.state IN ('sent', 'in_doubt') OR m.state = 'failed' AND EXISTS (
            SELECT FROM outreach_delivery d WHERE d.message_id = m.id AND d.kind = 'bounced'))
), heard AS (
    SELECT s.id,
        bool_or(d.kind = 'bounced' AND d.is_permanent) AS bounced,
        bool_or(d.kind = 'unsubscribed') AS unsubscribed,
        bool_or(d.kind = 'complained') AS complained
    FROM sent s JOIN outreach_delivery d ON d.message_id = s.id
    GROUP BY s.id
), answers AS (
    SELECT DISTINCT ON (e.id) s.id
    FROM programs_enrolment e
    JOIN programs_wave w ON w.id = e.wave_id
    JOIN sent s ON s.stream = w.public_id AND s.contact_id = e.contact_id
        AND s.kind <> 'heads_up' AND s.left_at <= e.answered_at
    WHERE e.wave_id = ANY(%(waves)s) AND e.state = 'answered'
    ORDER BY e.id, s.left_at DESC, s.id DESC
)
SELECT s.kind, s.step, count(*), count(a.id), count(*) FILTER (WHERE h.bounced),
    count(*) FILTER (WHERE h.unsubscribed), count(*) FILTER (WHERE h.complained)
FROM sent s LEFT JOIN heard h ON h.id = s.id LEFT JOIN answers a ON a.id = s.id
GROUP BY s.kind, s.step
"""
