"""The link at the foot: looking changes nothing, posting unsubscribes."""

from __future__ import annotations

import pytest
from django.test import Client

from afterscore.journal.models import Fact
from afterscore.kit import clock, signing
from afterscore.outreach import queries
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, Message, State, Suppression
from tests.outreach.post import Post, minutes
from tests.people import NOW


def address_of(message: Message) -> str:
    return f"/u/{signing.sign('unsubscribe', message.public_id)}"


@pytest.fixture
def reader() -> Client:
    """Enforces what a browser without any cookie of ours would meet."""
    return Client(enforce_csrf_checks=True)


def reasons(post: Post, message: Message) -> dict[str, str]:
    return queries.suppression_reasons(workspace=post.workspace, emails=[message.to_email])


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(post: Post, reader: Client, method: str) -> None:
    message = post.message()
    facts = Fact.objects.count()
    for _ in range(5):
        assert getattr(reader, method)(address_of(message)).status_code == 200
    assert not Suppression.objects.exists()
    assert not Delivery.objects.exists()
    assert Fact.objects.count() == facts
    assert post.state(message) == State.PLANNED


@pytest.mark.parametrize("method", ["options", "put", "delete", "patch"])
def test_other_methods_are_refused(post: Post, reader: Client, method: str) -> None:
    message = post.message()
    assert getattr(reader, method)(address_of(message)).status_code == 405
    assert not Suppression.objects.exists()


ONE_CLICK = "List-Unsubscribe=One-Click"
FORMS = {
    "urlencoded": {"data": ONE_CLICK, "content_type": "application/x-www-form-urlencoded"},
    "multipart": {"data": {"List-Unsubscribe": "One-Click"}},
    "empty": {"data": b"", "content_type": "application/x-www-form-urlencoded"},
    "no type": {"data": b"", "content_type": ""},
    "plain": {"data": ONE_CLICK, "content_type": "text/plain"},
    "broken multipart": {"data": b"--x", "content_type": "multipart/form-data; boundary=y"},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_posting_unsubscribes_whatever_the_body(post: Post, reader: Client, form) -> None:
    message = post.message()
    for _ in range(2):  # safe to repeat
        answer = reader.post(address_of(message), **form)
        assert answer.status_code == 200
        assert "Location" not in answer
        assert not answer.cookies
    assert reasons(post, message) == {message.to_email: "unsubscribed"}
    assert Fact.objects.filter(name="contact.unsubscribed").count() == 1
    assert Delivery.objects.filter(kind="unsubscribed", message=message).count() == 1


def test_unsubscribing_cancels_everything_that_waits_for_this_reader(
    post: Post, reader: Client, memory: type[Memory]
) -> None:
    sent = post.message()
    post.send()
    reminder = post.message(kind="reminder", step=1, due_at=NOW + minutes(5))
    other_wave = post.message(stream="wav_second", due_at=NOW + minutes(5))
    somebody_else = post.message(post.contact("Ben Ito"), due_at=NOW + minutes(5))
    reader.post(address_of(sent))
    assert [post.state(m) for m in (sent, reminder, other_wave)] == ["sent", *["cancelled"] * 2]
    assert post.send(NOW + minutes(6)) == 1
    assert post.state(somebody_else) == State.SENT


def test_whoever_unsubscribes_has_read_the_message(post: Post, reader: Client) -> None:
    message = post.message()
    Message.objects.filter(pk=message.pk).update(state=State.IN_DOUBT, handed_at=NOW)
    reader.post(address_of(message))
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, NOW)


def test_the_new_address_of_the_same_person_is_covered(post: Post, reader: Client) -> None:
    message = post.message()
    message.contact.email = "ana@new.example.com"
    message.contact.save()
    with clock.at(NOW):
        reader.post(address_of(message))
    assert queries.suppression_reasons(
        workspace=post.workspace, emails=["ana@new.example.com", "ana.lima@example.com"]
    ) == {"ana@new.example.com": "unsubscribed", "ana.lima@example.com": "unsubscribed"}


def test_the_link_of_an_erased_reader_still_works(post: Post, reader: Client) -> None:
    message = post.message()
    message.contact.email = None
    message.contact.save()
    assert reader.post(address_of(message)).status_code == 200
    assert reasons(post, message)


def test_the_page_speaks_the_readers_language(post: Post, reader: Client) -> None:
    message = post.message(language="ar")
    page = reader.get(address_of(message)).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "إلغاء الاشتراك" in page
    assert 'method="post"' in page
    done = reader.post(address_of(message)).content.decode()
    assert "تم إلغاء اشتراكك" in done
    assert "أشارك بانتظام" in done  # and may change their mind
    assert done.count('type="submit"') == 1


@pytest.mark.parametrize(
    "token",
    ["x", "msg_x.y", signing.sign("survey", "msg_x"), signing.sign("unsubscribe", "msg_gone")],
)
def test_a_link_that_is_not_ours_changes_nothing(post: Post, reader: Client, token: str) -> None:
    post.message()
    for answer in (reader.get(f"/u/{token}"), reader.post(f"/u/{token}")):
        assert answer.status_code == 404
    assert not Suppression.objects.exists()


def test_a_token_of_a_survey_does_not_unsubscribe(post: Post, reader: Client) -> None:
    message = post.message()
    other = signing.sign("survey", message.public_id)
    assert reader.post(f"/u/{other}").status_code == 404
    assert not Suppression.objects.exists()


def test_the_link_is_kept_out_of_caches_and_referrers(post: Post, reader: Client) -> None:
    answer = reader.get(address_of(post.message()))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
