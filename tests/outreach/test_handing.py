"""Mail that a provider takes in for us: handed over by a request, kept as if it came by mail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from afterscore.cases.models import Attachment, Case, Entry
from afterscore.kit import clock, jobs
from afterscore.outreach import operations, queries
from afterscore.outreach.channels import providers
from afterscore.outreach.models import InboundEvent, MailRoute
from tests.cases import written
from tests.cases.written import NORA, replied
from tests.outreach import reporters
from tests.outreach.test_reporting import AT, make_route
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
TEXT = (
    "The export is slow.\n\nOn Mon, May 4, 2026 at 11:05 AM Ana <ana@x.example> wrote:\n> Hello\n"
)
URLENCODED = "application/x-www-form-urlencoded"


def raw_mail(to: str) -> str:
    made = written.mail(TEXT, to=to)
    return written.with_file(made, "log.txt", b"10:30 stopped", "text/plain").as_string()


def multipart(fields: dict[str, str], files: dict[str, bytes]) -> reporters.Post:
    border = "frontier"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="log.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    ]
    content = b"".join(parts) + f"--{border}--\r\n".encode()
    return reporters.Post(content, f"multipart/form-data; boundary={border}")


def as_json(said: Any) -> reporters.Post:
    return reporters.Post(json.dumps(said).encode())


def mailgun_signature(key: str = reporters.KEY) -> dict[str, str]:
    token = "t" * 50
    digest = hmac.new(key.encode(), f"{AT}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": str(AT), "token": token, "signature": digest}


def headers_of(to: str) -> list[list[str]]:
    return [
        ["From", f"Nora <{NORA}>"], ["To", to], ["Subject", "Re: Your answer"],
        ["Message-Id", "<one@quayside.example>"],
    ]  # fmt: skip


def mailersend(to: str) -> reporters.Post:
    data = {"id": "1", "raw": raw_mail(to), "recipients": {"rcptTo": [{"email": to}]}}
    return as_json({"type": "inbound.message", "data": data})


def mailgun_raw(to: str) -> reporters.Post:
    fields = {"recipient": to, "body-mime": raw_mail(to), **mailgun_signature()}
    return reporters.Post(urlencode(fields).encode(), URLENCODED)


def mailgun_large(to: str) -> reporters.Post:
    """More than a form field may hold elsewhere."""
    made = written.with_file(written.mail(TEXT, to=to), "log.txt", b"10:30 stopped" * 40_000)
    return multipart({"recipient": to, "body-mime": made.as_string(), **mailgun_signature()}, {})


def mailgun_parts(to: str) -> reporters.Post:
    fields = {
        "recipient": to, "message-headers": json.dumps(headers_of(to)), "body-plain": TEXT,
        "attachment-count": "1", **mailgun_signature(),
    }  # fmt: skip
    return multipart(fields, {"attachment-1": b"10:30 stopped"})


def mailjet(to: str) -> reporters.Post:
    packed = base64.b64encode(b"10:30 stopped").decode()
    part = {"Headers": {"Content-Type": 'text/plain; name="log.txt"',
                        "Content-Disposition": 'attachment; filename="log.txt"'},
            "ContentRef": "Attachment1"}  # fmt: skip
    return as_json(
        {
            "Recipient": to, "Sender": NORA, "Headers": dict(headers_of(to)), "Text-part": TEXT,
            "Parts": [part], "Attachment1": packed,
        }
    )  # fmt: skip


def mandrill(to: str) -> reporters.Post:
    said = [{"event": "inbound", "ts": AT, "msg": {"raw_msg": raw_mail(to), "email": to}}]
    return reporters.Post(json.dumps(said).encode(), "mandrill")


def postal(to: str) -> reporters.Post:
    packed = base64.b64encode(raw_mail(to).encode()).decode()
    said = {"id": 1, "rcpt_to": to, "mail_from": NORA, "message": packed, "base64": True}
    return reporters.postal(said, url="", at=AT, key=reporters.KEY)


def postmark_raw(to: str) -> reporters.Post:
    return as_json({"OriginalRecipient": to, "RawEmail": raw_mail(to), "Headers": []})


def postmark_parts(to: str) -> reporters.Post:
    packed = base64.b64encode(b"10:30 stopped").decode()
    return as_json(
        {
            "OriginalRecipient": to, "FromFull": {"Email": NORA, "Name": "Nora"},
            "ToFull": [{"Email": to, "Name": ""}], "Subject": "Re: Your answer", "TextBody": TEXT,
            "Headers": [{"Name": "Message-ID", "Value": "<one@quayside.example>"}],
            "Attachments": [{"Name": "log.txt", "ContentType": "text/plain", "Content": packed}],
        }
    )  # fmt: skip


def sendgrid_raw(to: str) -> reporters.Post:
    envelope = json.dumps({"to": [to], "from": NORA})
    return multipart({"email": raw_mail(to), "envelope": envelope}, {})


def sendgrid_parts(to: str) -> reporters.Post:
    fields = {
        "headers": "\n".join(f"{name}: {value}" for name, value in headers_of(to)), "text": TEXT,
        "envelope": json.dumps({"to": [to], "from": NORA}),
        "attachment-info": json.dumps({"attachment1": {"filename": "log.txt"}}),
    }  # fmt: skip
    return multipart(fields, {"attachment1": b"10:30 stopped"})


def sparkpost(to: str) -> reporters.Post:
    content = {"email_rfc822": raw_mail(to), "email_rfc822_is_base64": False}
    relayed = {"rcpt_to": to, "msg_from": NORA, "protocol": "smtp", "content": content}
    return as_json([{"msys": {"relay_message": relayed}}])


WAYS: list[tuple[str, Callable[[str], reporters.Post]]] = [
    ("mailersend", mailersend), ("mailgun", mailgun_raw), ("mailgun", mailgun_large),
    ("mailgun", mailgun_parts), ("mailjet", mailjet), ("mandrill", mandrill), ("postal", postal),
    ("postmark", postmark_raw), ("postmark", postmark_parts), ("sendgrid", sendgrid_raw),
    ("sendgrid", sendgrid_parts), ("sparkpost", sparkpost),
]  # fmt: skip


@pytest.fixture
def queue(people: People) -> Iterator[jobs.InlineQueue]:
    with clock.at(NOW), jobs.inline() as waiting:
        yield waiting


@pytest.fixture
def case(people: People) -> Case:
    return replied(people)


def hand_over(route: MailRoute, post: reporters.Post, *, address: str = "") -> Any:
    url = address or queries.inbound_address(route)
    if post.content_type == "mandrill":
        post = reporters.mandrill(json.loads(post.content), url=url, at=AT, key=reporters.KEY)
    return Client(enforce_csrf_checks=True).post(
        url.removeprefix("http://localhost:8000"), post.content, post.content_type,
        headers=dict(post.headers),
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[1].__name__)
def test_it_lands_in_the_case(
    people: People, case: Case, queue: jobs.InlineQueue, way: tuple[str, Any]
) -> None:
    provider, make = way
    route = make_route(people, provider)
    answer = hand_over(route, make(written.address_of(case)))
    assert (answer.status_code, answer.content) == (200, b"Kept.\n")
    queue.run()
    entry = Entry.objects.get(case=case, kind=Entry.Kind.CUSTOMER)
    assert (entry.text, entry.sender) == ("The export is slow.", NORA)
    assert "> Hello" in entry.quoted
    assert Attachment.objects.get().name == "log.txt"
    assert bytes(Attachment.objects.get().content).startswith(b"10:30 stopped")


def test_every_provider_that_hands_over_is_tried() -> None:
    takes = {each.key for each in providers.PROVIDERS.values() if each.inbound_view}
    assert takes == {provider for provider, _make in WAYS}


def test_the_same_mail_by_the_provider_and_by_mail_is_one_entry(
    people: People, case: Case, queue: jobs.InlineQueue
) -> None:
    route = make_route(people, "postmark")
    to = written.address_of(case)
    for _ in range(2):
        hand_over(route, postmark_raw(to))
    operations.receive(recipient=to, raw=raw_mail(to).encode() + b"\n", now=NOW)
    queue.run()
    assert Entry.objects.filter(case=case, kind=Entry.Kind.CUSTOMER).count() == 1


@pytest.mark.parametrize("make", [mailgun_raw, mailgun_parts])
def test_a_forged_signature_is_refused_and_counted(
    people: People, case: Case, queue: jobs.InlineQueue, make: Any
) -> None:
    route = make_route(people, "mailgun", webhook_signing_key="another")
    assert hand_over(route, make(written.address_of(case))).status_code == 403
    assert not InboundEvent.objects.exists()
    route.refresh_from_db()
    assert route.forged_reports == 1


def test_a_strangers_address_is_refused(people: People, case: Case, queue: Any) -> None:
    route = make_route(people, "postmark")
    post = postmark_raw(written.address_of(case))
    for wrong in (
        queries.inbound_address(route)[:-1] + "x",
        queries.report_address(route).replace("reports", "inbound"),
    ):
        assert hand_over(route, post, address=wrong).status_code == 403
    assert not InboundEvent.objects.exists()


def test_mail_to_nobody_is_not_kept_and_not_brought_again(
    people: People, case: Case, queue: Any
) -> None:
    route = make_route(people, "postmark")
    forged = written.address_of(case).replace("case+", "case+a")
    answer = hand_over(route, postmark_raw(forged))
    assert (answer.status_code, answer.content) == (200, b"Not kept. Written to nobody here.\n")
    assert not InboundEvent.objects.exists()


def test_what_is_no_mail_is_refused(people: People, queue: Any) -> None:
    route = make_route(people, "sparkpost")
    assert hand_over(route, as_json({"hello": 1})).status_code == 400
    assert (
        Client()
        .get(queries.inbound_address(route).removeprefix("http://localhost:8000"))
        .status_code
        == 200
    )
    assert not InboundEvent.objects.exists()


def test_replies_to_mail_of_such_a_route_come_to_its_domain(people: People) -> None:
    make_route(people, "mailgun", reply_domain="reply.harbourline.example")
    case = replied(people)
    assert (
        operations.reply_domain(workspace=people.workspace, sender_email="ana@harbourline.example")
        == "reply.harbourline.example"
    )
    assert case.state == "waiting"


def test_the_page_of_a_route_shows_where_to_hand_over(people: People) -> None:
    route = make_route(people, "mailgun")
    page = people.client(people.olivia).get(f"/w/harbourline/settings/routes/{route.public_id}/")
    assert queries.inbound_address(route) in page.content.decode()
