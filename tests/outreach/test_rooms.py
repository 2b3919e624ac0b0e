"""The settings of chat rooms: owners and managers add them, try them, and see what went wrong."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.test import Client

from afterscore.journal.models import Fact
from afterscore.kit import secrets
from afterscore.outreach.operations import rooms
from afterscore.workspaces.models import ChatRoom
from tests.outreach import chat_server
from tests.people import NOW, People

LIST = "/w/harbourline/settings/rooms/"
ADDRESS = "https://hooks.example.com/services/T0/the-secret-part"


@pytest.fixture
def may_reach_loopback(settings: Any) -> None:
    settings.AFTERSCORE_CHAT_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)


def add(people: People, address: str = ADDRESS, **given: Any) -> ChatRoom:
    return rooms.create_room(
        **{
            "workspace": people.workspace,
            "name": "#customers",
            "style": "slack",
            "address": address,
            "hears": ["alerts"],
            "actor": _by(people),
            "now": NOW,
            **given,
        }
    )


def _by(people: People) -> Any:
    from tests.cases.answers import by

    return by(people.max)


def entered(**changed: Any) -> dict[str, Any]:
    usual = {"name": "#customers", "style": "slack", "address": ADDRESS, "hears": ["alerts"]}
    return {**usual, **changed}


def page_of(room: ChatRoom) -> str:
    return f"{LIST}{room.public_id}/"


def manager(people: People) -> Client:
    return people.client(people.max)


def test_a_manager_adds_a_room_and_its_address_is_never_shown(people: People) -> None:
    answer = manager(people).post(f"{LIST}new/", entered(), follow=True)
    room = ChatRoom.objects.get()
    assert "the-secret-part" not in answer.content.decode() + room.secret
    assert secrets.unlock(room.secret, owner=room.public_id) == {"address": ADDRESS}
    assert Fact.objects.get(name="room.created").payload == {"hears": ["alerts"]}


def test_an_agent_does_not_see_the_rooms(people: People) -> None:
    assert people.client(people.ana).get(LIST).status_code == 403


def test_without_rooms_the_page_says_what_to_do(people: People) -> None:
    assert "No chat room hears of anything yet" in manager(people).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "http://hooks.example.com/x"}, "has to begin with https://"),
        ({"address": ""}, "This field is required."),
        ({"hears": []}, "Choose at least one thing"),
        ({"style": "pigeon"}, "is not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    people: People, changed: dict[str, Any], said: str
) -> None:
    answer = manager(people).post(f"{LIST}new/", entered(**changed))
    assert said in answer.content.decode()
    assert not ChatRoom.objects.exists()


def test_two_rooms_of_one_name_are_refused(people: People) -> None:
    add(people)
    answer = manager(people).post(f"{LIST}new/", entered())
    assert "There is already a room" in answer.content.decode()


def test_an_empty_address_keeps_the_stored_one(people: People) -> None:
    room = add(people)
    box = room.secret
    changed = entered(address="", hears=["digest", "praise"], is_active="on")
    manager(people).post(page_of(room), changed)
    room.refresh_from_db()
    assert (room.secret, room.hears) == (box, ["digest", "praise"])
    assert Fact.objects.get(name="room.changed").payload == {"changed": ["hears"]}


@pytest.mark.usefixtures("may_reach_loopback")
def test_the_button_really_writes_into_the_room(people: People) -> None:
    with chat_server.running() as server:
        room = add(people, server.address)
        answer = manager(people).post(f"{page_of(room)}test", follow=True)
    assert "It was taken." in answer.content.decode()
    assert "Afterscore can write here" in server.posts[0]["text"]
    assert Fact.objects.get(name="room.tested").payload == {"is_taken": True}


@pytest.mark.usefixtures("may_reach_loopback")
def test_what_went_wrong_stands_beside_the_room_until_it_works_again(people: People) -> None:
    with chat_server.running(mode="refuse", status=404, text="channel_is_archived") as server:
        room = add(people, server.address)
        manager(people).post(f"{page_of(room)}test")
        assert "404 channel_is_archived" in manager(people).get(LIST).content.decode()
        server.mode = "ok"
        manager(people).post(f"{page_of(room)}test")
    assert "channel_is_archived" not in manager(people).get(LIST).content.decode()


def test_a_private_address_is_refused_with_what_to_do(people: People) -> None:
    with chat_server.running() as server:
        room = add(people, server.address.replace("http://", "https://"))
        answer = manager(people).post(f"{page_of(room)}test", follow=True)
        assert server.requests == 0
    assert "AFTERSCORE_CHAT_NETWORKS" in answer.content.decode()


@pytest.mark.usefixtures("may_reach_loopback")
def test_a_chat_that_repeats_its_address_in_an_error_does_not_give_it_away(
    people: People,
) -> None:
    with chat_server.running(mode="refuse", status=400) as server:
        server.text = f"cannot post to {server.address}"
        room = add(people, server.address)
        answer = manager(people).post(f"{page_of(room)}test", follow=True)
    assert "the-secret-part" not in answer.content.decode()
    assert "cannot post to [hidden]" in answer.content.decode()


def test_the_address_of_one_room_opens_for_no_other(people: People) -> None:
    room, other = add(people), add(people, name="#other")
    ChatRoom.objects.filter(pk=other.pk).update(secret=room.secret)
    other.refresh_from_db()
    answer = rooms.write_to_room(room=other, bulletin=rooms._trial(other))
    assert answer.is_taken is False
    assert "belongs to another entry" in other.failed_why


def test_stored_addresses_move_to_the_newest_key(people: People, settings: Any) -> None:
    room = add(people)
    settings.AFTERSCORE_SECRETS_KEYS = [secrets.new_key(), *settings.AFTERSCORE_SECRETS_KEYS]
    assert rooms.rotate_room_secrets() == 1
    room.refresh_from_db()
    assert secrets.is_current(room.secret)
    assert rooms.address_of(room) == ADDRESS


def test_a_removed_room_is_gone(people: People) -> None:
    room = add(people)
    manager(people).post(f"{page_of(room)}remove")
    assert not ChatRoom.objects.exists()
    assert Fact.objects.filter(name="room.removed", subject=room.public_id).exists()


def test_rooms_of_others_do_not_exist(people: People) -> None:
    room = add(people)
    eve = people.client(people.eve)
    assert eve.get(f"/w/elsewhere/settings/rooms/{room.public_id}/").status_code == 404
