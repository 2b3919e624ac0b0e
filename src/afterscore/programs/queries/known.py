"""What has to be known of a chunk of people before they can be judged: a handful of queries for
all of them together, none for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q

from afterscore.customers import queries as customers
from afterscore.domain import calendars, segments
from afterscore.kit.among import among
from afterscore.outreach import queries as outreach
from afterscore.outreach.queries import Suppressed
from afterscore.programs.models import Enrolment

if TYPE_CHECKING:
    from afterscore.programs.queries.judging import Asking, Person

ASKED = (Enrolment.State.ENROLLED, Enrolment.State.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """By the contact's key, but for `suppressed` (by address) and `asked_at_account`."""

    zone: ZoneInfo
    inside: frozenset[int]
    suppressed: Mapping[str, Suppressed]
    asked: Mapping[int, datetime]
    asked_here: Mapping[int, datetime]
    surveyed_elsewhere: Mapping[int, datetime]
    sent: Mapping[int, Sequence[datetime]]
    reported: Mapping[int, Sequence[datetime]]
    asked_at_account: Mapping[int, int] = field(default_factory=dict)

    def last_asked_at(self, person: Person) -> datetime | None:
        contact = person.contact_id
        ever = (
            person.last_asked_at, self.asked.get(contact), self.surveyed_elsewhere.get(contact),
        )  # fmt: skip
        return max((at for at in ever if at is not None), default=None)

    def messages_of(self, contact: int) -> tuple[datetime, ...]:
        return (*self.sent.get(contact, ()), *self.reported.get(contact, ()))


def of_people(asking: Asking, people: Sequence[Person], now: datetime) -> Known:
    workspace = asking.workspace
    contacts = [person.contact_id for person in people]
    since = now - timedelta(days=workspace.budget_days)
    asked, asked_here = _last_asked(asking, contacts)
    return Known(
        zone=ZoneInfo(calendars.zone_or(workspace.time_zone, "UTC")),
        inside=_inside(asking, contacts, now),
        suppressed=outreach.find_suppressed(
            workspace=workspace,
            emails=[person.email for person in people if person.email],
            scope=asking.program,
        ),
        asked=asked,
        asked_here=asked_here,
        surveyed_elsewhere=customers.reported_surveys(workspace=workspace, contacts=contacts),
        sent=outreach.automated_times(workspace=workspace, contacts=contacts, since=since),
        reported=customers.reported_messages(workspace=workspace, contacts=contacts, since=since),
        asked_at_account=_asked_at_account(asking, people),
    )


def _inside(asking: Asking, contacts: Sequence[int], now: datetime) -> frozenset[int]:
    """Which of these contacts the audience's filter lets in."""
    if asking.audience == segments.EVERYONE:
        return frozenset(contacts)
    today = calendars.local_day(now, calendars.zone_or(asking.workspace.time_zone, "UTC"))
    matching = customers.filter_contacts(
        workspace=asking.workspace, condition=asking.audience, today=today
    )
    return frozenset(matching.filter(among("pk", contacts)).values_list("pk", flat=True))


def _last_asked(
    asking: Asking, contacts: Sequence[int]
) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """By any program, and by this one.

    Enrolments count from their launch, whether or not the mail has gone out yet: two programs
    launched on one day do not ask the same person twice.
    """
    rows = (
        Enrolment.objects.filter(
            among("contact", contacts), workspace=asking.workspace, state__in=ASKED
        )
        .values_list("contact_id")
        .annotate(
            anywhere=Max("created_at"),
            here=Max("created_at", filter=Q(wave__program__public_id=asking.program)),
        )
    )
    anywhere: dict[int, datetime] = {}
    here: dict[int, datetime] = {}
    for contact, last, last_here in rows:
        anywhere[contact] = last
        if last_here is not None:
            here[contact] = last_here
    return anywhere, here


def _asked_at_account(asking: Asking, people: Sequence[Person]) -> dict[int, int]:
    """How many the open wave asks already, by account."""
    if asking.wave is None or asking.account_limit is None:
        return {}
    rows = Enrolment.objects.filter(
        among("account", {each.account_id for each in people if each.account_id is not None}),
        wave=asking.wave,
    ).exclude(state=Enrolment.State.EXCLUDED)
    return dict(rows.values_list("account_id").annotate(people=Count("id")).order_by())
