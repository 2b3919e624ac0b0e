"""Leaving a person, or everybody at an account, alone for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from afterscore.customers import registry
from afterscore.customers.models import Account, Contact
from afterscore.domain import calendars, events
from afterscore.domain.events import Actor, Event
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused

MAX_DAYS = 730
MAX_WHY = 200


@transaction.atomic
def quarantine_contact(
    *, contact: Contact, until: datetime | None, why: str, actor: Actor, now: datetime
) -> Contact:
    """Nobody asks them before `until`, and what waits is stopped; None ends it. Raises Refused."""
    locked = Contact.objects.select_for_update().select_related("workspace").get(pk=contact.pk)
    event = events.ContactQuarantined(contact.public_id, until=_said(until), why=why.strip())
    if _keep(locked, until, why, now):
        _tell(locked, event, actor, now)
    if until is not None:
        _stop([locked], locked, until, now)
    return locked


@transaction.atomic
def quarantine_account(
    *, account: Account, until: datetime | None, why: str, actor: Actor, now: datetime
) -> Account:
    """The same for everybody at the account, also for who comes to it later."""
    locked = Account.objects.select_for_update().select_related("workspace").get(pk=account.pk)
    event = events.AccountQuarantined(account.public_id, until=_said(until), why=why.strip())
    if _keep(locked, until, why, now):
        _tell(locked, event, actor, now)
    if until is not None:
        people = Contact.objects.filter(workspace=locked.workspace, account=locked)
        _stop(list(people), locked, until, now)
    return locked


def _said(until: datetime | None) -> str:
    return "" if until is None else until.isoformat()


def _keep(row: Contact | Account, until: datetime | None, why: str, now: datetime) -> bool:
    """Whether that is news."""
    why = why.strip() if until is not None else ""
    _refuse_nonsense(until, why, now)
    if (row.quarantined_until, row.quarantine_why) == (until, why):
        return False
    row.quarantined_until, row.quarantine_why, row.updated_at = until, why, now
    row.save(update_fields=["quarantined_until", "quarantine_why", "updated_at"])
    return True


def _refuse_nonsense(until: datetime | None, why: str, now: datetime) -> None:
    if len(why) > MAX_WHY:
        raise Refused(f"Say it in at most {MAX_WHY} characters.", field="why")
    if until is None:
        return
    if until <= now:
        raise Refused("Choose a day to come.", field="until")
    if until > now + timedelta(days=MAX_DAYS):
        raise Refused(
            "Choose a day within the next two years. Who should never be asked is better "
            "given the basis of consent “refused”.",
            field="until",
        )


def _stop(people: list[Contact], row: Contact | Account, until: datetime, now: datetime) -> None:
    who = "Left alone" if isinstance(row, Contact) else "The account is left alone"
    day = calendars.local_day(until, calendars.zone_or(row.workspace.time_zone, "UTC"))
    registry.stop_asking(
        workspace=row.workspace,
        since={contact.pk: now for contact in people},
        why=f"{who} until {day.day} {day:%B %Y}.",
        now=now,
    )


def _tell(row: Contact | Account, event: Event, actor: Actor, now: datetime) -> None:
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
