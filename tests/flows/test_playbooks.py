"""Each playbook the whole way, by HTTP and SMTP: asked, answered, worked, written back.

One wave asks everybody; each of the eight answers as another playbook wants it.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from afterscore.cases.models import Case, Entry, Task
from afterscore.config import lmtp
from afterscore.customers import operations as customers
from afterscore.customers.models import Account
from afterscore.domain.casework import State
from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.kit import clock
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.models import InboundEvent, Kind, Message
from tests import people as cast
from tests.flows import forms, mailbox
from tests.flows.test_way_through import Answer, give, launch_a_wave, work_through_jobs
from tests.flows.test_way_through import import_contacts as bring_in

MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
QUIET = tuple(f"Company {number}" for number in range(4))


@dataclass(frozen=True)
class Person:
    """Somebody of a company with this revenue, who answers like this."""

    email: str
    company: str
    score: int
    comment: str
    language: str = "English"
    revenue: int = 5_000


CAST = {
    "detractor_comment": Person("dora@alpha.example", "Alpha", 2, "Der Import stockt.", "Deutsch"),
    "detractor_silent": Person("dan@beta.example", "Beta", 3, ""),
    "passive_comment": Person("paul@gamma.example", "Gamma", 7, "Fine, mostly."),
    "passive_silent": Person("pia@delta.example", "Delta", 8, "", "français"),
    "promoter_comment": Person("tara@alpha.example", "Alpha", 10, "It saves us an hour."),
    "promoter_silent": Person("theo@epsilon.example", "Epsilon", 9, "", "español"),
    "key_account": Person("kim@kappa.example", "Kappa", 4, "", revenue=90_000),
    "lost_account": Person("lea@lambda.example", "Lambda", 9, "You were nice."),
}


@dataclass
class World:
    people: cast.People
    post_office: mailbox.Mailbox
    door: lmtp.Listening

    def case(self, key: str) -> Case:
        return Case.objects.select_related("owner").get(contact__email=CAST[key].email)

    def page(self, key: str, *, by: Client | None = None) -> Any:
        address = f"/w/harbourline/inbox/{self.case(key).public_id}/"
        return (by or self.ana).get(address)

    @property
    def ana(self) -> Client:
        return self.people.client(self.people.ana)

    def next(self, key: str, *, by: Client | None = None) -> str:
        """The title of the step that the page says comes next."""
        line = self.page(key, by=by).context["plan"].next
        return line.task.title if line else ""

    def step(self, key: str, kind: str) -> Task:
        return Task.objects.get(case=self.case(key), kind=kind)

    def do(
        self, key: str, kind: str, act: str = "done", *, by: Client | None = None, **values: str
    ) -> None:
        task = self.step(key, kind)
        address = f"/w/harbourline/inbox/{self.case(key).public_id}/tasks/{task.public_id}/{act}/"
        done = (by or self.ana).post(address, values, follow=True)
        assert done.status_code == 200, done.content.decode()

    def send(self, key: str, action: str, **values: str) -> None:
        """A form of the page, as it is proposed but for these values; then the mails leave."""
        forms.send(self.ana, self.page(key), action=action, **values)
        sender.drain(worker="test")

    def latest(self, key: str) -> EmailMessage:
        return self.post_office.to(CAST[key].email)[-1]

    def write_back(self, key: str, text: str) -> None:
        sent = self.latest(key)
        answer = EmailMessage()
        answer["From"] = CAST[key].email
        answer["To"] = sent["Reply-To"]
        answer["Subject"] = f"Re: {sent['Subject']}"
        answer["Message-ID"] = f"<{key}.{clock.now().timestamp()}@example.example>"
        answer["In-Reply-To"] = sent["Message-ID"]
        answer.set_content(text)
        (address,) = sent["Reply-To"].addresses
        with smtplib.LMTP(self.door.host, self.door.port) as client:
            client.sendmail(CAST[key].email, [str(address.addr_spec)], answer.as_bytes())
        for event in InboundEvent.objects.filter(processed_at=None):
            outreach.make_sense(event=event.public_id, now=clock.now())


@pytest.fixture
def world(transactional_db: None, settings: Any) -> Iterator[World]:
    listening = lmtp.Listening("127.0.0.1", 0)
    listening.start()
    settings.AFTERSCORE_INLET = (listening.host, listening.port)
    settings.AFTERSCORE_BOUNCE_DOMAIN = "mail.harbourline.example"
    with mailbox.running() as (box, url):
        settings.AFTERSCORE_SMTP_URL = url
        settings.AFTERSCORE_CHANNEL = "smtp"
        world = World(cast.invite_everybody(), box, listening)
        ask_and_answer(world)
        yield world
    listening.stop()


def ask_and_answer(world: World) -> None:
    """Eight people of eight kinds are asked by mail and answer through the links in it."""
    lines = ["email;nom;société;langue"]
    lines += [
        f"{p.email};{p.email.split('@')[0].title()};{p.company};{p.language}" for p in CAST.values()
    ]
    lines += [f"{name[-1]}@quiet.example;Quiet;{name};English" for name in QUIET]
    max_ = world.people.client(world.people.max)
    with clock.at(MONDAY):
        bring_in(max_, "\n".join(lines).encode("utf-8"))
        Account.objects.update(owner=world.people.ana, recurring_revenue=Decimal(5_000))
        Account.objects.filter(name="Kappa").update(recurring_revenue=Decimal(90_000))
        Account.objects.filter(name="Lambda").update(churned_on=date(2026, 4, 30))
        launch_a_wave(max_)
    with clock.at(MONDAY + timedelta(minutes=65)):  # business hours begin at nine
        sender.drain(worker="test")
    with clock.at(MONDAY + timedelta(hours=2, minutes=30)):
        for person in CAST.values():
            give(Answer(person.email, person.score, person.comment), world.post_office)
        work_through_jobs()


def test_every_playbook_from_the_question_to_the_end(world: World) -> None:
    """One after the other, on the days on which the steps fall due."""
    for key, person in CAST.items():
        case = world.case(key)
        assert case.playbook == key, person
        assert case.owner == world.people.ana
    for tell in STORIES:
        tell(world)


def at(days: int, hour: int = 10) -> Any:
    return clock.at((MONDAY + timedelta(days=days)).replace(hour=hour))


def body(mail: EmailMessage) -> str:
    return " ".join(mailbox.part(mail, "plain").split())


def who_complains_is_called_written_to_and_answered(world: World) -> None:
    key = "detractor_comment"
    with at(0, 11):
        assert world.next(key) == "Call them"
        world.do(key, "call", result="not_reached")
        assert world.next(key) == "Write, if the phone does not reach them"
        world.send(key, "/reply/")
        mail = world.latest(key)
        assert mail["From"] == "Ana <ana@harbourline.example>"
        assert "„Der Import stockt.“" in body(mail)
        world.write_back(key, "Seit Montag. Bitte rufen Sie nicht an.")
    assert world.step(key, "call").state == Task.State.CANCELLED
    with at(1):
        said = Entry.objects.get(case=world.case(key), kind=Entry.Kind.CUSTOMER)
        assert said.text.startswith("Seit Montag.")
        world.do(key, "department", "hand", whom="product")
        world.people.max.department = Department.PRODUCT
        world.people.max.save()
        max_ = world.people.client(world.people.max)
        assert world.next(key, by=max_) == "Find the cause"
        world.do(key, "department", by=max_, result="acted", text="Mended in 4.2.")
        world.send(key, "/close/", outcome="solved")
        work_through_jobs()
    assert world.step(key, "check_back").result == "asked"
    asked = Message.objects.get(contact__email=CAST[key].email, kind=Kind.FOLLOW_UP)
    with clock.at(asked.due_at + timedelta(hours=1)):
        sender.drain(worker="test")
    assert "/c/" in mailbox.part(world.latest(key), "plain")


def who_says_nothing_is_asked_once_and_called(world: World) -> None:
    key = "detractor_silent"
    with at(0, 12):
        assert world.next(key) == "Ask in one sentence what is not right"
        world.send(key, "/reply/")
        assert "You gave us 3 out of 10" in body(world.latest(key))
    with at(2):
        assert world.next(key) == "Call, if they do not write back"
        world.do(key, "call", result="reached", text="Two clicks too many.", minutes="8")
    with at(3):
        assert world.next(key) == "Note why there was no comment"
        world.do(key, "ask_reason", result="doubts_use")
        world.send(key, "/close/", outcome="understood")
    assert world.step(key, "check_back").state == Task.State.CANCELLED
    assert world.case(key).state == State.CLOSED
    assert world.case(key).minutes == 8


def who_is_half_glad_is_shown_what_is_not_used(world: World) -> None:
    key = "passive_comment"
    with at(1):
        usage = [("Gamma", "login"), *((name, "bulk_import") for name in ("Alpha", "Beta"))]
        customers.record_signals(
            workspace=world.people.workspace,
            signals=[
                customers.NewSignal(
                    kind="usage", name=name, source="app", occurred_at=clock.now(), account=account
                )
                for account, name in usage
            ],
            actor=SYSTEM,
            now=clock.now(),
        )
        world.send(key, "/reply/")
        assert "“Fine, mostly.”" in body(world.latest(key))
    with at(4):
        assert world.next(key) == "Show them what they do not use yet"
        world.send(key, "/write/")
        assert "you do not use this yet: bulk import." in body(world.latest(key))
        world.write_back(key, "Gladly, on Friday.")
    assert world.step(key, "educate").result == "shown"
    assert world.case(key).customer_wrote_at is not None


def who_stays_silent_gets_two_automated_mails_and_no_third(world: World) -> None:
    key = "passive_silent"
    with at(1, 11):
        world.send(key, "/reply/", follows_up="on")
        assert "Vous nous avez donné 8 sur 10" in body(world.latest(key))
    for days in (10, 20):
        with at(days):
            sender.drain(worker="test")
            world.send(key, "/reply/", follows_up="on", body="Bonjour, encore une question.")
    with at(30):
        sender.drain(worker="test")
    mails = [body(mail) for mail in world.post_office.to(CAST[key].email)]
    reminded = [text for text in mails if "J’aimerais toujours savoir" in text]
    planned = Message.objects.filter(contact__email=CAST[key].email, kind=Kind.FOLLOW_UP)
    assert planned.count() == 2
    assert 1 <= len(reminded) <= 2
    with at(31):
        page = world.page(key).content.decode()
        assert re.search(r'name="follows_up"[^>]*disabled', page)
        assert "2 automated messages already followed this answer" in page


def who_praises_us_is_asked_for_a_favour_once_the_colleague_is_helped(world: World) -> None:
    key = "promoter_comment"
    with at(1, 12):
        world.send(key, "/reply/")
        assert "“It saves us an hour.”" in body(world.latest(key))
    with at(4, 12):
        assert world.next(key) == "Ask for a referral or a testimonial"
        world.send(key, "/write/")
        assert "May I ask you for a favour?" in body(world.latest(key))
        world.write_back(key, "Quote me.")
        world.send(key, "/close/", outcome="testimonial_given")
    assert world.case(key).outcome == "testimonial_given"


def who_only_gave_a_ten_is_asked_what_helps(world: World) -> None:
    key = "promoter_silent"
    with at(1, 13):
        world.send(key, "/reply/")
        assert "Gracias por el 9 sobre 10" in body(world.latest(key))
        world.write_back(key, "La importación. Estaba de viaje.")
    with at(4, 13):
        world.do(key, "ask_reason", result="no_time")
        assert world.next(key) == "Ask for a referral or a testimonial"
        world.do(key, "advocate", result="referral", text="To a friend at Omega.")
        world.send(key, "/close/", outcome="referral_given")
    assert world.case(key).state == State.CLOSED


def a_key_account_is_called_and_the_leadership_knows(world: World) -> None:
    key = "key_account"
    leader = world.people.olivia
    leader.department = Department.LEADERSHIP
    leader.save()
    olivia = world.people.client(leader)
    with at(0, 13):
        assert world.next(key) == "Call them"
        page = olivia.get("/w/harbourline/inbox/tasks/?show=leadership").content.decode()
        assert "Know of this and speak with the account’s sponsor" in page
        world.do(key, "call", result="reached", text="The new portal confuses them.")
        world.do(key, "department", "take", by=olivia)
        world.do(key, "department", by=olivia, result="acted")
        world.do(key, "ask_reason", result="prefers_to_talk")
        world.send(key, "/close/", outcome="passed_on")
    check_back = world.step(key, "check_back")
    assert check_back.state == Task.State.OPEN, "no mail asks, so a person does"
    with at(8):
        world.do(key, "check_back", result="not_solved")
    assert world.case(key).state == State.REOPENED


def who_has_left_is_thanked_and_asked_what_we_should_have_seen(world: World) -> None:
    key = "lost_account"
    with at(0, 14):
        world.send(key, "/reply/")
        assert "although you have left us" in body(world.latest(key))
        world.write_back(key, "Your prices.")
    assert not Task.objects.filter(case=world.case(key), kind="advocate").exists()
    assert world.step(key, "call").state == Task.State.CANCELLED
    assert world.step(key, "department").department == Department.LEADERSHIP


STORIES: tuple[Callable[[World], None], ...] = (
    who_complains_is_called_written_to_and_answered,
    who_says_nothing_is_asked_once_and_called,
    who_is_half_glad_is_shown_what_is_not_used,
    who_stays_silent_gets_two_automated_mails_and_no_third,
    who_praises_us_is_asked_for_a_favour_once_the_colleague_is_helped,
    who_only_gave_a_ten_is_asked_what_helps,
    a_key_account_is_called_and_the_leadership_knows,
    who_has_left_is_thanked_and_asked_what_we_should_have_seen,
)
