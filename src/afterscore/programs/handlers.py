"""What programs do when something happens elsewhere. Safe to run twice."""

from __future__ import annotations

from afterscore.customers import queries as customers
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.outreach import queries as outreach
from afterscore.programs import operations


def stop_enrolments(fact: Fact) -> None:
    """`contact.unsubscribed`: no reminder of anything follows, or of the one program."""
    contact = customers.get_contact(workspace=fact.workspace, public_id=fact.subject)
    scope = fact.payload.get("scope", "all")
    operations.stop_enrolments(
        contact=contact,
        program="" if scope == "all" else scope,
        why="Unsubscribed." if scope == "all" else "Unsubscribed from this program.",
        now=clock.now(),
    )


def stop_bounced(fact: Fact) -> None:
    """`message.bounced`: a reminder would come back as well."""
    if not fact.payload.get("permanent"):
        return
    _stop_reader(fact, why="Mail to the address came back.")


def stop_complained(fact: Fact) -> None:
    """`message.complained`: whoever calls a mail spam is asked nothing more."""
    _stop_reader(fact, why="Reported a mail as spam.")


def _stop_reader(fact: Fact, *, why: str) -> None:
    message = outreach.get_message(workspace=fact.workspace, public_id=fact.subject)
    operations.stop_enrolments(contact=message.contact, why=why, now=clock.now())
