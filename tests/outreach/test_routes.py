"""The ways by which a workspace's mail leaves: made, changed, removed, tried out."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection

from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal.models import Fact
from afterscore.kit import secrets
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach import operations, queries
from afterscore.outreach.models import MailRoute, Message, State
from tests.outreach import mail_server
from tests.outreach.post import Post
from tests.people import NOW, People

PASSWORD = "Tr0ub4dor&3-and-more"
SERVER = {"host": "mail.harbourline.example", "security": "starttls", "user": "news"}
OLIVIA = "olivia@harbourline.example"


def make(people: People, name: str = "Office", **changes: Any) -> MailRoute:
    values: dict[str, Any] = {
        "workspace": people.workspace,
        "provider": "smtp",
        "addresses": ["harbourline.example"],
        "entered": {**SERVER, "password": PASSWORD},
        "actor": Actor("member", "mem_olivia"),
        "now": NOW,
    }
    return operations.create_route(name=name, **{**values, **changes})


def change(route: MailRoute, **changes: Any) -> None:
    values: dict[str, Any] = {
        "name": route.name,
        "addresses": route.senders,
        "entered": {key: value for key, value in route.options.items() if key != "provider"},
        "per_minute": route.per_minute,
        "is_active": route.is_active,
        "actor": SYSTEM,
        "now": NOW,
    }
    operations.change_route(route=route, **{**values, **changes})
    route.refresh_from_db()


def facts(name: str) -> list[dict[str, Any]]:
    return [fact.payload for fact in Fact.objects.filter(name=name).order_by("pk")]


def test_a_route_is_made_with_a_fact_and_becomes_a_way(people: People) -> None:
    route = make(people, per_minute=120)
    way = queries.way_of(route)
    assert (way.key, way.channel, way.per_minute) == (route.public_id, "smtp", 120)
    assert "mail.harbourline.example" in way.secrets["url"]
    assert facts("route.created") == [{"senders": ["harbourline.example"]}]


def test_a_way_does_not_show_its_secrets(people: People) -> None:
    assert PASSWORD not in repr(queries.way_of(make(people)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"addresses": ["not an address"]}, "addresses"),
        ({"entered": {"security": "starttls"}}, "host"),
        ({"entered": {**SERVER, "port": "99999"}}, "port"),
        ({"entered": {**SERVER, "security": "perhaps"}}, "security"),
        ({"per_minute": 0}, "per_minute"),
        ({"provider": "postal", "entered": {"api_key": "k", "api_url": "ftp://x"}}, "api_url"),
        ({"provider": "resend", "entered": {"api_key": "a\nb"}}, "api_key"),
        (
            {"provider": "resend", "entered": {"api_key": "k", "signing_secret": "§"}},
            "signing_secret",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_field(people: People, changes, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        make(people, **changes)
    assert refusal.value.field == field
    assert not MailRoute.objects.exists()


def test_two_routes_for_the_same_sender_are_refused(people: People) -> None:
    make(people)
    with pytest.raises(Refused, match=r"Mail from harbourline\.example already leaves by 'Office'"):
        make(people, "Other")


def test_a_provider_that_does_not_exist_is_refused(people: People) -> None:
    with pytest.raises(Refused, match="Choose one"):
        make(people, provider="carrier-pigeon")


def test_a_message_is_planned_for_the_route_of_its_sender(post: Post, people: People) -> None:
    route = make(people)
    assert post.message().route == route
    assert post.message(post.contact("Bo"), sender_email="x@other.example").route is None


def test_a_message_without_a_sender_goes_by_the_workspaces(post: Post, people: People) -> None:
    route = make(people)  # the workspace writes as olivia@harbourline.example
    assert post.message(sender_email="").route == route


def test_everything_that_waits_moves_when_routes_change(post: Post, people: People) -> None:
    message = post.message()
    other = post.message(post.contact("Bo"), sender_email="x@other.example")
    gone = post.sent(post.contact("Cy"))
    route = make(people)
    assert _route(message) == route.public_id
    assert _route(other) is None
    assert _route(gone) is None  # what has left keeps the way it took
    closer = make(people, "Olivia", addresses=[OLIVIA])
    assert _route(message) == closer.public_id
    operations.remove_route(route=closer, actor=SYSTEM, now=NOW)
    assert _route(message) == route.public_id
    change(route, addresses=["other.example"])
    assert (_route(message), _route(other)) == (None, route.public_id)


def test_moving_is_one_statement_however_many_wait(
    post: Post, people: People, django_assert_max_num_queries
) -> None:
    post.plan(*(post.draft(post.contact(f"Guest {n}")) for n in range(300)))
    with django_assert_max_num_queries(20):
        make(people)
    assert Message.objects.filter(route__isnull=False).count() == 300


def test_a_route_that_is_switched_off_keeps_its_mail_waiting(post: Post, people: People) -> None:
    route = make(people)
    message = post.message()
    change(route, is_active=False)
    assert post.send() == 0
    assert post.state(message) == State.PLANNED
    assert message.reason == "The mail route 'Office' is switched off."


def test_what_was_asked_twice_under_one_key_is_in_doubt_when_the_account_changes(
    post: Post, people: People
) -> None:
    """The new account does not know the key: the same could arrive twice."""
    route = make(people)
    message = post.message()
    Message.objects.filter(pk=message.pk).update(repeat_until=NOW, handed_at=NOW)
    change(route, name="Renamed")
    assert post.state(message) == State.PLANNED
    change(route, entered={**SERVER, "user": "somebody"})
    assert post.state(message) == State.IN_DOUBT
    assert "may have arrived" in message.reason


def test_an_empty_password_stays_and_a_new_one_replaces_it(people: People) -> None:
    route = make(people)
    change(route, per_minute=30)
    assert queries.secrets_of(route) == {"password": PASSWORD}
    change(route, entered={**SERVER, "password": "another one"})
    assert queries.secrets_of(route) == {"password": "another one"}
    assert facts("route.changed") == [{"changed": ["per_minute"]}, {"changed": ["password"]}]


def test_a_change_to_the_same_is_no_change(people: People) -> None:
    route = make(people)
    change(route)
    assert facts("route.changed") == []


def test_a_stranger_finds_no_route(people: People) -> None:
    route = make(people)
    with pytest.raises(NotFound):
        queries.get_route(workspace=people.elsewhere, public_id=route.public_id)


def test_a_test_mail_really_leaves_and_the_servers_answer_comes_back(people: People) -> None:
    with mail_server.running() as server:
        entered = {"host": "127.0.0.1", "port": str(server.port), "security": "none"}
        route = make(people, entered=entered)
        trial = _try(people, route)
    assert (trial.is_taken, "queued as 4711" in trial.reply) == (True, True)
    (mail,) = server.accepted
    assert b"To: olivia@example.com" in mail
    assert OLIVIA.encode() in mail
    assert facts("route.tested") == [{"is_taken": True}]


def test_a_test_that_fails_says_why_without_the_password(people: People) -> None:
    with mail_server.running(says={"greeting": "554 5.7.1 go away"}) as server:
        entered = {
            "host": "127.0.0.1", "port": str(server.port), "security": "none",
            "password": PASSWORD,
        }  # fmt: skip
        trial = _try(people, make(people, entered=entered))
    assert not trial.is_taken
    assert "go away" in trial.reply
    assert PASSWORD not in trial.reply


def _try(people: People, route: MailRoute) -> operations.Trial:
    return operations.try_route(
        workspace=people.workspace,
        route=route,
        recipient="olivia@example.com",
        actor=SYSTEM,
        now=NOW,
    )


def test_no_table_and_no_log_contains_a_secret(
    post: Post, people: People, caplog, real_tables
) -> None:
    seeded = [PASSWORD, "re_live_SECRET_KEY_1", "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="]
    with caplog.at_level(logging.DEBUG):
        route = make(people)
        make(
            people, "Resend", provider="resend", addresses=[],
            entered={"api_key": seeded[1], "signing_secret": seeded[2]},
        )  # fmt: skip
        change(route, entered={**SERVER, "password": PASSWORD, "host": "127.0.0.1", "port": "9"})
        post.message()
        post.send()
        _try(people, route)
    everything = "\n".join(real_tables())
    assert "rte_" in everything
    for secret in seeded:
        assert secret not in everything
        assert secret not in caplog.text


@pytest.fixture
def real_tables():
    """Every row of every table, as text."""

    def rows() -> list[str]:
        with connection.cursor() as cursor:
            found = []
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found += [row[0] for row in cursor.fetchall()]
            return found

    return rows


def test_rotating_keeps_every_route_readable_under_the_newest_key(people: People, settings) -> None:
    routes = [make(people), make(people, "Rest", addresses=[])]
    older = settings.AFTERSCORE_SECRETS_KEYS
    settings.AFTERSCORE_SECRETS_KEYS = [secrets.new_key(), *older]
    assert operations.rotate_secrets() == 2
    assert operations.rotate_secrets() == 0
    settings.AFTERSCORE_SECRETS_KEYS = settings.AFTERSCORE_SECRETS_KEYS[:1]
    for route in routes:
        route.refresh_from_db()
        assert queries.secrets_of(route) == {"password": PASSWORD}


def _route(message: Message) -> str | None:
    message.refresh_from_db()
    return message.route.public_id if message.route else None


@pytest.mark.parametrize(
    ("channel", "options", "told"),
    [
        ("provider", {}, "There is no mail provider"),
        ("provider", {"provider": "carrier_pigeon"}, "There is no mail provider 'carrier_pigeon'"),
        ("provider", {"provider": "resend"}, "Resend needs: API key"),
        ("smtp", {"provider": "smtp"}, "The mail server is written like"),
        ("smtp", {"provider": "smtp", "host": "127.0.0.1", "port": "9"}, "connection refused"),
    ],
)
def test_a_route_that_says_too_little_keeps_only_its_own_mail_and_says_why(
    post: Post, channel: str, options: dict[str, str], told: str
) -> None:
    """As it may stand there when another version has stored it."""
    route = MailRoute.objects.create(
        workspace=post.workspace, name="Old", channel=channel, options=options,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    kept, other = post.message(), post.message(post.contact("Ben Ito"))
    Message.objects.update(route=None)
    Message.objects.filter(pk=kept.pk).update(route=route)
    post.send()
    assert post.state(other) == State.SENT
    kept.refresh_from_db()
    assert kept.state in {State.PLANNED, State.DUE}
    assert told in kept.reason
