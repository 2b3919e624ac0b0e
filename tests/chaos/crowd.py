"""Whom a scenario writes to: one workspace, its contacts, one invitation for each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.outreach import operations
from afterscore.outreach.models import Message
from afterscore.outreach.operations import Draft
from afterscore.workspaces import operations as workspaces
from afterscore.workspaces.models import Workspace

STREAM = "wav_chaos"


@dataclass
class Crowd:
    workspace: Workspace
    emails: list[str] = field(default_factory=list)  # of all who were ever invited
    silenced: dict[str, datetime] = field(default_factory=dict)  # since when nothing may go there
    silenced_at: dict[str, float] = field(default_factory=dict)  # the same by this machine's clock
    facts: list[tuple[Any, ...]] = field(default_factory=list)

    def invite(self, number: int, *, prefix: str = "guest", **changes: Any) -> None:
        """Adds contacts and their invitations, due at once."""
        now = database_now()
        rows = [
            Contact(
                workspace=self.workspace, email=f"{prefix}{index}@sink.example",
                name=f"Guest {index}", created_at=now, updated_at=now,
            )
            for index in range(number)
        ]  # fmt: skip
        contacts = Contact.objects.bulk_create(rows, batch_size=2_000)
        self.emails += [row.email or "" for row in rows]
        with transaction.atomic():
            operations.plan_messages(
                drafts=(self._draft(contact, now, changes) for contact in contacts), now=now
            )

    def _draft(self, contact: Contact, now: datetime, changes: dict[str, Any]) -> Draft:
        values: dict[str, Any] = {
            "workspace": self.workspace, "kind": "invitation", "stream": STREAM, "step": 0,
            "contact": contact, "sender_name": "Olivia Byrne",
            "sender_email": "olivia@harbourline.example", "language": "en",
            "time_zone": "Europe/Dublin", "due_at": now - timedelta(seconds=1),
            "send_window": "always",
            "fields": {"company": "Harbourline", "survey_path": "/s/enr_x.y", "days": 5},
        }  # fmt: skip
        return Draft(**{**values, **changes})

    def unsubscribe(self, emails: Sequence[str]) -> None:
        """Each of these unsubscribes; from the commit on nothing may be handed over to them."""
        found = Message.objects.select_related("contact", "workspace").filter(
            workspace=self.workspace, to_email__in=emails
        )
        for message in found:
            operations.unsubscribe(message=message, now=clock.now())
            self.silenced.setdefault(message.to_email, database_now())
            self.silenced_at.setdefault(message.to_email, time.time())

    def remember_facts(self) -> None:
        """The journal as it is now: what stands there must stand there unchanged at the end."""
        self.facts = list(Fact.objects.order_by("pk").values_list())


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def gather(number: int, *, silent: int = 0, slug: str = "harbourline", **changes: Any) -> Crowd:
    """A workspace with `number` invitations due, of whom `silent` have unsubscribed before."""
    workspace = workspaces.create_workspace(
        name="Harbourline", slug=slug, actor=SYSTEM, now=clock.now(),
        settings={
            "postal_address": "Harbourline, 1 Quay Street, Dublin",
            "sender_name": "Olivia Byrne",
            "sender_email": "olivia@harbourline.example",
        },
    )  # fmt: skip
    crowd = Crowd(workspace)
    crowd.invite(number, **changes)
    crowd.unsubscribe([f"guest{index}@sink.example" for index in range(silent)])
    crowd.remember_facts()
    return crowd
