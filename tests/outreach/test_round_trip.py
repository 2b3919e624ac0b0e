"""From the mail that leaves by SMTP to what its addresses bring back by LMTP."""

from __future__ import annotations

import email
import email.policy
import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from afterscore.config import doctor, lmtp
from afterscore.kit import clock, jobs
from afterscore.outreach import operations, queries
from afterscore.outreach.models import Delivery, InboundEvent, Message
from tests.outreach import mail_server, returned
from tests.outreach.post import Post, minutes
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door() -> Iterator[lmtp.Listening]:
    listening = lmtp.Listening("127.0.0.1", 0)
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture
def sent(post: Post, settings) -> tuple[EmailMessage, str]:
    """A mail as a mail server got it, and its envelope sender."""
    settings.AFTERSCORE_CHANNEL = "smtp"
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    post.message()
    with mail_server.running() as server:
        settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{server.port}"
        assert post.send() == 1
    mail = email.message_from_bytes(server.accepted[0], policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    (command,) = [each for each in server.commands if each.startswith("MAIL FROM:")]
    found = re.search(r"<([^>]+)>", command)
    assert found is not None
    return mail, found[1]


def brings(door: lmtp.Listening, recipient: str, raw: bytes) -> None:
    with smtplib.LMTP(door.host, door.port) as client:
        client.sendmail("", [recipient], raw)
    with jobs.inline():
        for event in InboundEvent.objects.filter(processed_at=None):
            operations.make_sense(event=event.public_id, now=NOW + minutes(1))


def reasons(post: Post) -> dict[str, str]:
    return queries.suppression_reasons(workspace=post.workspace, emails=["ana.lima@example.com"])


def test_a_report_to_the_envelope_sender_ends_the_mail(post: Post, door, sent) -> None:
    _mail, envelope = sent
    waiting = post.message(kind="reminder", step=1, due_at=NOW + minutes(60))
    brings(door, envelope, returned.report())
    assert reasons(post) == {"ana.lima@example.com": "bounced"}
    assert post.state(waiting) == "cancelled"


def test_a_report_whose_body_nobody_can_read_is_kept_with_its_message(post, door, sent) -> None:
    _mail, envelope = sent
    brings(door, envelope, b"\xff\xfe\x80 no headers, no words, nothing\r\n")
    event = InboundEvent.objects.get()
    assert event.message == Message.objects.get()
    assert event.outcome.endswith(queries.FOR_A_PERSON)
    assert event in queries.list_inbound(workspace=post.workspace, open_only=True)


def test_unsubscribing_by_the_address_in_the_mail(post: Post, door, sent) -> None:
    mail, _envelope = sent
    (address,) = re.findall(r"<(mailto:[^>]+)>", mail["List-Unsubscribe"])
    brings(door, urlsplit(address).path, returned.mail("unsubscribe", ""))
    assert reasons(post) == {"ana.lima@example.com": "unsubscribed"}


def test_neither_machines_nor_people_who_write_back_are_answers(post, door, sent) -> None:
    _mail, envelope = sent
    brings(door, envelope, returned.mail("Out of office: 10", "10", Auto_Submitted="auto-replied"))
    brings(door, envelope, returned.mail("Re: How likely", "10"))
    assert [row.kind for row in Delivery.objects.all()] == ["auto_replied"]
    assert reasons(post) == {}


def test_the_doctor_says_whether_mail_finds_its_way_back(door, settings, post: Post, sent) -> None:
    def finding() -> doctor.Finding:
        with clock.at(NOW):
            return next(each for each in doctor.examine(now=NOW) if each.check == "inlet")

    settings.AFTERSCORE_INLET = None
    assert finding().level == "warning"
    brings(door, sent[1], returned.report())
    assert finding().level == "ok"
    settings.AFTERSCORE_INLET = (door.host, door.port)
    assert finding().level == "ok"
    settings.AFTERSCORE_INLET = (door.host, 1)
    assert (finding().level, finding().mend) == ("failure", "Start a worker: afterscore worker")
