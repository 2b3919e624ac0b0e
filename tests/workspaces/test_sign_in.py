"""Signing in with a password, and with a second step once that is set up."""

from __future__ import annotations

import base64
import hmac
import time

import pytest
from django.test import Client

from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.workspaces import operations
from tests.people import NOW, People

EMAIL, PASSWORD = "ines@harbourline.example", "a long way to Dublin"


@pytest.fixture
def ines(people: People) -> Client:
    user = operations.create_user(email=EMAIL, name="Ines", password=PASSWORD, now=NOW)
    operations.add_member(
        workspace=people.workspace, user=user, role=Role.AGENT, actor=SYSTEM, now=NOW
    )
    client = Client()
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238: SHA-1, six digits, thirty seconds)."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ticked", "ends_with_the_browser"), [({}, True), ({"remember": "on"}, False)]
)
def test_whoever_wants_to_stay_signed_in_on_a_device_does(
    ines: Client, ticked: dict[str, str], ends_with_the_browser: bool
) -> None:
    client = Client()
    assert "Stay signed in on this device" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD} | ticked)
    assert client.session.get_expire_at_browser_close() is ends_with_the_browser


def test_the_password_opens_the_workspace(ines: Client) -> None:
    assert ines.get("/w/harbourline/pulse/").status_code == 200


def test_a_wrong_password_opens_nothing(ines: Client) -> None:
    stranger = Client()
    stranger.post("/accounts/login/", {"login": EMAIL, "password": "something else"})
    assert stranger.get("/w/harbourline/pulse/").status_code == 302


def test_with_a_second_step_the_password_alone_is_not_enough(ines: Client) -> None:
    ines.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = ines.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    done = ines.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.status_code == 302
    again = Client()
    asked = again.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    assert again.get("/w/harbourline/pulse/").status_code == 302
