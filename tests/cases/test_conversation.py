"""Replies, calls, notes and what the customer says back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afterscore.cases import operations
from afterscore.cases.models import Case, Entry
from afterscore.domain.casework import Outcome, State
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Kind, Message
from afterscore.outreach.models import State as MessageState
from tests.cases.answers import by, open_for
from tests.people import NOW, People

LATER = NOW + timedelta(hours=2)
IN_FIVE_BUSINESS_DAYS = datetime(2026, 5, 11, 11, 0, tzinfo=UTC)


def replied(people: People, **options: Any) -> Case:
    case = open_for(people, comment="It is slow.", owner=people.ana)
    return operations.reply(
        case=case, body="Hello {{ first_name }}.", actor=by(people.ana), now=LATER, **options
    )


def test_a_reply_is_a_personal_mail_of_the_member_who_writes(people: People) -> None:
    case = open_for(people, comment="It is slow.", owner=people.ana)
    operations.reply(
        case=case, subject="Hello", body="Hi {{ first_name }}.", actor=by(people.max), now=LATER
    )
    message = Message.objects.get(stream=case.public_id)
    assert (message.kind, message.step, message.send_window) == (Kind.REPLY, 1, "always")
    assert (message.sender_name, message.sender_email) == ("Max", "max@harbourline.example")
    assert (message.to_name, message.due_at) == ("Nora Lindqvist", LATER)
    assert (message.fields["score"], message.fields["comment"]) == (3, "It is slow.")
    assert composition.compose(message).subject == "Hello"
    assert "Hi Nora." in composition.compose(message).text


def test_a_machine_replies_in_the_name_of_the_owner(people: People) -> None:
    case = open_for(people, owner=people.ana)
    operations.reply(case=case, body="Hello.", actor=Actor("key", "key_1"), now=LATER)
    assert Message.objects.get(stream=case.public_id).sender_name == "Ana"


def test_a_reply_answers_the_case_and_waits_for_the_customer(people: People) -> None:
    case = replied(people)
    assert (case.state, case.first_reply_at) == (State.WAITING, LATER)
    assert case.next_due_at == IN_FIVE_BUSINESS_DAYS
    entry = Entry.objects.filter(case=case, kind=Entry.Kind.REPLY).get()
    assert (entry.author, entry.text) == (people.ana, "Hello Nora.")
    fact = Fact.objects.get(name="case.replied")
    assert entry.message is not None
    assert fact.payload == {"message": entry.message.public_id}


def test_a_reply_that_does_not_wait_keeps_the_case_at_work(people: People) -> None:
    case = replied(people, waits=False)
    assert case.state == State.IN_PROGRESS
    assert case.next_due_at == datetime(2026, 5, 5, 11, 0, tzinfo=UTC)  # one business day


def test_the_first_reply_stays_the_first(people: People) -> None:
    case = replied(people)
    again = operations.reply(
        case=case, body="One more thing.", actor=by(people.ana), now=LATER + timedelta(days=1)
    )
    assert again.first_reply_at == LATER
    steps = Message.objects.filter(stream=case.public_id).order_by("step")
    assert [message.step for message in steps] == [1, 2]


def test_without_a_subject_the_language_has_one(people: People) -> None:
    case = open_for(people, language="de-AT", owner=people.ana)
    operations.reply(case=case, body="Guten Tag.", actor=by(people.ana), now=LATER)
    assert Message.objects.get(stream=case.public_id).subject == "Ihre Antwort an Harbourline"


@pytest.mark.parametrize("body", ["", "  \n", "Hi {{ password }}", "{% for x in y %}"])
def test_an_empty_or_wrong_text_is_refused_and_nothing_changes(people: People, body: str) -> None:
    case = open_for(people, owner=people.ana)
    with pytest.raises(Refused) as refusal:
        operations.reply(case=case, body=body, actor=by(people.ana), now=LATER)
    assert refusal.value.field == "body"
    case.refresh_from_db()
    assert (case.state, case.first_reply_at) == (State.NEW, None)
    assert not Message.objects.filter(stream=case.public_id).exists()


def test_a_customer_without_mail_is_called(people: People) -> None:
    case = open_for(people, owner=people.ana)
    outreach.suppress(
        workspace=people.workspace,
        email=str(case.contact.email),
        reason="bounced",
        source="test",
        now=NOW,
    )
    with pytest.raises(Refused, match="bounced"):
        operations.reply(case=case, body="Hello.", actor=by(people.ana), now=LATER)
    case.contact.email = None
    case.contact.save()
    with pytest.raises(Refused, match="no e-mail address"):
        operations.reply(case=case, body="Hello.", actor=by(people.ana), now=LATER)


def test_whoever_answers_a_case_nobody_has_owns_it(people: People) -> None:
    case = open_for(people)
    Case.objects.update(owner=None)
    with pytest.raises(Refused, match="no owner"):
        operations.reply(case=case, body="Hello.", actor=SYSTEM, now=LATER)
    assert (
        operations.reply(case=case, body="Hello.", actor=by(people.ana), now=LATER).owner
        == people.ana
    )


def test_a_closed_case_is_reopened_before_one_writes(people: People) -> None:
    case = open_for(people)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    with pytest.raises(Refused, match="Reopen it first"):
        operations.reply(case=case, body="Hello.", actor=by(people.ana), now=LATER)


# --- automated follow-ups ------------------------------------------------------------------------


def follow_ups(case: Case) -> list[Message]:
    return list(
        Message.objects.filter(stream=case.response.public_id, kind=Kind.FOLLOW_UP).order_by("step")
    )


def test_a_follow_up_goes_when_the_customer_stays_silent(people: People) -> None:
    case = replied(people, follows_up=True)
    [message] = follow_ups(case)
    assert (message.due_at, message.send_window) == (IN_FIVE_BUSINESS_DAYS, "business_hours")
    assert message.sender_name == "Ana"
    assert "Some days ago I wrote to you" in composition.compose(message).text


@pytest.mark.parametrize("deed", ["customer", "call", "reply", "close"])
def test_a_follow_up_nobody_needs_any_more_is_cancelled(people: People, deed: str) -> None:
    case = replied(people, follows_up=True)
    when: dict[str, Any] = {"actor": by(people.ana), "now": LATER + timedelta(days=1)}
    match deed:
        case "customer":
            operations.record_customer_message(case=case, text="Yes, thanks.", **when)
        case "call":
            operations.log_call(case=case, outcome=Entry.Call.REACHED, **when)
        case "reply":
            operations.reply(case=case, body="One more thing.", **when)
        case _:
            operations.close_case(case=case, outcome=Outcome.SOLVED, **when)
    [message] = follow_ups(case)
    assert message.state == MessageState.CANCELLED
    assert not Message.objects.filter(kind=Kind.REPLY, state=MessageState.CANCELLED).exists()


def test_a_follow_up_needs_an_open_case(people: People) -> None:
    case = open_for(people)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    with pytest.raises(Refused, match="finished"):
        operations.plan_follow_up(case=case, actor=SYSTEM, now=LATER)


# --- calls and notes -----------------------------------------------------------------------------


def test_a_call_that_reached_somebody_answers_the_case(people: People) -> None:
    case = operations.log_call(
        case=open_for(people),
        outcome=Entry.Call.REACHED,
        text="Wants a faster import.",
        minutes=12,
        actor=by(people.ana),
        now=LATER,
    )
    assert (case.state, case.first_reply_at, case.minutes) == (State.IN_PROGRESS, LATER, 12)
    assert case.next_due_at == IN_FIVE_BUSINESS_DAYS
    entry = Entry.objects.filter(case=case).latest("id")
    assert (entry.kind, entry.call, entry.minutes) == ("call", "reached", 12)


@pytest.mark.parametrize("outcome", [Entry.Call.NOT_REACHED, Entry.Call.LEFT_MESSAGE])
def test_an_attempt_starts_the_case_and_leaves_its_deadline(people: People, outcome: str) -> None:
    case = open_for(people)
    tried = operations.log_call(
        case=case, outcome=Entry.Call(outcome), actor=by(people.ana), now=LATER
    )
    assert (tried.state, tried.first_reply_at) == (State.IN_PROGRESS, None)
    assert tried.next_due_at == case.due_at
    again = operations.log_call(
        case=case, outcome=Entry.Call(outcome), actor=by(people.ana), now=LATER
    )
    assert again.state == State.IN_PROGRESS


def test_nobody_spends_more_than_a_day_on_one_call(people: People) -> None:
    with pytest.raises(Refused) as refusal:
        operations.log_call(
            case=open_for(people),
            outcome=Entry.Call.REACHED,
            minutes=1441,
            actor=by(people.ana),
            now=LATER,
        )
    assert refusal.value.field == "minutes"


def test_a_note_changes_nothing_but_the_history(people: People) -> None:
    case = open_for(people)
    noted = operations.add_note(
        case=case, text=" Ask Max first. ", minutes=3, actor=by(people.ana), now=LATER
    )
    assert (noted.state, noted.next_due_at, noted.minutes) == (State.NEW, case.next_due_at, 3)
    assert Entry.objects.filter(case=case).latest("id").text == "Ask Max first."
    with pytest.raises(Refused):
        operations.add_note(case=case, text=" ", actor=by(people.ana), now=LATER)


def test_what_the_customer_writes_makes_the_case_due_again(people: People) -> None:
    case = replied(people)
    heard = operations.record_customer_message(
        case=case, text="Tomorrow at ten?", actor=by(people.ana), now=LATER
    )
    assert heard.state == State.IN_PROGRESS
    assert heard.next_due_at == datetime(2026, 5, 5, 11, 0, tzinfo=UTC)
    with pytest.raises(Refused):
        operations.record_customer_message(case=case, text="", actor=by(people.ana), now=LATER)


def test_the_customer_s_word_reopens_a_closed_case(people: People) -> None:
    case = open_for(people)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    back = operations.record_customer_message(
        case=case, text="It is back.", actor=by(people.ana), now=LATER
    )
    assert (back.state, back.closed_at) == (State.REOPENED, None)
    assert back.next_due_at is not None


# --- assigning -----------------------------------------------------------------------------------


def test_a_case_is_handed_over_once(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for _ in range(2):
        case = operations.assign(case=case, owner=people.max, actor=by(people.ana), now=LATER)
    assert case.owner == people.max
    entry = Entry.objects.filter(case=case).latest("id")
    assert entry.text == "Handed over from Ana to Max."
    assert (
        Fact.objects.filter(name="case.assigned", payload__owner=people.max.public_id).count() == 1
    )


@pytest.mark.parametrize("who", ["vic", "eve"])
def test_only_members_who_answer_customers_own_cases(people: People, who: str) -> None:
    case = open_for(people, owner=people.ana)
    with pytest.raises(Refused) as refusal:
        operations.assign(case=case, owner=getattr(people, who), actor=by(people.ana), now=LATER)
    assert refusal.value.field == "owner"
