"""A person asks to be forgotten: afterwards no table holds a word of or about them."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from pyarrow import parquet

from afterscore.cases import operations as cases
from afterscore.cases.models import (
    Alert,
    Attachment,
    Case,
    CheckBack,
    Commitment,
    Entry,
    Gesture,
    Gift,
    Task,
)
from afterscore.cases.operations import alerting
from afterscore.customers import operations, queries
from afterscore.customers.models import Contact, Import, Refusal, Signal
from afterscore.domain.alerts import Kind as AlertKind
from afterscore.domain.casework import Outcome
from afterscore.domain.events import SYSTEM
from afterscore.insights.mart import files
from afterscore.insights.operations import sealing
from afterscore.journal.models import Fact
from afterscore.kit import jobs
from afterscore.outreach import queries as outbox
from afterscore.outreach.channels import Letter
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, InboundEvent, Message, State
from afterscore.outreach.sender import batches
from afterscore.programs.models import HeadsUpCall
from afterscore.responses.models import Response
from tests.cases import answers
from tests.outreach.conftest import memory, post
from tests.outreach.post import Post
from tests.people import NOW, People

__all__ = ["memory", "post"]

pytestmark = pytest.mark.django_db
NAME, EMAIL, OWN_ID = "Xanthippe Quilldrake", "xanthippe@quilldrake.example", "crm-quilldrake-77"
WORD = "zyxwordsofmine"  # stands in whatever she wrote, and whatever was written about her
TRACES = (NAME, "xanthippe", "quilldrake", WORD)


@pytest.fixture
def case(people: People) -> Case:
    """Her case, in the middle of a conversation, with everything that can hang on one."""
    case = answers.open_for(
        people, score=3, comment=f"Bad. {WORD}", name=NAME, account="Quayside", owner=people.ana
    )
    contact = case.contact
    operations.change_contact(
        contact=contact,
        changes={
            "email": EMAIL,
            "external_id": OWN_ID,
            "attributes": {"nickname": WORD},
            "consent_source": f"form of {EMAIL}",
        },
        actor=SYSTEM,
        now=NOW,
    )
    case = Case.objects.get(pk=case.pk)
    by = answers.by(people.ana)
    cases.reply(case=case, body=f"Dear {NAME}, {WORD}", follows_up=True, actor=by, now=NOW)
    cases.add_note(case=case, text=f"{NAME}: {WORD}", actor=by, now=NOW)
    cases.record_customer_message(case=case, text=WORD, actor=by, now=NOW)
    _hang_on(case, people)
    return Case.objects.get(pk=case.pk)


def _hang_on(case: Case, people: People) -> None:
    """Rows of every kind with her words in every field that takes some."""
    mine = {"workspace": people.workspace, "case": case}
    entry = Entry.objects.create(
        **mine, kind="customer", text=WORD, quoted=WORD, subject=WORD, sender=EMAIL,
        happened_at=NOW,
    )  # fmt: skip
    Attachment.objects.create(
        workspace=people.workspace, entry=entry, name=f"{WORD}.pdf", content_type="application/pdf",
        size=3, digest="0" * 64, content=b"pdf",
    )  # fmt: skip
    Task.objects.create(
        **mine, kind="call", title=f"Call {NAME}", text=WORD, outcome=WORD, created_at=NOW
    )
    alerting.raise_alert(
        workspace=people.workspace, kind=AlertKind.BREACH, key="sum", now=NOW,
        text=f"Ana has 3 late cases, the oldest: {NAME} (Quayside).",
    )  # fmt: skip
    Commitment.objects.create(
        **mine, text=WORD, settled_text=WORD, promised_at=NOW, due_on=date(2026, 6, 1)
    )
    CheckBack.objects.create(**mine, comment=WORD, planned_at=NOW, due_at=NOW)
    gift = Gift.objects.create(
        workspace=people.workspace, kind="note", name="A card", cost=Decimal(2), created_at=NOW
    )
    Gesture.objects.create(**mine, gift=gift, cost=2, why=WORD, decided_why=WORD, asked_at=NOW)
    Alert.objects.create(**mine, kind="breach", key="k", text=f"{NAME} waits", raised_at=NOW)
    response = case.response
    HeadsUpCall.objects.create(
        workspace=people.workspace, enrolment=response.enrolment, due_at=NOW, note=WORD
    )
    Response.objects.filter(pk=response.pk).update(
        drivers={"why": WORD, "ease": 4},
        frozen={"contact": {"language": "en", "attribute": {"nickname": WORD}}, "account": {}},
        evidence={"decided_why": WORD},
    )
    message = Message.objects.filter(contact=case.contact).latest("id")
    Message.objects.filter(pk=message.pk).update(reply=f"550 <{EMAIL}> unknown")
    Delivery.objects.create(
        workspace=people.workspace, message=message, kind="bounced", detail=EMAIL, event_id="e",
        occurred_at=NOW,
    )  # fmt: skip
    InboundEvent.objects.create(
        workspace=people.workspace, source="mail", event_id="m", message=message, body=EMAIL,
        received_at=NOW, processed_at=NOW,
    )  # fmt: skip
    Fact.objects.create(
        workspace=people.workspace, name="message.bounced", subject=message.public_id,
        actor="system", payload={"reply": f'550 "{NAME}" <{EMAIL}>'}, occurred_at=NOW,
    )  # fmt: skip
    Signal.objects.create(
        workspace=people.workspace, kind="ticket", name="ticket_closed", contact=case.contact,
        source="desk", external_id="t1", attributes={"subject": WORD}, occurred_at=NOW,
        recorded_at=NOW,
    )  # fmt: skip
    source = Import.objects.create(
        workspace=people.workspace, file_name="list.csv", created_by="system", created_at=NOW
    )
    Refusal.objects.create(
        workspace=people.workspace, source=source, row=2, reason="odd", value=EMAIL,
        cells={"Name": NAME, "Mail": EMAIL, "Note": WORD},
    )  # fmt: skip


def _traces() -> list[str]:
    """Every row of every table that speaks of her, as text."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for trace in TRACES:
                cursor.execute(
                    f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE %s', [f"%{trace}%"]
                )
                found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return found


