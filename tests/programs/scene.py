"""Customers and programs for these tests, made the way the product makes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from afterscore.customers.models import Account, Contact, Signal
from afterscore.domain.events import SYSTEM
from afterscore.outreach.models import Message
from afterscore.programs import operations
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.workspaces.models import Workspace
from tests.people import NOW

NO_LOTS = {"reminder_hold_out": 0, "heads_up_hold_out": 0}


def account(workspace: Workspace, name: str = "Quayside Freight", **columns: Any) -> Account:
    return Account.objects.create(
        workspace=workspace,
        name=name,
        name_key=name.casefold(),
        created_at=NOW,
        updated_at=NOW,
        **columns,
    )


def contact(workspace: Workspace, name: str = "Nora Lindqvist", **columns: Any) -> Contact:
    columns.setdefault("email", f"{name.split(maxsplit=1)[0].lower()}@quayside.example")
    return Contact.objects.create(
        workspace=workspace, name=name, created_at=NOW, updated_at=NOW, **columns
    )


def contacts(workspace: Workspace, count: int, **columns: Any) -> list[Contact]:
    return Contact.objects.bulk_create(
        Contact(
            workspace=workspace,
            name=f"Person {number}",
            email=f"person{number}@many.example",
            created_at=NOW,
            updated_at=NOW,
            **columns,
        )
        for number in range(1, count + 1)
    )


def reported_message(contact: Contact, at: datetime, name: str = "newsletter") -> Signal:
    """What another system tells of a message it sent."""
    return Signal.objects.create(
        workspace=contact.workspace,
        kind=Signal.Kind.MESSAGE,
        name=name,
        contact=contact,
        source="crm",
        external_id=f"{name}-{contact.pk}-{at.isoformat()}",
        occurred_at=at,
        recorded_at=at,
    )


def program(
    workspace: Workspace, definition: Mapping[str, object] | None = None, *, now: datetime = NOW
) -> Program:
    """The relationship program, with what the definition adds to its name and slug.

    Everybody gets every message unless the definition asks for lots: then who does is left to them.
    """
    given = dict(definition or {})
    touches = given.pop("touches", {})
    assert isinstance(touches, Mapping)
    given["touches"] = {**NO_LOTS, **touches}
    return applied(workspace, given, now=now)


def applied(
    workspace: Workspace, definition: Mapping[str, object], *, now: datetime = NOW
) -> Program:
    """The program as the definition says, with a name and a slug if it has none."""
    return operations.apply(
        workspace=workspace,
        definition={"name": "Relationship", "slug": "relationship", **definition},
        actor=SYSTEM,
        now=now,
    )


def launch(program: Program, *, now: datetime = NOW) -> Wave:
    return operations.launch(program=program, actor=SYSTEM, now=now)


def send(wave: Wave, *people: Contact, kind: str = "invitation") -> None:
    """What the sender does with these people's messages, or with everybody's."""
    found = Message.objects.filter(stream=wave.public_id, kind=kind)
    if people:
        found = found.filter(contact__in=people)
    found.update(state="sent", sent_at=F("due_at"))


def row_of(wave: Wave, person: Contact) -> Enrolment:
    return Enrolment.objects.get(wave=wave, contact=person)


def messages_of(wave: Wave, person: Contact | None = None) -> list[Message]:
    """In the order in which they are due."""
    found = Message.objects.filter(stream=wave.public_id)
    if person is not None:
        found = found.filter(contact=person)
    return list(found.order_by("due_at", "id"))
