"""A conversation by mail, over real connections: SMTP to the customer, LMTP from the customer."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from afterscore.cases.models import Attachment, Case, Entry
from afterscore.config import lmtp
from afterscore.domain.casework import State
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.models import InboundEvent, Message
from tests import people as cast
from tests.cases.answers import open_for
from tests.flows import forms, mailbox
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)
NORA = "person0@quayside.example"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def people(transactional_db: None) -> cast.People:
    return cast.invite_everybody()


@pytest.fixture
def door(settings: Any) -> Iterator[lmtp.Listening]:
    listening = lmtp.Listening("127.0.0.1", 0)
    listening.start()
    settings.AFTERSCORE_INLET = (listening.host, listening.port)
    settings.AFTERSCORE_BOUNCE_DOMAIN = "mail.harbourline.example"
    yield listening
    listening.stop()


@pytest.fixture
def post_office(settings: Any) -> Iterator[mailbox.Mailbox]:
    with mailbox.running() as (box, url):
        settings.AFTERSCORE_SMTP_URL = url
        settings.AFTERSCORE_CHANNEL = "smtp"
        yield box


@pytest.fixture
def case(people: cast.People) -> Case:
    return open_for(people, score=3, comment="It is slow.", owner=people.ana)


@pytest.fixture
def ana(people: cast.People) -> Client:
    return people.client(people.ana)


def page(case: Case) -> str:
    return f"/w/harbourline/inbox/{case.public_id}/"


def reply(ana: Client, case: Case, text: str, **fields: Any) -> None:
    forms.send(ana, ana.get(page(case)), action="/reply/", body=text, **fields)
    sender.drain(worker="test")


def answer_to(mail: EmailMessage, text: str, *, name: str = "1", **headers: str) -> EmailMessage:
    """As Nora's mail program writes it: to Reply-To, with what it answers below."""
    made = EmailMessage()
    made["From"] = f"Nora Lindqvist <{NORA}>"
    made["To"] = mail["Reply-To"]
    made["Subject"] = f"Re: {mail['Subject']}"
    made["Message-ID"] = f"<{name}@quayside.example>"
    made["In-Reply-To"] = made["References"] = mail["Message-ID"]
    for key, value in headers.items():
        made[key.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in mailbox.part(mail, "plain").splitlines())
    made.set_content(
        f"{text}\n\nOn Mon, May 4, 2026 at 11:00 AM {mail['From']} wrote:\n\n{quoted}\n"
    )
    return made


def brings(door: lmtp.Listening, recipient: str, raw: bytes) -> None:
    with smtplib.LMTP(door.host, door.port) as client:
        client.sendmail(NORA, [recipient], raw)
    for event in InboundEvent.objects.filter(processed_at=None):
        outreach.make_sense(event=event.public_id, now=clock.now())


def address_in(mail: EmailMessage) -> str:
    (address,) = mail["Reply-To"].addresses
    return str(address.addr_spec)


def envelope_of(message: Message) -> str:
    from afterscore.outreach.composition import headers

    return headers.envelope_sender(message)


@dataclass
class Talk:
    """Ana and Nora, by mail."""

    ana: Client
    case: Case
    door: lmtp.Listening
    post_office: mailbox.Mailbox

    def ana_writes(self, text: str, *, at: datetime, **fields: Any) -> EmailMessage:
        with clock.at(at):
            reply(self.ana, self.case, text, **fields)
        self.case.refresh_from_db()
        return self.post_office.to(NORA)[-1]

    def nora_writes(self, answer: EmailMessage, to: EmailMessage) -> None:
        with clock.at(LATER):
            brings(self.door, address_in(to), answer.as_bytes())
        self.case.refresh_from_db()

    def page(self) -> str:
        shown: str = self.ana.get(page(self.case)).content.decode()
        return shown


@pytest.fixture
def talk(ana: Client, case: Case, door: lmtp.Listening, post_office: mailbox.Mailbox) -> Talk:
    return Talk(ana, case, door, post_office)


def test_an_answer_lands_in_the_case_wakes_it_and_stops_the_follow_up(talk: Talk) -> None:
    assert "The answer comes into this case." in talk.page()
    sent = talk.ana_writes("Hello Nora, what is slow?", at=NOW, follows_up="on")
    assert sent["From"] == "Ana <ana@harbourline.example>"
    assert address_in(sent).startswith("case+")
    assert talk.case.state == State.WAITING

    answer = answer_to(sent, "The export. I attach a picture.")
    answer.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="export.png")
    talk.nora_writes(answer, to=sent)
    assert talk.case.state == State.IN_PROGRESS
    assert talk.case.customer_wrote_at is not None
    (entry,) = Entry.objects.filter(case=talk.case, kind=Entry.Kind.CUSTOMER)
    assert entry.text == "The export. I attach a picture."
    assert "> Hello Nora, what is slow?" in entry.quoted
    assert "export.png" in talk.page()
    with clock.at(NOW + timedelta(days=30)):
        sender.drain(worker="test")
    assert len(talk.post_office.to(NORA)) == 1


def test_the_same_mail_by_two_ways_is_one_entry(talk: Talk) -> None:
    sent = talk.ana_writes("Hello Nora.", at=NOW)
    answer = answer_to(sent, "The export.")
    talk.nora_writes(answer, to=sent)
    answer["Received"] = "from elsewhere.example"
    talk.nora_writes(answer, to=sent)
    assert InboundEvent.objects.count() == 2
    assert Entry.objects.filter(case=talk.case, kind=Entry.Kind.CUSTOMER).count() == 1
    assert Fact.objects.filter(name="case.customer_replied").count() == 1


