"""Mails that people and machines write to a case, and the way they come in."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from afterscore.cases import operations
from afterscore.cases.models import Case
from afterscore.kit import jobs, mailboxes
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import InboundEvent, Message
from tests.cases.answers import by, open_for
from tests.people import NOW, People

REPLIED_AT = NOW + timedelta(hours=2)
WROTE_AT = NOW + timedelta(days=1)
NORA = "person0@quayside.example"


def address_of(case: Case) -> str:
    address = mailboxes.address("case", case.public_id, "replies.example")
    assert address is not None
    return address


def replied(people: People, *, follows_up: bool = True) -> Case:
    """Nora was unhappy; Ana wrote to her, and the mail has left."""
    case = open_for(people, comment="It is slow.", owner=people.ana)
    case = operations.reply(
        case=case,
        subject="Your answer",
        body="Hello {{ first_name }}, what is slow?",
        follows_up=follows_up,
        actor=by(people.ana),
        now=REPLIED_AT,
    )
    Message.objects.filter(stream=case.public_id).update(
        state="sent", handed_at=REPLIED_AT, sent_at=REPLIED_AT
    )
    return case


def mail(
    text: str = "The export is slow.",
    *,
    sender: str = NORA,
    to: str = "someone@replies.example",
    subject: str = "Re: Your answer",
    mail_id: str = "<one@quayside.example>",
    html: str = "",
    **headers: str,
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    if mail_id:
        made["Message-ID"] = mail_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def with_file(
    made: EmailMessage, name: str, content: bytes, kind: str = "application/octet-stream"
) -> EmailMessage:
    main, _, sub = kind.partition("/")
    made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


def arrives(
    case: Case, made: EmailMessage | bytes, *, at: datetime = WROTE_AT, recipient: str = ""
) -> InboundEvent:
    """Through the door and read by the worker; the case is as it is afterwards."""
    raw = made if isinstance(made, bytes) else made.as_bytes()
    with jobs.inline() as queue:
        event = outreach.receive(recipient=recipient or address_of(case), raw=raw, now=at)
        queue.run()
    event.refresh_from_db()
    case.refresh_from_db()
    return event
