"""Everybody in the workspace, judged: who may be asked now, who may not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from afterscore.customers import queries as customers
from afterscore.customers.models import Account, Contact
from afterscore.domain import calendars, fatigue, segments
from afterscore.domain.fatigue import Candidate, Policy, Verdict
from afterscore.domain.segments import Condition
from afterscore.outreach import queries as outreach
from afterscore.programs.models import Enrolment, Program
from afterscore.workspaces.models import Workspace

CHUNK = 2_000
"""Contacts held in memory at once."""

ASKED = (Enrolment.State.ENROLLED, Enrolment.State.ANSWERED)
OPT_IN = "opt_in"
"""The basis of consent of people who joined the feedback program of their own accord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom somebody wants to ask; `program` is its public id."""

    workspace: Workspace
    audience: Condition
    cadence_days: int
    program: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A contact, with account and owner loaded, and the verdict on asking now."""

    contact: Contact
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _LastAsked:
    anywhere: datetime | None = None
    here: datetime | None = None


_NEVER = _LastAsked()


def asking_of(program: Program) -> Asking:
    return Asking(
        workspace=program.workspace,
        audience=segments.parse(program.audience),
        cadence_days=program.cadence_days,
        program=program.public_id,
    )


def judge_contacts(*, asking: Asking, now: datetime) -> Iterator[list[Judged]]:
    """Every contact of the workspace once, in chunks, so that memory stays flat."""
    last = 0
    while contacts := _contacts_after(asking.workspace, last):
        last = contacts[-1].pk
        _load_accounts(asking.workspace, contacts)
        yield _judged(asking, contacts, now)


def _contacts_after(workspace: Workspace, last: int) -> list[Contact]:
    contacts = Contact.objects.filter(workspace=workspace, pk__gt=last).order_by("pk")
    return list(contacts.defer("attributes")[:CHUNK])


def _load_accounts(workspace: Workspace, contacts: Sequence[Contact]) -> None:
    accounts = (
        Account.objects.select_related("owner__user")
        .defer("attributes")
        .filter(workspace=workspace)
        .in_bulk({contact.account_id for contact in contacts if contact.account_id})
    )
    for contact in contacts:
        contact.account = accounts.get(contact.account_id) if contact.account_id else None


def _judged(asking: Asking, contacts: Sequence[Contact], now: datetime) -> list[Judged]:
    policy = Policy(
        minimum_gap_days=asking.workspace.minimum_gap_days,
        cadence_days=asking.cadence_days,
        consent_required=asking.workspace.consent_required,
    )
    inside = _inside(asking, contacts, now)
    suppressed = outreach.suppression_reasons(
        workspace=asking.workspace,
        emails=[contact.email for contact in contacts if contact.email],
    )
    asked = _last_asked(asking, contacts)
    return [
        Judged(
            contact,
            fatigue.judge(
                _candidate(contact, contact.pk in inside, suppressed, asked), policy, now
            ),
        )
        for contact in contacts
    ]


def _candidate(
    contact: Contact,
    matches_audience: bool,  # noqa: FBT001 - one line above
    suppressed: Mapping[str, str],
    asked: Mapping[int, _LastAsked],
) -> Candidate:
    last = asked.get(contact.pk, _NEVER)
    return Candidate(
        email=contact.email,
        erased=contact.erased_at is not None,
        suppressed=suppressed.get(contact.email or ""),
        consent=contact.consent_basis,
        opted_in=has_opted_in(contact),
        last_asked_at=_later(contact.last_asked_at, last.anywhere),
        last_asked_in_program_at=last.here,
        matches_audience=matches_audience,
    )


def has_opted_in(contact: Contact) -> bool:
    return contact.consent_basis.strip().lower() == OPT_IN


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)


def _inside(asking: Asking, contacts: Sequence[Contact], now: datetime) -> frozenset[int]:
    """Which of these contacts the audience's filter lets in."""
    if asking.audience == segments.EVERYONE:
        return frozenset(contact.pk for contact in contacts)
    today = calendars.local_day(now, calendars.zone_or(asking.workspace.time_zone, "UTC"))
    matching = customers.filter_contacts(
        workspace=asking.workspace, condition=asking.audience, today=today
    )
    first, last = contacts[0].pk, contacts[-1].pk
    return frozenset(matching.filter(pk__range=(first, last)).values_list("pk", flat=True))


def _last_asked(asking: Asking, contacts: Sequence[Contact]) -> dict[int, _LastAsked]:
    """Enrolments count from their launch, whether or not the mail has gone out yet: two programs
    launched on one day do not ask the same person twice."""
    rows = (
        Enrolment.objects.filter(
            workspace=asking.workspace,
            contact__in=[contact.pk for contact in contacts],
            state__in=ASKED,
        )
        .values_list("contact_id")
        .annotate(
            anywhere=Max("created_at"),
            here=Max("created_at", filter=Q(wave__program__public_id=asking.program)),
        )
    )
    return {contact: _LastAsked(anywhere, here) for contact, anywhere, here in rows}
