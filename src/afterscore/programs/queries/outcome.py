"""What became of a wave: its days, its problems, and whom it left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from afterscore.domain import calendars
from afterscore.domain.scanners import SetAside
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Kind, State
from afterscore.programs import registry
from afterscore.programs.models import Enrolment, Wave

ON_THE_WAY = (State.PLANNED, State.DUE, State.CLAIMED, State.HANDOFF)


@dataclass(frozen=True, slots=True)
class DayOfWave:
    """Mails that left, and mails still waiting, on one day of the workspace's calendar."""

    day: date
    invitations: int
    reminders: int
    waiting: int
    heads_ups: int = 0

    @property
    def total(self) -> int:
        return self.invitations + self.reminders + self.waiting + self.heads_ups


def list_days(*, wave: Wave) -> list[DayOfWave]:
    """In order of time; what was cancelled or held back for good is on no day."""
    zone = ZoneInfo(calendars.zone_or(wave.workspace.time_zone, "UTC"))
    sent = Q(state__in=(State.SENT, State.IN_DOUBT))
    waiting = Q(state__in=ON_THE_WAY)
    rows = (
        outreach.list_messages(workspace=wave.workspace)
        .filter(sent | waiting, stream=wave.public_id)
        .order_by()
        .values_list(TruncDate(Coalesce("sent_at", "due_at"), tzinfo=zone))
        .annotate(
            invitations=Count("id", filter=sent & ~Q(kind__in=(Kind.REMINDER, Kind.HEADS_UP))),
            reminders=Count("id", filter=sent & Q(kind=Kind.REMINDER)),
            waiting=Count("id", filter=waiting),
            heads_ups=Count("id", filter=sent & Q(kind=Kind.HEADS_UP)),
        )
    )
    return [DayOfWave(*row) for row in sorted(rows)]


def count_asked(*, wave: Wave) -> dict[str, int]:
    """By state, of those who were not excluded; `substituted` had no owner to ask them,
    `shown` are asked in the application or portal."""
    asked = Enrolment.objects.filter(wave=wave).exclude(state=Enrolment.State.EXCLUDED)
    return asked.aggregate(
        answered=Count("id", filter=Q(state=Enrolment.State.ANSWERED)),
        stopped=Count("id", filter=Q(state=Enrolment.State.STOPPED)),
        substituted=Count("id", filter=~Q(detail="")),
        shown=Count("id", filter=~Q(channel=Enrolment.Channel.EMAIL)),
    )


def count_set_aside(*, wave: Wave) -> SetAside:
    """Answers of this wave that count nowhere: suspected automated, or not confirmed."""
    found = registry.set_aside_of(workspace=wave.workspace, waves=[wave])
    return found.get(wave.pk, SetAside())


def list_left_out(*, wave: Wave, reason: str = "", search: str = "") -> QuerySet[Enrolment]:
    """Who was not asked, by name; for one reason or for all. `search` looks at names of people
    and accounts, and at addresses."""
    rows = Enrolment.objects.select_related("contact", "account").filter(
        wave=wave, state=Enrolment.State.EXCLUDED
    )
    if reason:
        rows = rows.filter(reason=reason)
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(contact__name__icontains=word)
            | Q(contact__email__icontains=word)
            | Q(account__name__icontains=word)
        )
    return rows.order_by("reason", "contact__name", "id")


CSV_CHUNK = 2_000
CSV_HEADER = ("name", "email", "account", "reason", "explanation", "may_be_asked_from")


def csv_rows(rows: QuerySet[Enrolment]) -> Iterator[tuple[str, ...]]:
    """The table of people left out for a spreadsheet, with its header; read a chunk at a time."""
    yield CSV_HEADER
    columns = rows.values_list(
        "contact__name", "contact__email", "account__name", "reason", "detail", "until"
    )
    for *texts, until in columns.iterator(chunk_size=CSV_CHUNK):
        yield (*(text or "" for text in texts), until.date().isoformat() if until else "")
