"""What there is to send, and how it is counted."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach import operations, queries
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State, Suppression
from tests.outreach.post import Post, minutes
from tests.people import NOW, People


def test_planning_twice_plans_once(post: Post) -> None:
    draft = post.draft()
    assert post.plan(draft) == 1
    assert post.plan(draft, post.draft(kind="reminder", step=1)) == 1
    assert Message.objects.count() == 2


def test_a_contact_without_an_address_is_left_out(post: Post) -> None:
    erased = post.contact()
    erased.email = None
    assert post.plan(post.draft(erased)) == 0


def test_a_subject_is_one_line(post: Post) -> None:
    message = post.message(subject="One\r\nBcc: evil@example.com")
    assert message.subject == "One Bcc: evil@example.com"


def test_names_are_cleaned_on_the_way_in(post: Post) -> None:
    message = post.message(to_name="<b>Ana</b>\r\nhttp://evil.example", sender_name="Olivia\nByrne")
    assert message.to_name == "Ana"
    assert message.sender_name == "Olivia Byrne"


def test_cancelling_needs_to_know_what(post: Post) -> None:
    with pytest.raises(ValueError, match="stream"):
        operations.cancel_messages(workspace=post.workspace, why="x", now=NOW)


def test_cancelling_leaves_what_is_gone_and_what_others_wait_for(
    post: Post, memory: type[Memory]
) -> None:
    gone = post.message()
    post.send()
    waiting = post.message(kind="reminder", step=1)
    other = post.message(stream="wav_second")
    assert (
        operations.cancel_messages(
            workspace=post.workspace, stream="wav_first", why="Closed.", now=NOW
        )
        == 1
    )
    assert [post.state(m) for m in (gone, waiting, other)] == ["sent", "cancelled", "planned"]


def test_the_strongest_reason_is_told(post: Post, people: People) -> None:
    for reason in ("manual", "bounced", "complained", "unsubscribed"):
        operations.suppress(workspace=post.workspace, email="a@example.com", reason=reason, now=NOW)
    operations.suppress(workspace=post.workspace, email="b@example.com", reason="erased", now=NOW)
    found = queries.suppression_reasons(
        workspace=post.workspace, emails=["a@example.com", "b@example.com", "c@example.com"]
    )
    assert found == {"a@example.com": "complained", "b@example.com": "erased"}
    assert not queries.suppression_reasons(workspace=people.elsewhere, emails=["a@example.com"])


def test_an_address_is_kept_only_as_a_hash(post: Post) -> None:
    operations.suppress(workspace=post.workspace, email="a@example.com", reason="manual", now=NOW)
    row = Suppression.objects.get()
    assert "example" not in row.address_hash
    assert len(row.address_hash) == 64


def test_a_bounce_that_is_reported_twice_counts_once(post: Post) -> None:
    message = post.sent()
    for _ in range(2):
        post.hear(message, "bounced", detail="550 5.1.1", blames_address=True)
    assert Fact.objects.filter(name="message.bounced").count() == 1


def test_people_are_counted_not_mails(post: Post, memory: type[Memory]) -> None:
    """One of each fate; a reminder changes nothing for whoever was reached before."""
    fates = {
        "Sent": State.SENT, "Bounced": State.SENT, "Doubt": State.IN_DOUBT,
        "Failed": State.FAILED, "Suppressed": State.SUPPRESSED, "Expired": State.EXPIRED,
        "Cancelled": State.CANCELLED, "Unsubscribed": State.SENT, "Waiting": State.PLANNED,
    }  # fmt: skip
    rows = {name: post.message(post.contact(f"{name} Guest")) for name in fates}
    for name, state in fates.items():
        Message.objects.filter(pk=rows[name].pk).update(state=state)
    post.message(rows["Sent"].contact, kind="reminder", step=1)
    cancelled = post.message(rows["Unsubscribed"].contact, kind="reminder", step=1)
    post.hear(rows["Bounced"], "bounced", is_permanent=False)
    operations.unsubscribe(message=rows["Unsubscribed"], now=NOW)
    assert post.state(cancelled) == State.CANCELLED
    post.message(rows["Sent"].contact, kind="reply", subject="x", body="y")  # asks nothing
    counts = queries.delivery_counts(workspace=post.workspace, streams=["wav_first"])
    assert counts == {
        "planned": 9, "sent": 3, "delivered": 2, "bounced": 1, "waiting": 1, "suppressed": 1,
        "failed": 1, "in_doubt": 1, "cancelled": 1, "expired": 1, "unsubscribed": 1,
    }  # fmt: skip


def test_counts_of_nothing_are_nought(post: Post) -> None:
    counts = queries.delivery_counts(workspace=post.workspace, streams=[])
    assert set(counts.values()) == {0}


def test_a_refusal_at_the_door_counts_as_sent_and_bounced(post: Post) -> None:
    message = post.message()
    Message.objects.filter(pk=message.pk).update(state=State.FAILED)
    post.hear(message, "bounced")
    counts = queries.delivery_counts(workspace=post.workspace, streams=["wav_first"])
    assert (counts["sent"], counts["bounced"], counts["failed"]) == (1, 1, 0)


def test_a_stranger_finds_no_message(post: Post, people: People) -> None:
    message = post.message()
    with pytest.raises(NotFound):
        queries.get_message(workspace=people.elsewhere, public_id=message.public_id)


def test_messages_are_found_by_name_address_and_state(post: Post) -> None:
    ana, ben = post.message(), post.message(post.contact("Ben Ito"), kind="heads_up")
    Message.objects.filter(pk=ben.pk).update(state=State.FAILED)

    def found(**asked: str) -> list[Message]:
        return list(queries.list_messages(workspace=post.workspace, **asked))

    assert found(search="LIMA") == [ana]
    assert found(search="ben example.com") == [ben]
    assert found(search="nobody") == []
    assert found(kind="heads_up") == [ben]
    assert found(state="failed") == found(state="problems") == [ben]
    assert found(state="waiting") == [ana]


def test_a_failed_message_is_sent_again_by_decision_only(
    post: Post, people: People, memory: type[Memory]
) -> None:
    from afterscore.domain.events import Actor

    actor = Actor("member", people.ana.public_id)
    message = post.message()
    with pytest.raises(Refused, match="failed or is in doubt"):
        operations.send_again(message=message, actor=actor, now=NOW)
    Message.objects.filter(pk=message.pk).update(state=State.IN_DOUBT, failures=3, attempt=4)
    message.refresh_from_db()
    operations.send_again(message=message, actor=actor, now=NOW)
    assert post.send() == 1
    fact = Fact.objects.get(name="message.requeued")
    assert (fact.payload, fact.actor) == ({"was": "in_doubt"}, str(actor))


def test_an_answer_clears_the_doubt_and_cancels_what_waits(post: Post) -> None:
    message, other = post.message(), post.message(stream="wav_second")
    Message.objects.update(state=State.IN_DOUBT, handed_at=NOW)
    reminder = post.message(kind="reminder", step=1)
    for _ in range(2):
        operations.mark_answered(
            workspace=post.workspace, stream="wav_first", contact=message.contact
        )
    states = [post.state(row) for row in (message, reminder, other)]
    assert states == [State.SENT, State.CANCELLED, State.IN_DOUBT]
    assert (message.sent_at, message.reason, reminder.reason) == (NOW, "", "Answered.")


def test_a_bounce_before_a_second_sending_does_not_count_against_it(post: Post) -> None:
    message = post.message()
    Message.objects.update(state=State.FAILED)
    post.hear(message, "bounced")
    later = NOW + minutes(1)
    Message.objects.update(state=State.SENT, handed_at=later, sent_at=later)
    counts = queries.delivery_counts(workspace=post.workspace, streams=["wav_first"])
    assert (counts["delivered"], counts["bounced"]) == (1, 0)


def test_overdue_messages_are_told_with_their_reason(post: Post) -> None:
    message = post.message()
    assert queries.find_overdue(workspace=post.workspace, now=NOW + minutes(14)) is None
    Message.objects.filter(pk=message.pk).update(reason="The mail server does not answer.")
    overdue = queries.find_overdue(workspace=post.workspace, now=NOW + minutes(16))
    assert overdue == queries.Overdue(1, "The mail server does not answer.")


def test_a_thousand_are_planned_and_kept_in_a_moment(post: Post, people: People) -> None:
    contacts = Contact.objects.bulk_create(
        Contact(
            workspace=people.workspace, email=f"guest{n}@example.com", name=f"Guest {n}",
            created_at=NOW, updated_at=NOW,
        )
        for n in range(1_000)
    )  # fmt: skip
    started = time.perf_counter()
    assert post.plan(*(post.draft(contact) for contact in contacts)) == 1_000
    assert post.send(NOW + timedelta(minutes=1)) == 1_000
    assert time.perf_counter() - started < 5  # well under a second alone
