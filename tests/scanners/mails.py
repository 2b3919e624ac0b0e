"""Mails that have left, with the links that really stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterscore.customers.models import Contact
from afterscore.kit import signing
from afterscore.outreach import composition, operations
from afterscore.outreach.models import Message
from afterscore.outreach.operations import Draft
from afterscore.programs.models import Enrolment
from tests import builders
from tests.people import NOW, People

AT_ONCE = 2_000
HOST = "http://testserver"
_LINK = re.compile(rf'href="{HOST}([^"]+)"')


@dataclass(frozen=True, slots=True)
class Mail:
    """`path` is the survey's address; `links` are all that the mail has, as paths."""

    enrolment: int
    path: str
    links: tuple[str, ...]
    left_at: datetime

    @property
    def scores(self) -> list[str]:
        return [link for link in self.links if "?score=" in link]


def send(people: People, number: int) -> list[Mail]:
    """So many people are asked in one wave, and every mail has left at NOW."""
    wave = builders.launch_wave(people.workspace)
    contacts = Contact.objects.bulk_create(
        Contact(
            workspace=people.workspace,
            email=f"reader{each}@quayside.example",
            name=f"Reader {each}",
            created_at=NOW,
            updated_at=NOW,
        )
        for each in range(number)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            workspace=people.workspace,
            wave=wave,
            contact=contact,
            language="en",
            sender_name="Olivia Byrne",
            sender_email="olivia@harbourline.example",
            created_at=NOW,
        )
        for contact in contacts
    )
    for start in range(0, number, AT_ONCE):
        with transaction.atomic():
            operations.plan_messages(
                drafts=[_draft(each) for each in enrolments[start : start + AT_ONCE]], now=NOW
            )
    Message.objects.filter(stream=wave.public_id).update(state="sent", handed_at=NOW, sent_at=NOW)
    return list(_mails(wave.public_id, enrolments))


def _draft(enrolment: Enrolment) -> Draft:
    return Draft(
        workspace=enrolment.workspace,
        kind="invitation",
        stream=enrolment.wave.public_id,
        step=0,
        contact=enrolment.contact,
        sender_name=enrolment.sender_name,
        sender_email=enrolment.sender_email,
        language="en",
        time_zone="UTC",
        due_at=NOW,
        send_window="always",
        fields={"company": "Harbourline", "survey_path": builders.survey_path(enrolment)},
    )


def _mails(stream: str, enrolments: Sequence[Enrolment]) -> Iterator[Mail]:
    written = {
        message.contact_id: message
        for message in Message.objects.filter(stream=stream).select_related("workspace", "contact")
    }
    for enrolment in enrolments:
        html = composition.compose(written[enrolment.contact_id]).html
        yield Mail(
            enrolment=enrolment.pk,
            path=f"/s/{signing.sign('survey', enrolment.public_id)}",
            links=tuple(dict.fromkeys(_LINK.findall(html))),
            left_at=NOW,
        )