def test_mail_programs_show_one_conversation_with_one_subject(talk: Talk) -> None:
    sent = talk.ana_writes("Hello Nora.", at=NOW, subject="Your answer")
    answer = answer_to(sent, "The export.")
    talk.nora_writes(answer, to=sent)
    second = talk.ana_writes("Thank you. We fix it today.", at=LATER)
    assert second["In-Reply-To"] == answer["Message-ID"]
    assert second["References"] == f"{sent['Message-ID']} {answer['Message-ID']}"
    assert second["Subject"] == "Re: Your answer"
    assert address_in(second) == address_in(sent)


def test_an_answer_to_a_closed_case_opens_it_again(talk: Talk) -> None:
    sent = talk.ana_writes("It is fixed.", at=NOW)
    with clock.at(NOW):
        shown = talk.ana.get(page(talk.case))
        forms.send(talk.ana, shown, action="/close/", outcome="solved")
    talk.nora_writes(answer_to(sent, "It is slow again."), to=sent)
    assert talk.case.state == State.REOPENED
    assert "Open again: the customer wrote." in talk.page()


def test_an_out_of_office_neither_wakes_nor_counts(
    ana: Client, case: Case, door: lmtp.Listening, post_office: mailbox.Mailbox
) -> None:
    """Whether it comes to the address for answers or, as most do, to the envelope sender."""
    with clock.at(NOW):
        reply(ana, case, "Hello Nora.", follows_up="on")
    (sent,) = post_office.to(NORA)
    message = Message.objects.get(stream=case.public_id)
    case.refresh_from_db()
    before = (case.state, case.next_due_at)
    away = answer_to(sent, "I am away until Monday.", name="away", Auto_Submitted="auto-replied")
    away.replace_header("Subject", "Out of office: Your answer")
    with clock.at(LATER):
        brings(door, address_in(sent), away.as_bytes())
        brings(door, envelope_of(message), away.as_bytes())
    case.refresh_from_db()
    assert (case.state, case.next_due_at, case.customer_wrote_at) == (*before, None)
    (entry,) = Entry.objects.filter(case=case, kind=Entry.Kind.AUTOMATIC)
    assert entry.text == "I am away until Monday."
    with clock.at(NOW + timedelta(days=10)):
        sender.drain(worker="test")
    assert len(post_office.to(NORA)) == 2  # the follow-up goes


def test_words_of_a_person_to_the_address_for_bounces_reach_the_case(
    ana: Client, case: Case, door: lmtp.Listening, post_office: mailbox.Mailbox
) -> None:
    with clock.at(NOW):
        reply(ana, case, "Hello Nora.")
    (sent,) = post_office.to(NORA)
    with clock.at(LATER):
        envelope = envelope_of(Message.objects.get(stream=case.public_id))
        brings(door, envelope, answer_to(sent, "The export.").as_bytes())
    case.refresh_from_db()
    assert case.state == State.IN_PROGRESS
    assert Entry.objects.get(case=case, kind=Entry.Kind.CUSTOMER).text == "The export."


def test_a_forged_address_is_refused_at_the_door(
    ana: Client, case: Case, door: lmtp.Listening, post_office: mailbox.Mailbox
) -> None:
    with clock.at(NOW):
        reply(ana, case, "Hello Nora.")
    (sent,) = post_office.to(NORA)
    local, _, domain = address_in(sent).partition("@")
    for forged in (f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}", f"case+x@{domain}"):
        with (
            smtplib.LMTP(door.host, door.port) as client,
            pytest.raises(smtplib.SMTPRecipientsRefused) as refused,
        ):
            client.sendmail(NORA, [forged], answer_to(sent, "Let me in.").as_bytes())
        assert refused.value.recipients[forged][0] == 550
    assert not InboundEvent.objects.exists()
    assert not Entry.objects.filter(kind=Entry.Kind.CUSTOMER).exists()


@pytest.fixture
def sent(
    ana: Client, case: Case, door: lmtp.Listening, post_office: mailbox.Mailbox
) -> EmailMessage:
    """Ana's first mail, as Nora got it."""
    with clock.at(NOW):
        reply(ana, case, "Hello Nora.")
    (mail,) = post_office.to(NORA)
    return mail


def test_a_file_is_handed_out_as_a_download_and_to_nobody_else(
    people: cast.People, case: Case, door: lmtp.Listening, sent: EmailMessage
) -> None:
    ana = people.client(people.ana)
    answer = answer_to(sent, "See this.")
    script = b"<script>alert(document.cookie)</script>"
    answer.add_attachment(script, maintype="text", subtype="html", filename="r\u00e9sum\u00e9.html")
    with clock.at(LATER):
        brings(door, address_in(sent), answer.as_bytes())
    file = Attachment.objects.get()
    address = f"{page(case)}files/{file.public_id}"
    shown = ana.get(page(case)).content.decode()
    assert address in shown
    assert "Can run scripts when opened. Open it only if you expected it." in shown
    got = ana.get(address)
    assert got.content == script
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment; filename")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]
    assert ana.post(address).status_code == 405
    assert people.client(people.eve).get(address).status_code == 404
    assert Client().get(address).status_code in (302, 404)
    other = open_for(people, score=9)
    assert ana.get(f"{page(other)}files/{file.public_id}").status_code == 404
