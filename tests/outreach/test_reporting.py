"""What mail providers report: the door, and what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from afterscore.domain.events import SYSTEM
from afterscore.kit import clock, jobs
from afterscore.outreach import operations, queries
from afterscore.outreach.channels import providers, reports
from afterscore.outreach.channels.reports import Envelope, Garbled
from afterscore.outreach.models import Delivery, InboundEvent, MailRoute, Message, State
from tests.outreach import reporters
from tests.outreach.post import Post
from tests.people import NOW, People

AT = int(NOW.timestamp())
# Opened, says a newer anymail; neither an opening nor what is unknown has a consequence here.
NOT_KNOWN_YET = {
    "tests.test_sparkpost_webhooks.SparkPostDeliveryTestCase.test_initial_open_event_as_opened"
}


def make_route(people: People, provider: str, **changes: Any) -> MailRoute:
    entered = {
        each.name: each.choices[0][0] if each.choices else "https://postal.example.com"
        for each in providers.PROVIDERS[provider].settings
        if each.is_required
    }
    signed_by = providers.PROVIDERS[provider].is_signed_by
    if signed_by:
        entered[signed_by] = reporters.secret_of(provider)
    return operations.create_route(
        workspace=people.workspace, name=provider, provider=provider, addresses=[],
        entered={**entered, **changes}, actor=SYSTEM, now=NOW,
    )  # fmt: skip


@pytest.fixture
def queue(people: People) -> Iterator[jobs.InlineQueue]:
    """Jobs run when the test says so."""
    with clock.at(NOW), jobs.inline() as waiting:
        yield waiting


def post_to(route: MailRoute, post: reporters.Post, *, address: str = "") -> int:
    """As a provider does: without a cookie, to the address that was copied from the page."""
    path = (address or queries.report_address(route)).removeprefix("http://localhost:8000")
    answer = Client(enforce_csrf_checks=True).post(
        path[path.index("/reports/") :], post.content, content_type=post.content_type,
        headers=dict(post.headers),
    )  # fmt: skip
    return answer.status_code


def of(reporter: str, said: Any, route: MailRoute, key: str = reporters.KEY) -> reporters.Post:
    make: reporters.Reporter = reporters.SIGNED.get(reporter, reporters.unsigned)
    return make(said, url=queries.report_address(route), at=AT, key=key)


def sent_by(post: Post, route: MailRoute, name: str = "esp-1", **changes: Any) -> Message:
    message = post.sent(**changes)
    Message.objects.filter(pk=message.pk).update(route=route, provider_id=name)
    return message


def postmark(kind: str, name: str, to: str, **more: Any) -> dict[str, Any]:
    return {
        "RecordType": kind, "MessageID": name, "Recipient": to, "Email": to,
        "DeliveredAt": "2026-05-04T08:00:00Z", "BouncedAt": "2026-05-04T08:00:00Z",
        **more,
    }  # fmt: skip


@pytest.mark.parametrize("provider", reporters.SIGNED)
def test_a_bounce_in_each_providers_words_stops_the_address(
    people: People, post: Post, queue, provider: str
) -> None:
    route = make_route(people, provider)
    message = sent_by(post, route)
    said = reporters.bounce(
        provider, name="esp-1", own=message.public_id, to=message.to_email, at=AT
    )
    assert post_to(route, of(provider, said, route)) == 200
    queue.run()
    heard = Delivery.objects.get()
    assert (heard.kind, heard.is_permanent, heard.message_id) == ("bounced", True, message.pk)
    assert "User unknown" in heard.detail
    assert queries.suppression_reasons(workspace=people.workspace, emails=[message.to_email]) == {
        message.to_email: "bounced"
    }
    assert InboundEvent.objects.get().outcome == "1 heard"


@pytest.mark.parametrize("provider", reporters.SIGNED)
def test_what_is_signed_with_another_key_is_refused_and_counted(
    people: People, post: Post, queue, provider: str
) -> None:
    route = make_route(people, provider)
    message = sent_by(post, route)
    said = reporters.bounce(
        provider, name="esp-1", own=message.public_id, to=message.to_email, at=AT
    )
    right, wrong = of(provider, said, route), of(provider, said, route, "another key")
    attempts = [
        wrong,
        reporters.Post(
            right.content.replace(b"esp-1", b"esp-2"), right.content_type, right.headers
        ),
        reporters.Post(b"[]", "application/json"),
        reporters.Post(b"\xff\x00{", "application/json", right.headers),
    ]
    if provider not in {"unisender_go", "mailgun"}:
        attempts.append(reporters.Post(right.content, right.content_type))
    if provider == "mailgun":  # it signs the instant and a token, not the content
        attempts.pop(1)
    assert [post_to(route, each) for each in attempts] == [403] * len(attempts)
    queue.run()
    route.refresh_from_db()
    assert route.forged_reports == len(attempts)
    assert route.forged_at == NOW
    assert not InboundEvent.objects.exists()
    assert not Delivery.objects.exists()


def test_an_old_signature_is_refused(people: People, post: Post, queue) -> None:
    route = make_route(people, "resend")
    said = reporters.bounce("resend", name="x", own="", to="a@example.com", at=AT)
    late = reporters.resend(said, url="", at=AT - 301, key=reporters.KEY)
    assert post_to(route, late) == 403


def test_an_address_that_was_made_up_is_refused_and_counted(people: People, queue) -> None:
    route = make_route(people, "postmark")
    for token in (f"{route.public_id}.0.AAAA", f"{route.public_id}.0", "x", "rte_nobody.0.AAAA"):
        assert post_to(route, of("postmark", {}, route), address=f"/reports/{token}") == 403
    route.refresh_from_db()
    assert route.forged_reports == 2
    assert not InboundEvent.objects.exists()


def test_after_a_renewal_the_old_address_is_refused_and_the_new_one_works(
    people: People, queue
) -> None:
    route = make_route(people, "postmark")
    old = queries.report_address(route)
    operations.renew_report_address(route=route, actor=SYSTEM, now=NOW)
    said = of("postmark", postmark("Delivery", "x", "a@example.com"), route)
    assert queries.report_address(route) != old
    assert post_to(route, said, address=old) == 403
    assert post_to(route, said) == 200


def test_the_address_stays_when_the_route_changes(people: People) -> None:
    route = make_route(people, "postmark")
    operations.renew_report_address(route=route, actor=SYSTEM, now=NOW)
    address = queries.report_address(route)
    operations.change_route(
        route=route, name="Renamed", addresses=[], entered={}, per_minute=9, is_active=True,
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    route.refresh_from_db()
    assert queries.report_address(route) == address


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_address_changes_nothing(people: People, queue, method: str) -> None:
    path = queries.report_address(make_route(people, "mandrill"))
    path = path[path.index("/reports/") :]
    assert getattr(Client(), method)(path).status_code == 200
    assert getattr(Client(), method)("/reports/rte_x.0.AAAA").status_code == 403
    assert not InboundEvent.objects.exists()


def test_the_same_request_again_is_kept_once(people: People, post: Post, queue) -> None:
    route = make_route(people, "postmark")
    message = sent_by(post, route)
    said = of("postmark", postmark("Delivery", "esp-1", message.to_email), route)
    assert [post_to(route, said) for _ in range(4)] == [200] * 4
    assert queue.run() == 1
    assert InboundEvent.objects.count() == Delivery.objects.count() == 1


def test_the_same_event_in_another_request_is_known_already(
    people: People, post: Post, queue
) -> None:
    route = make_route(people, "sendgrid")
    message = sent_by(post, route)
    said = reporters.bounce(
        "sendgrid", name="esp-1", own=message.public_id, to=message.to_email, at=AT
    )
    for batch in (said, [*said, {**said[0], "sg_event_id": "evt-2", "event": "delivered"}]):
        post_to(route, of("sendgrid", batch, route))
    queue.run()
    outcomes = InboundEvent.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["1 heard", "1 heard, 1 known already"]


def test_reports_of_a_route_are_not_heard_in_another_workspace(
    people: People, post: Post, queue
) -> None:
    """However well its provider knows our message's name."""
    message = sent_by(post, make_route(people, "postmark"))
    theirs = operations.create_route(
        workspace=people.elsewhere, name="Theirs", provider="postmark", addresses=[],
        entered={"server_token": "theirs"}, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    said = postmark(
        "SpamComplaint", "esp-1", message.to_email, Metadata={"message": message.public_id}
    )
    post_to(theirs, of("postmark", said, theirs))
    queue.run()
    assert not Delivery.objects.exists()
    assert [row.unmatched for row in queries.list_unmatched(route=theirs)] == [1]


def test_what_is_about_nobody_is_listed_and_finds_its_message_later(
    people: People, post: Post, queue
) -> None:
    """The report may be faster than the answer to the request that it is about."""
    route = make_route(people, "postmark")
    message = sent_by(post, route, name="")
    post_to(route, of("postmark", postmark("Delivery", "esp-7", message.to_email), route))
    queue.run()
    [row] = queries.list_unmatched(route=route)
    assert row.outcome == "1 about no message that was sent from here"
    Message.objects.filter(pk=message.pk).update(provider_id="esp-7")
    operations.hear_again(now=NOW + timedelta(minutes=5))
    assert not queries.list_unmatched(route=route)
    assert Delivery.objects.get().message_id == message.pk
    assert operations.hear_again(now=NOW + timedelta(minutes=5)) == 0


def test_what_was_kept_and_never_read_is_read_later(people: People, post: Post, queue) -> None:
    route = make_route(people, "postmark")
    message = sent_by(post, route)
    post_to(route, of("postmark", postmark("Delivery", "esp-1", message.to_email), route))
    queue.jobs.clear()  # the job is lost
    operations.hear_again(now=NOW + timedelta(minutes=6))
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("said", [[1, 2], {"RecordType": 5}, "words", None, {"MessageID": [1]}])
def test_what_cannot_be_read_is_kept_and_listed(people: People, queue, said: Any) -> None:
    route = make_route(people, "postmark")
    assert post_to(route, of("postmark", said, route)) == 200
    queue.run()
    row = InboundEvent.objects.get()
    assert row.processed_at is not None
    assert row.outcome


@given(content=st.binary(max_size=300), provider=st.sampled_from(sorted(providers.PROVIDERS)))
@settings(max_examples=150, deadline=None)
def test_no_content_breaks_the_reading(content: bytes, provider: str) -> None:
    if not providers.PROVIDERS[provider].reports:
        return
    try:
        reports.read(providers.PROVIDERS[provider], Envelope(content, "application/json", ""))
    except Garbled as error:
        assert str(error)  # noqa: PT017


def test_too_large_a_request_is_refused(people: People, queue, monkeypatch) -> None:
    from afterscore.outreach import public

    monkeypatch.setattr(public, "MOST_OF_A_REPORT", 10)
    route = make_route(people, "postmark")
    assert post_to(route, reporters.Post(b"x" * 11)) == 413
    assert not InboundEvent.objects.exists()


def test_a_batch_larger_than_a_form_may_be_is_read(people: People, post: Post, queue) -> None:
    route = make_route(people, "mandrill")
    message = sent_by(post, route)
    [said] = reporters.bounce(
        "mandrill", name="esp-1", own=message.public_id, to=message.to_email, at=AT
    )
    many = [{**said, "padding": "x" * 1_000}] * 400
    assert post_to(route, of("mandrill", many, route)) == 200
    queue.run()
    assert InboundEvent.objects.get().outcome == "1 heard, 399 known already"


@pytest.mark.parametrize("kind", ["Delivery", "SpamComplaint"])
def test_news_of_a_message_in_doubt_ends_the_doubt(
    people: People, post: Post, queue, kind: str
) -> None:
    route = make_route(people, "postmark")
    message = sent_by(post, route, name="")
    Message.objects.filter(pk=message.pk).update(state=State.IN_DOUBT)
    said = postmark(kind, "esp-9", message.to_email, Metadata={"message": message.public_id})
    post_to(route, of("postmark", said, route))
    queue.run()
    assert post.state(message) == State.SENT


def test_that_the_provider_has_it_ends_the_doubt_too(people: People, post: Post, queue) -> None:
    route = make_route(people, "sendgrid")
    message = sent_by(post, route, name="")
    Message.objects.filter(pk=message.pk).update(state=State.IN_DOUBT)
    said = [{"event": "processed", "message": message.public_id, "email": message.to_email,
             "sg_event_id": "e", "timestamp": AT}]  # fmt: skip
    post_to(route, of("sendgrid", said, route))
    queue.run()
    assert post.state(message) == State.SENT
    assert not Delivery.objects.exists()


def test_a_bounce_of_somebody_else_does_not_stop_the_reader(
    people: People, post: Post, queue
) -> None:
    route = make_route(people, "sendgrid")
    message = sent_by(post, route)
    said = reporters.bounce(
        "sendgrid", name="esp-1", own=message.public_id, to="moved@elsewhere.example", at=AT
    )
    post_to(route, of("sendgrid", said, route))
    queue.run()
    assert Delivery.objects.get().kind == "bounced"
    assert not queries.suppression_reasons(workspace=people.workspace, emails=[message.to_email])


def test_amazons_question_is_answered_yes_to_amazon_alone(
    people: People, queue, monkeypatch
) -> None:
    asked: list[str] = []

    class Yes:
        def raise_for_status(self) -> None:
            """200."""

    def get(url: str, **_options: object) -> Yes:
        asked.append(url)
        return Yes()

    monkeypatch.setattr(requests, "get", get)
    route = make_route(people, "amazon_ses")
    good = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"
    for url in (
        "http://sns.eu-west-1.amazonaws.com/", "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://evil.example/sns.eu-west-1.amazonaws.com", "https://127.0.0.1/",
        "https://sns.eu-west-1.amazonaws.com@evil.example/", good,
    ):  # fmt: skip
        said = {"Type": "SubscriptionConfirmation", "SubscribeURL": url}
        assert post_to(route, of("amazon_ses", said, route)) == 200
    queue.run()
    assert asked == [good]


def test_old_reports_are_forgotten_and_what_was_heard_stays(
    people: People, post: Post, queue
) -> None:
    route = make_route(people, "postmark")
    message = sent_by(post, route)
    post_to(route, of("postmark", postmark("Delivery", "esp-1", message.to_email), route))
    queue.run()
    assert operations.forget_old_reports(now=NOW + timedelta(days=29)) == 0
    assert operations.forget_old_reports(now=NOW + timedelta(days=31)) == 1
    assert Delivery.objects.exists()


@pytest.mark.parametrize("name", ["esp-1", "of another program"])
def test_the_words_of_a_report_are_kept_no_longer_than_it_may_be_read(
    people: People, post: Post, queue, name: str
) -> None:
    route = make_route(people, "postmark")
    message = sent_by(post, route)
    report = of("postmark", postmark("Delivery", name, message.to_email), route)
    post_to(route, report)
    assert operations.forget_words(now=NOW + timedelta(days=1)) == 0  # nobody has read it yet
    queue.run()
    assert operations.forget_words(now=NOW + timedelta(minutes=119)) == 0
    assert operations.forget_words(now=NOW + timedelta(minutes=120)) == 1

    row = InboundEvent.objects.get()
    assert row.body == ""
    assert row.outcome
    assert message.to_email not in json.dumps(list(InboundEvent.objects.values()), default=str)
    operations.hear_reports(event=row.public_id, now=NOW + timedelta(hours=3))
    assert operations.hear_again(now=NOW + timedelta(minutes=120)) == 0
    row.refresh_from_db()
    assert row.outcome == InboundEvent.objects.get().outcome
    post_to(route, report)  # told once more: known by its digest
    assert not queue.jobs
    assert InboundEvent.objects.get().body == ""
    assert Delivery.objects.count() == (name == "esp-1")


def test_what_cannot_be_read_names_nobody_in_its_outcome(
    people: People, queue, monkeypatch
) -> None:
    def read(*_arguments: object) -> list[object]:
        raise Garbled("ValueError: no date for ana.lima@example.com in it")

    monkeypatch.setattr(reports, "read", read)
    route = make_route(people, "postmark")
    post_to(route, of("postmark", postmark("Delivery", "esp-1", "ana.lima@example.com"), route))
    queue.run()
    outcome = InboundEvent.objects.get().outcome
    assert outcome == "It cannot be read: ValueError: no date for … in it"


def test_requests_of_every_provider_are_read_as_they_should_be(real_data: Path) -> None:
    """Of 132 real requests of 13 providers those that are about mails, with their 77 events."""
    records = json.loads((real_data / "email" / "esp_webhooks.json").read_text())["records"]
    wrong, count, heard_of = [], 0, set()
    for record in records:
        if "/inbound/" in record["path"]:
            continue
        provider = providers.PROVIDERS[re.sub(r"\W", "_", record["esp"].lower())]
        envelope = Envelope(
            record["body_text"].encode(), record["content_type"], "",
            {k.lower(): str(v) for k, v in record["headers"].items()},
        )  # fmt: skip
        expected = [each for each in record["events"] if each["event_type"] != "inbound"]
        found = reports.read(provider, envelope) if expected else []
        count += len(expected)
        heard_of.add(provider.key)
        told = [(each.kind, each.event_id, each.provider_id, each.recipient) for each in found]
        right = [
            (
                each["event_type"],
                each["event_id"] or "",
                str(each["message_id"] or "").strip("<>"),
                (each["recipient"] or "").lower(),
            )
            for each in expected
        ]  # fmt: skip
        if told != right:
            wrong.append((record["test"], told, right))
    assert {name for name, _told, _right in wrong} <= NOT_KNOWN_YET, wrong
    assert heard_of == {key for key, each in providers.PROVIDERS.items() if each.reports}
    assert count == 77
