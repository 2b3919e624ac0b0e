"""Contacts to write to and messages for them, as the tests need them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from afterscore.customers.models import Contact
from afterscore.kit import clock
from afterscore.outreach import operations, sender
from afterscore.outreach.models import Delivery, Message
from afterscore.outreach.operations import Draft
from afterscore.workspaces.models import Workspace
from tests.people import NOW

_workers = itertools.count(1)


@dataclass
class Post:
    workspace: Workspace
    worker: str = field(default_factory=lambda: f"test:{next(_workers)}")

    def contact(self, name: str = "Ana Lima", email: str | None = None) -> Contact:
        address = email or f"{name.lower().replace(' ', '.')}@example.com"
        contact, _ = Contact.objects.get_or_create(
            workspace=self.workspace,
            email=address,
            defaults={"name": name, "created_at": NOW, "updated_at": NOW},
        )
        return contact

    def draft(self, contact: Contact | None = None, **changes: Any) -> Draft:
        values: dict[str, Any] = {
            "workspace": self.workspace,
            "kind": "invitation",
            "stream": "wav_first",
            "step": 0,
            "contact": contact or self.contact(),
            "sender_name": "Olivia Byrne",
            "sender_email": "olivia@harbourline.example",
            "language": "en",
            "time_zone": "Europe/Dublin",
            "due_at": NOW,
            "send_window": "always",
            "fields": {"company": "Harbourline", "survey_path": "/s/enr_x.y", "days": 5},
        }
        return Draft(**{**values, **changes})

    def plan(self, *drafts: Draft, now: datetime = NOW) -> int:
        with transaction.atomic():
            return operations.plan_messages(drafts=drafts, now=now)

    def message(self, contact: Contact | None = None, **changes: Any) -> Message:
        """A message that is planned and due."""
        draft = self.draft(contact, **changes)
        self.plan(draft)
        return Message.objects.select_related("workspace", "contact").get(
            workspace=self.workspace,
            stream=draft.stream,
            contact=draft.contact,
            kind=draft.kind,
            step=draft.step,
        )

    def sent(self, contact: Contact | None = None, at: datetime = NOW, **changes: Any) -> Message:
        """A message that was handed over and taken."""
        message = self.message(contact, **changes)
        Message.objects.filter(pk=message.pk).update(state="sent", handed_at=at, sent_at=at)
        message.refresh_from_db()
        return message

    def hear(self, message: Message, kind: str, event: str = "", **changes: Any) -> bool:
        values: dict[str, Any] = {"event_id": event or kind, "occurred_at": NOW, "now": NOW}
        return operations.hear(message=message, kind=Delivery.Kind(kind), **{**values, **changes})

    def send(self, at: datetime = NOW) -> int:
        with clock.at(at):
            return sender.drain(worker=self.worker)

    def state(self, message: Message) -> str:
        message.refresh_from_db()
        return message.state


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
