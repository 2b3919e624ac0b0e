"""What the journal says of contacts and their accounts, for their time line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from afterscore.customers.models import Account, Contact
from afterscore.customers.registry import TimelineItem
from afterscore.domain import calendars
from afterscore.journal import queries as journal
from afterscore.journal.models import Fact
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

FACTS_SHOWN = 200
_TOLD = ("contact.changed", "account.changed", "contact.quarantined", "account.quarantined")
NAMES_SHOWN = 5
_FIELD_WORDS = {
    "email": "e-mail address", "external_id": "id", "persona": "role", "time_zone": "time zone",
    "consent_basis": "basis of consent", "consent_source": "source of consent",
    "consent_on": "date of consent", "lifecycle_stage": "lifecycle stage",
    "recurring_revenue": "recurring revenue", "renewal_on": "renewal", "churned_on": "end",
}  # fmt: skip


def list_facts(*, workspace: Workspace, contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """When each contact was added, and the changes of contacts and accounts since."""
    people = {contact.public_id: contact for contact in contacts}
    companies = {
        contact.account.public_id: contact.account for contact in contacts if contact.account
    }
    yield from _arrivals(contacts)
    facts = list(
        journal.list_facts(workspace=workspace, subjects=[*people, *companies]).filter(
            name__in=_TOLD
        )[:FACTS_SHOWN]
    )
    names = _names_of_actors(workspace, facts)
    for fact in facts:
        contact_or_none = people.get(fact.subject)
        is_rest = fact.name.endswith(".quarantined")
        yield TimelineItem(
            fact.occurred_at,
            _title(fact, companies.get(fact.subject)),
            text=_quarantine(fact) if is_rest else _changed(fact.payload.get("changed", ())),
            icon="pause" if is_rest else "edit",
            actor=names.get(fact.actor, ""),
            contact=contact_or_none,
        )


def _arrivals(contacts: Sequence[Contact]) -> Iterator[TimelineItem]:
    """Who came in together, by one file, is one entry."""
    by_instant = sorted(contacts, key=lambda contact: contact.created_at)
    for at, group in groupby(by_instant, key=lambda contact: contact.created_at):
        together = list(group)
        if len(together) == 1:
            yield TimelineItem(at, "Added", icon="plus", contact=together[0])
        else:
            names = ", ".join(map(str, together[:NAMES_SHOWN]))
            more = len(together) - NAMES_SHOWN
            text = f"{names} and {more} more" if more > 0 else names
            yield TimelineItem(at, f"{len(together)} contacts were added", text=text, icon="plus")


def _title(fact: Fact, account: Account | None) -> str:
    if fact.name.endswith(".quarantined"):
        whom = f"{account} is" if account else "Is"
        return f"{whom} left alone" if fact.payload.get("until") else f"{whom} asked again"
    return f"{account} was changed" if account else "Details were changed"


def _quarantine(fact: Fact) -> str:
    until = fact.payload.get("until")
    if not until:
        return ""
    zone = calendars.zone_or(fact.workspace.time_zone, "UTC")
    day = calendars.local_day(datetime.fromisoformat(until), zone)
    why = fact.payload.get("why")
    return f"Until {day.day} {day:%B %Y}" + (f": {why}" if why else "")


def _changed(fields: Iterable[str]) -> str:
    words = [_FIELD_WORDS.get(field, field) for field in fields]
    return ", ".join(words).capitalize()


def _names_of_actors(workspace: Workspace, facts: Iterable[Fact]) -> Mapping[str, str]:
    """Members by the way the journal writes them; whoever is no member has no name here."""
    if not any(fact.actor.startswith("member:") for fact in facts):
        return {}
    members = workspaces.list_members(workspace=workspace)
    return {f"member:{member.public_id}": str(member) for member in members}
