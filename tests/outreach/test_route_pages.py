"""The settings of mail routes, as an owner meets them."""

from __future__ import annotations

import pytest
from django.test import Client

from afterscore.domain.events import SYSTEM
from afterscore.outreach import operations, queries
from afterscore.outreach.channels import providers
from afterscore.outreach.models import MailRoute
from tests.outreach import mail_server
from tests.people import NOW, People

SECRET = "Tr0ub4dor&3-never-shown"
PAGES = "/w/harbourline/settings/routes/"


@pytest.fixture
def owner(people: People) -> Client:
    return people.client(people.olivia)


def make(people: People, **changes: str) -> MailRoute:
    return operations.create_route(
        workspace=people.workspace, name="Office", provider="smtp", addresses=["news.example"],
        entered={
            "host": "127.0.0.1", "security": "none", "user": "u", "password": SECRET, **changes,
        },
        actor=SYSTEM, now=NOW,
    )  # fmt: skip


def test_without_a_route_the_page_says_where_mail_goes_and_what_to_do(owner: Client) -> None:
    page = owner.get(PAGES).content.decode()
    assert "All mail goes one way" in page
    assert f"{PAGES}new/" in page


@pytest.mark.parametrize("key", providers.PROVIDERS)
def test_each_provider_is_offered_with_its_own_fields(owner: Client, key: str) -> None:
    assert f"{PAGES}new/{key}/" in owner.get(f"{PAGES}new/").content.decode()
    page = owner.get(f"{PAGES}new/{key}/").content.decode()
    for setting in providers.PROVIDERS[key].settings:
        assert f'name="{setting.name}"' in page


def test_a_provider_that_does_not_exist_is_not_found(owner: Client) -> None:
    assert owner.get(f"{PAGES}new/pigeon/").status_code == 404


def test_a_route_is_added_and_its_page_shows_where_to_report(owner: Client, people: People) -> None:
    given = {"name": "Post", "addresses": "news.example, a@b.example", "server_token": SECRET}
    answer = owner.post(f"{PAGES}new/postmark/", given, follow=True)
    route = MailRoute.objects.get()
    assert route.senders == ["a@b.example", "news.example"]
    assert queries.secrets_of(route) == {"server_token": SECRET}
    page = answer.content.decode()
    assert queries.report_address(route) in page
    assert "does not sign" in page
    assert SECRET not in page


def test_what_is_wrong_stands_beside_its_field_and_secrets_are_not_sent_back(
    owner: Client, people: People
) -> None:
    make(people)
    given = {"name": "Office", "addresses": "", "server_token": SECRET}
    page = owner.post(f"{PAGES}new/postmark/", given).content.decode()
    assert "There is already a route" in page
    assert 'id="id_name_error"' in page
    assert SECRET not in page
    assert MailRoute.objects.count() == 1


def test_saving_with_an_empty_password_keeps_it(owner: Client, people: People) -> None:
    route = make(people)
    page = owner.get(f"{PAGES}{route.public_id}/").content.decode()
    assert "Stored, and not shown" in page
    assert SECRET not in page
    given = {"name": "Renamed", "addresses": "news.example", "host": "127.0.0.1",
             "security": "none", "user": "u", "password": "", "is_active": "on"}  # fmt: skip
    assert owner.post(f"{PAGES}{route.public_id}/", given).status_code == 302
    route.refresh_from_db()
    assert (route.name, route.is_active) == ("Renamed", True)
    assert queries.secrets_of(route) == {"password": SECRET}


def test_a_test_mail_says_what_the_server_answered(owner: Client, people: People) -> None:
    with mail_server.running() as server:
        route = make(people, port=str(server.port), user="", password="")
        page = owner.post(f"{PAGES}{route.public_id}/test", follow=True).content.decode()
    assert "A test mail for olivia@harbourline.example was taken" in page


def test_a_test_mail_that_fails_says_why_without_the_password(
    owner: Client, people: People
) -> None:
    route = make(people, port="1")
    page = owner.post(f"{PAGES}{route.public_id}/test", follow=True).content.decode()
    assert "was not taken" in page
    assert SECRET not in page


def test_a_new_address_is_shown_and_the_old_one_is_not(owner: Client, people: People) -> None:
    owner.post(f"{PAGES}new/postmark/", {"name": "Post", "server_token": SECRET})
    route = MailRoute.objects.get()
    old = queries.report_address(route)
    page = owner.post(f"{PAGES}{route.public_id}/address", follow=True).content.decode()
    route.refresh_from_db()
    assert queries.report_address(route) in page
    assert old not in page


def test_a_route_is_removed(owner: Client, people: People) -> None:
    route = make(people)
    page = owner.post(f"{PAGES}{route.public_id}/remove", follow=True).content.decode()
    assert "is removed" in page
    assert not MailRoute.objects.exists()


def test_secrets_that_no_key_opens_are_told_and_can_be_entered_anew(
    owner: Client, people: People
) -> None:
    route = make(people)
    MailRoute.objects.filter(pk=route.pk).update(secrets="gibberish")
    page = owner.get(f"{PAGES}{route.public_id}/").content.decode()
    assert "cannot be read" in page
    assert owner.get(PAGES).status_code == 200
    given = {"name": "Office", "addresses": "", "host": "127.0.0.1", "security": "none"}
    page = owner.post(f"{PAGES}{route.public_id}/", given).content.decode()
    assert "cannot be read" in page
    anew = {**given, "password": "another"}
    assert owner.post(f"{PAGES}{route.public_id}/", anew).status_code == 302
    route.refresh_from_db()
    assert queries.secrets_of(route) == {"password": "another"}


def test_only_owners_see_the_routes(people: People) -> None:
    route = make(people)
    for member in (people.max, people.ana, people.vic):
        client = people.client(member)
        assert client.get(PAGES).status_code == 403
        assert client.get(f"{PAGES}{route.public_id}/").status_code == 403
        assert client.post(f"{PAGES}{route.public_id}/remove").status_code == 403
