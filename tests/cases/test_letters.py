"""What customers write back: it lands in the case, wakes it, and stops what would be sent."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Attachment, Case, Entry
from afterscore.config import doctor
from afterscore.domain.casework import Outcome, State
from afterscore.journal.models import Fact
from afterscore.outreach import composition
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Delivery, InboundEvent, Message
from afterscore.outreach.operations import NotOurs, TooLarge
from tests.cases import written
from tests.cases.answers import by, open_for
from tests.cases.written import NORA, REPLIED_AT, WROTE_AT, arrives, mail, replied
from tests.outreach import returned
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inlet(settings: Any) -> None:
    settings.AFTERSCORE_REPLY_DOMAIN = "replies.example"


def entries(case: Case, kind: Entry.Kind) -> list[Entry]:
    return list(Entry.objects.filter(case=case, kind=kind).order_by("id"))


def test_a_reply_asks_for_answers_at_the_address_of_its_case(people: People) -> None:
    case = replied(people)
    message = Message.objects.get(stream=case.public_id)
    assert message.reply_to == written.address_of(case)
    headers = composition.compose(message).headers
    assert headers["Reply-To"] == f"Ana <{written.address_of(case)}>"
    assert headers["From"] == "Ana <ana@harbourline.example>"


def test_without_an_inlet_answers_go_to_the_member_who_wrote(people: People, settings: Any) -> None:
    settings.AFTERSCORE_REPLY_DOMAIN = ""
    case = replied(people)
    assert Message.objects.get(stream=case.public_id).reply_to == "ana@harbourline.example"


def test_the_doctor_says_whether_answers_find_their_way(people: People) -> None:
    found = {each.check: each for each in doctor.examine(now=NOW)}
    assert found["replies"].text == "Customers answer cases at addresses of replies.example."
    assert (found["inlet"].level, found["inlet"].check) == ("warning", "inlet")
    arrives(replied(people), mail())
    found = {each.check: each for each in doctor.examine(now=NOW)}
    assert found["inlet"].level == "ok"


def test_a_domain_for_bounces_is_used_once_mail_comes_in(people: People, settings: Any) -> None:
    settings.AFTERSCORE_REPLY_DOMAIN = ""
    settings.AFTERSCORE_BOUNCE_DOMAIN = "bounces.example"
    case = open_for(people, owner=people.ana)
    assert not operations.writes_back_here(case=case, member=people.ana)
    settings.AFTERSCORE_INLET = ("127.0.0.1", 8024)
    assert operations.writes_back_here(case=case, member=people.ana)


def test_what_a_customer_writes_wakes_the_case(people: People) -> None:
    case = replied(people)
    assert case.state == State.WAITING
    event = arrives(case, mail())
    assert case.state == State.IN_PROGRESS
    assert case.customer_wrote_at == WROTE_AT
    assert case.next_due_at == datetime(2026, 5, 5, 17, 0, tzinfo=UTC)  # one business day
    (entry,) = entries(case, Entry.Kind.CUSTOMER)
    assert (entry.text, entry.sender) == ("The export is slow.", NORA)
    assert (entry.inbound, entry.happened_at) == (event, WROTE_AT)
    assert event.outcome == "The customer’s words are in the case."
    assert event.message == Message.objects.get(stream=case.public_id)
    fact = Fact.objects.get(name="case.customer_replied")
    assert (fact.subject, fact.payload) == (case.public_id, {"entry": entry.public_id})
    assert fact.actor == f"contact:{case.contact.public_id}"


def test_it_stops_the_follow_up(people: People) -> None:
    case = replied(people)
    arrives(case, mail())
    follow_up = Message.objects.get(kind="follow_up")
    assert (follow_up.state, follow_up.reason) == ("cancelled", "The customer replied.")


def test_what_the_mail_repeats_is_kept_apart(people: People) -> None:
    case = replied(people)
    text = (
        "The export.\n\n-- \nNora Lindqvist\n+353 1 555\n\n"
        "Am 04.05.2026 um 13:00 schrieb Ana:\n> Hello"
    )
    arrives(case, mail(text))
    (entry,) = entries(case, Entry.Kind.CUSTOMER)
    assert entry.text == "The export."
    assert "+353 1 555" in entry.quoted
    assert "> Hello" in entry.quoted


def test_the_same_mail_twice_is_one_entry(people: People) -> None:
    case = replied(people)
    once = mail().as_bytes()
    arrives(case, once)
    assert arrives(case, once) == InboundEvent.objects.get()
    by_another_way = arrives(case, b"Received: from mx.example\r\n" + once)
    assert by_another_way.outcome.startswith("It stands in the case already")
    assert len(entries(case, Entry.Kind.CUSTOMER)) == 1
    assert Fact.objects.filter(name="case.customer_replied").count() == 1


def test_two_mails_that_say_the_same_are_two(people: People) -> None:
    case = replied(people)
    arrives(case, mail("Any news?", mail_id="<one@quayside.example>"))
    arrives(case, mail("Any news?", mail_id="<two@quayside.example>"))
    assert len(entries(case, Entry.Kind.CUSTOMER)) == 2


def test_a_closed_case_opens_again(people: People) -> None:
    case = replied(people)
    case = operations.close_case(
        case=case, outcome=Outcome.NO_REPLY, actor=by(people.ana), now=REPLIED_AT
    )
    arrives(case, mail())
    assert case.state == State.REOPENED
    assert (case.closed_at, case.outcome) == (None, "")
    assert case.next_due_at is not None
    changes = [entry.text for entry in entries(case, Entry.Kind.CHANGE)]
    assert "Open again: the customer wrote." in changes


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Out of office: Re: Your answer", {"Auto_Submitted": "auto-replied"}),
        ("Automatic reply: Your answer", {}),
        ("Abwesenheitsnotiz: Ihre Antwort", {"X_Auto_Response_Suppress": "All"}),
        ("Réponse automatique : Votre avis", {}),
    ],
)
def test_an_automatic_reply_neither_wakes_nor_counts(
    people: People, subject: str, headers: dict[str, str]
) -> None:
    case = replied(people)
    before = (case.state, case.next_due_at, case.customer_wrote_at)
    event = arrives(case, mail("Back on Monday.", subject=subject, **headers))
    assert (case.state, case.next_due_at, case.customer_wrote_at) == before
    (entry,) = entries(case, Entry.Kind.AUTOMATIC)
    assert entry.text == "Back on Monday."
    assert not entries(case, Entry.Kind.CUSTOMER)
    assert Message.objects.get(kind="follow_up").state == "planned"
    assert "counts as no answer" in event.outcome
    assert not Fact.objects.filter(name="case.customer_replied").exists()


def test_an_automatic_reply_leaves_a_closed_case_closed(people: People) -> None:
    case = replied(people)
    case = operations.close_case(
        case=case, outcome=Outcome.NO_REPLY, actor=by(people.ana), now=REPLIED_AT
    )
    arrives(case, mail("Away.", subject="Out of office", Auto_Submitted="auto-replied"))
    assert case.state == State.CLOSED


def test_of_a_hundred_forged_addresses_none_opens_a_case(people: People) -> None:
    case = replied(people)
    chance = random.Random(5)
    local, domain = written.address_of(case).split("@")
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for _ in range(100):
        place = chance.randrange(len("case+"), len(local))
        letter = chance.choice(letters.replace(local[place], ""))
        forged = f"{local[:place]}{letter}{local[place + 1 :]}@{domain}"
        with pytest.raises(NotOurs):
            outreach.check_recipient(address=forged)
        with pytest.raises(NotOurs):
            outreach.receive(recipient=forged, raw=mail().as_bytes(), now=WROTE_AT)
    assert not InboundEvent.objects.exists()


def test_a_token_of_another_mailbox_opens_no_case(people: People) -> None:
    case = replied(people)
    message = Message.objects.get(stream=case.public_id)
    local = composition.headers.envelope_sender(message)
    with pytest.raises(NotOurs):
        outreach.check_recipient(address=local.replace("bounce+", "case+"))
    with pytest.raises(NotOurs):
        arrives(case, mail(), recipient="case@replies.example")


def test_nothing_is_kept_of_a_customer_who_was_erased(people: People) -> None:
    case = replied(people)
    type(case.contact).objects.filter(pk=case.contact_id).update(erased_at=NOW, email=None)
    with pytest.raises(NotOurs):
        outreach.receive(recipient=written.address_of(case), raw=mail().as_bytes(), now=WROTE_AT)


def test_somebody_else_at_the_customer_wakes_it_and_is_named(people: People) -> None:
    case = replied(people)
    event = arrives(case, mail("I answer for Nora.", sender="Tom <tom@quayside.example>"))
    (entry,) = entries(case, Entry.Kind.CUSTOMER)
    assert entry.sender == "tom@quayside.example"
    assert case.state == State.IN_PROGRESS
    assert event.outcome == "The words of tom@quayside.example are in the case."
    assert Fact.objects.get(name="case.customer_replied").actor == "system"


def test_what_a_member_sends_the_customer_from_her_mailbox_is_a_reply(people: People) -> None:
    case = replied(people)
    arrives(case, mail())
    own = mail(
        "I fixed it.",
        sender="Ana <ana@harbourline.example>",
        to=f"{NORA}, {written.address_of(case)}",
        mail_id="<two@harbourline.example>",
    )
    arrives(case, own, at=WROTE_AT + timedelta(hours=1))
    entry = entries(case, Entry.Kind.REPLY)[-1]
    assert (entry.text, entry.author) == ("I fixed it.", people.ana)
    assert case.customer_wrote_at is None
    assert case.state == State.IN_PROGRESS
    assert case.next_due_at == datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # five business days
    assert len(entries(case, Entry.Kind.CUSTOMER)) == 1


def test_what_a_member_sends_to_the_case_alone_is_a_note(people: People) -> None:
    """The customer never got it: it does not answer the case."""
    case = open_for(people, owner=people.ana)
    arrives(case, mail("Ask Max first.", sender="ana@harbourline.example"))
    assert [entry.text for entry in entries(case, Entry.Kind.NOTE)] == ["Ask Max first."]
    assert case.first_reply_at is None
    assert case.customer_wrote_at is None


def test_our_own_mail_that_comes_round_is_left_alone(people: People) -> None:
    case = replied(people)
    message = Message.objects.get(stream=case.public_id)
    event = arrives(case, mail("Hello", mail_id=message.message_id))
    assert "came round" in event.outcome
    assert not entries(case, Entry.Kind.CUSTOMER)


def test_a_bounce_that_comes_to_the_case_is_heard_as_one(people: People) -> None:
    case = replied(people)
    message = Message.objects.get(stream=case.public_id)
    arrives(case, returned.report(quoted=message.message_id, reader=NORA))
    assert Delivery.objects.get(message=message).kind == "bounced"
    assert not entries(case, Entry.Kind.CUSTOMER)
    assert case.state == State.WAITING


def test_a_wish_for_no_more_mail_holds_and_is_read_by_a_person(people: People) -> None:
    case = replied(people)
    arrives(case, mail("Please stop.", subject="unsubscribe"))
    assert Delivery.objects.get().kind == "unsubscribed"
    assert [entry.text for entry in entries(case, Entry.Kind.CUSTOMER)] == ["Please stop."]


def test_our_answer_ends_the_customers_turn(people: People) -> None:
    case = replied(people)
    arrives(case, mail())
    case = operations.reply(
        case=case, body="Fixed.", actor=by(people.ana), now=WROTE_AT + timedelta(hours=1)
    )
    assert case.customer_wrote_at is None


def test_mail_programs_see_one_conversation(people: People) -> None:
    case = replied(people)
    first = Message.objects.get(stream=case.public_id)
    assert "In-Reply-To" not in composition.compose(first).headers
    arrives(case, mail(mail_id="<nora.1@quayside.example>"))
    operations.reply(case=case, body="Fixed.", actor=by(people.ana), now=WROTE_AT)
    second = Message.objects.get(stream=case.public_id, step=2)
    headers = composition.compose(second).headers
    assert headers["In-Reply-To"] == "<nora.1@quayside.example>"
    assert headers["References"] == f"{first.message_id} <nora.1@quayside.example>"


def test_a_long_conversation_fits_on_the_line_of_its_header(people: People) -> None:
    case = replied(people)
    for number in range(30):
        arrives(case, mail(mail_id=f"<{number}.{'x' * 60}@quayside.example>"))
    operations.reply(case=case, body="Fixed.", actor=by(people.ana), now=WROTE_AT)
    second = Message.objects.get(stream=case.public_id, step=2)
    headers = composition.compose(second).headers
    assert len(headers["References"]) < 990
    assert headers["References"].endswith(headers["In-Reply-To"])


def test_a_poisoned_message_id_gets_into_no_header(people: People) -> None:
    case = replied(people)
    raw = b"From: " + NORA.encode() + b"\r\nSubject: x\r\nMessage-ID: <a\r\n b@x>\r\n\r\nHello."
    arrives(case, raw)
    (entry,) = entries(case, Entry.Kind.CUSTOMER)
    assert entry.mail_id == ""


def test_files_are_kept_with_their_words(people: People) -> None:
    case = replied(people)
    made = written.with_file(
        mail("See the picture."), "slow export.png", b"\x89PNG...", "image/png"
    )
    made = written.with_file(made, "../../etc/tool\u202efdp.exe", b"MZ\x90")
    arrives(case, made)
    files = list(Attachment.objects.order_by("id"))
    assert [file.name for file in files] == ["slow export.png", "toolfdp.exe"]
    assert [file.caution for file in files] == ["", "Can run as a program"]
    assert bytes(files[0].content) == b"\x89PNG..."
    assert files[0].size == 7
    assert [entry.text for entry in entries(case, Entry.Kind.CUSTOMER)] == ["See the picture."]


def test_ten_megabytes_of_files_come_in_and_more_is_refused(people: People) -> None:
    case = replied(people)
    large = written.with_file(mail("Here."), "film.mp4", bytes(10_000_000), "video/mp4")
    arrives(case, large)
    assert Attachment.objects.get().size == 10_000_000
    with pytest.raises(TooLarge):
        arrives(case, b"x" * 15_000_001)


def test_what_an_agent_writes_down_counts_as_the_customers_word(people: People) -> None:
    case = replied(people)
    case = operations.record_customer_message(
        case=case, text="She called.", actor=by(people.ana), now=WROTE_AT
    )
    assert case.customer_wrote_at == WROTE_AT


def test_their_last_word_stands_above_the_reply_until_it_is_answered(people: People) -> None:
    case = replied(people)
    ana = people.client(people.ana)
    where = f"/w/harbourline/inbox/{case.public_id}/"
    arrives(case, mail("The <b>export</b> is slow."))
    page = ana.get(where)
    assert page.context["act"] == "reply"
    assert page.content.decode().count("The &lt;b&gt;export&lt;/b&gt; is slow.") == 2
    operations.reply(case=case, body="Fixed.", actor=by(people.ana), now=WROTE_AT)
    assert "case-latest" not in ana.get(where).content.decode()