def test_nothing_in_any_table_speaks_of_her_any_more(case: Case) -> None:
    assert len(_traces()) > 20
    operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
    assert _traces() == []


def test_her_score_counts_as_before_and_says_what_kind_of_customer_gave_it(case: Case) -> None:
    operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
    response = Response.objects.get(pk=case.response_id)
    assert (response.score, response.is_counted) == (3, True)
    assert response.frozen["contact"]["language"] == "en"
    assert response.drivers == {"ease": 4}


def test_her_case_ends_and_nothing_waits_to_be_sent(case: Case) -> None:
    operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
    case.refresh_from_db()
    assert case.closed_at == NOW
    assert case.outcome == Outcome.NOT_CLOSED
    assert case.not_closed_reason == "unreachable"
    states = set(Message.objects.filter(contact=case.contact).values_list("state", flat=True))
    assert states == {State.CANCELLED}
    assert Fact.objects.filter(name="contact.erased", subject=case.contact.public_id).count() == 1


def test_erasing_twice_does_nothing_more(case: Case) -> None:
    first = operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
    again = operations.erase_contact(
        contact=case.contact, actor=SYSTEM, now=NOW + timedelta(days=1)
    )
    assert again.erased_at == first.erased_at == NOW
    assert Fact.objects.filter(name="contact.erased").count() == 1


def test_a_list_that_brings_her_back_gets_her_no_mail(case: Case, people: People) -> None:
    operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
    operations.create_contact(
        workspace=people.workspace, values={"email": EMAIL, "name": "X"}, actor=SYSTEM, now=NOW
    )
    assert outbox.suppression_reasons(workspace=people.workspace, emails=[EMAIL]) == {
        EMAIL: "erased"
    }


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_once_her_mail_is_composed_gets_none(
    post: Post, memory: type[Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post.message(post.contact(NAME, EMAIL))
    compose = batches.letter_of

    def compose_and_erase(*arguments: Any, **options: Any) -> Letter:
        letter = compose(*arguments, **options)
        thread = threading.Thread(target=_erase, args=(message.contact,))
        thread.start()
        thread.join()
        return letter

    monkeypatch.setattr(batches, "letter_of", compose_and_erase)
    post.send()
    assert memory.letters == []
    assert post.state(message) != State.SENT
    assert message.to_email == ""


def _erase(contact: Contact) -> None:
    try:
        operations.erase_contact(contact=contact, actor=SYSTEM, now=NOW)
    finally:
        connections.close_all()


def test_an_owner_types_the_address_first(people: People, case: Case) -> None:
    address = f"/w/harbourline/customers/contacts/{case.contact.public_id}/erase/"
    assert people.client(people.max).get(address).status_code == 403
    olivia = people.client(people.olivia)
    assert "cannot be undone" in olivia.get(address).content.decode()
    refused = olivia.post(address, {"typed": "somebody@else.example"})
    assert refused.status_code == 422
    assert "Nothing was erased" in refused.content.decode()
    assert queries.get_contact(workspace=people.workspace, public_id=case.contact.public_id).email
    done = olivia.post(address, {"typed": EMAIL.upper()}, follow=True)
    assert "Nothing more is sent to this person" in done.content.decode()
    assert _traces() == []


def test_no_file_of_answers_speaks_of_her_either(case: Case, people: People) -> None:
    sealing.seal_months(workspace=people.workspace, months=[date(2026, 5, 1)], now=NOW)
    assert _is_in_a_file(people, WORD)
    with jobs.inline() as queue:
        operations.erase_contact(contact=case.contact, actor=SYSTEM, now=NOW)
        queue.run()
    assert not any(_is_in_a_file(people, trace) for trace in TRACES)


def _is_in_a_file(people: People, word: str) -> bool:
    """In any cell, or anywhere among the plain bytes."""
    found = [file for file in files.folder_of(people.workspace).iterdir() if file.is_file()]
    assert found
    return any(
        word.encode() in file.read_bytes() or word in str(parquet.read_table(file).to_pylist())
        for file in found
    )
