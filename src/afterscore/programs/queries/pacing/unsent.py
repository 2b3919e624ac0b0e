"""Who is still to be invited in a wave under way, and who can no longer be moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection

from afterscore.domain import calendars
from afterscore.outreach.models import Kind, State
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave
from afterscore.programs.queries.pacing.crowds import Crowd
from afterscore.programs.queries.pacing.turnouts import Invited
from afterscore.programs.queries.timing import Timetable


class Waiting(NamedTuple):
    """Somebody whose invitation has not left."""

    contact: int
    account: int | None
    owner: int | None
    stratum: str
    lot: float | None
    zone: str
    due_at: datetime
    was_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """`crowd` are people who can be given another day, `zones` theirs by contact; `promised` those
    who were told that a question is coming, and when."""

    crowd: Crowd
    zones: Mapping[int, str]
    promised: list[Invited]


def list_unsent(*, wave: Wave, timetable: Timetable) -> Unsent:
    """Whoever was told ahead keeps the day, and so does whoever was to be told at that time but
    was drawn to be asked without: else the two would differ in more than the word ahead."""
    first = timetable.first_day
    begins = calendars.localise(first, time(0), timetable.calendar.zone)
    is_told = timetable.program.heads_up != ""
    crowd = Crowd(wave.seed)
    zones: dict[int, str] = {}
    promised: Counter[tuple[int | None, str]] = Counter()
    for each in _waiting(wave):
        if each.was_told or (is_told and each.due_at < begins):
            promised[each.owner, each.stratum] += 1
            continue
        zones[each.contact] = each.zone
        crowd.put(
            contact=each.contact,
            account=each.account,
            owner=each.owner,
            stratum=each.stratum,
            lot=each.lot or 0.0,
        )
    return Unsent(crowd=crowd, zones=zones, promised=_invited(promised, first))


def _invited(promised: Mapping[tuple[int | None, str], int], day: date) -> list[Invited]:
    return [
        Invited(day, owner, stratum, people, answered=0, stopped=0)
        for (owner, stratum), people in promised.items()
    ]


def _waiting(wave: Wave) -> Iterator[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING,
            {
                "wave": wave.pk,
                "workspace": wave.workspace_id,
                "stream": wave.public_id,
                "invitation": Kind.INVITATION.value,
                "heads_up": Kind.HEADS_UP.value,
                "planned": State.PLANNED.value,
                "enrolled": Enrolment.State.ENROLLED.value,
            },
        )
        yield from map(Waiting._make, cursor)


_WAITING = f"""
SELECT enrolment.contact_id, enrolment.account_id, enrolment.owner_id, enrolment.stratum,
    enrolment.draw, message.time_zone, message.due_at,
    EXISTS (
        SELECT FROM outreach_message ahead
        WHERE ahead.workspace_id = message.workspace_id AND ahead.stream = message.stream
            AND ahead.contact_id = message.contact_id AND ahead.kind = %(heads_up)s
            AND ahead.state <> %(planned)s
    ) OR EXISTS (
        SELECT FROM {HeadsUpCall._meta.db_table} call
        WHERE call.enrolment_id = enrolment.id AND call.outcome <> ''
    )
FROM {Enrolment._meta.db_table} enrolment
JOIN outreach_message message
    ON message.workspace_id = enrolment.workspace_id AND message.stream = %(stream)s
    AND message.contact_id = enrolment.contact_id AND message.kind = %(invitation)s
    AND message.step = 0 AND message.state = %(planned)s
WHERE enrolment.workspace_id = %(workspace)s AND enrolment.wave_id = %(wave)s
    AND enrolment.state = %(enrolled)s
ORDER BY enrolment.id
"""  # noqa: S608 (our own names)


def account_free_from(*, wave: Wave, days: int) -> dict[int, int]:
    """By account, the day (as a number) from which another person there may be asked."""
    if not days:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_ASKED,
            {
                "wave": wave.pk,
                "workspace": wave.workspace_id,
                "stream": wave.public_id,
                "invitation": Kind.INVITATION.value,
                "planned": State.PLANNED.value,
            },
        )
        zone = calendars.zone_or(wave.workspace.time_zone, "UTC")
        return {
            account: (calendars.local_day(last, zone) + timedelta(days=days)).toordinal()
            for account, last in cursor
        }


_LAST_ASKED = f"""
SELECT enrolment.account_id, max(coalesce(message.handed_at, message.sent_at))
FROM {Enrolment._meta.db_table} enrolment
JOIN outreach_message message
    ON message.workspace_id = enrolment.workspace_id AND message.stream = %(stream)s
    AND message.contact_id = enrolment.contact_id AND message.kind = %(invitation)s
    AND message.state <> %(planned)s
WHERE enrolment.workspace_id = %(workspace)s AND enrolment.wave_id = %(wave)s
    AND enrolment.account_id IS NOT NULL
    AND coalesce(message.handed_at, message.sent_at) IS NOT NULL
GROUP BY enrolment.account_id
"""  # noqa: S608 (our own names)
