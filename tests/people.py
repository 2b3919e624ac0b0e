"""The people of the tests: every permission test reads as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.workspaces import operations
from afterscore.workspaces.models import Member, User, Workspace

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)  # a Monday


@dataclass
class People:
    """Olivia (owner), Max (manager), Ana (agent), Vic (viewer) of one company; Eve of another."""

    workspace: Workspace
    elsewhere: Workspace
    olivia: Member
    max: Member
    ana: Member
    vic: Member
    eve: Member

    def client(self, member: Member) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(member.user)
        return client


def _members(workspace: Workspace, domain: str, **roles: Role) -> list[Member]:
    """In two statements, for thousands of tests: nobody is told of it as operations tell."""
    users = User.objects.bulk_create(
        User(email=f"{name.lower()}@{domain}", name=name, created_at=NOW, password="!")
        for name in roles
    )
    return Member.objects.bulk_create(
        Member(workspace=workspace, user=user, role=role, joined_at=NOW)
        for user, role in zip(users, roles.values(), strict=True)
    )


def invite_everybody() -> People:
    workspace = operations.create_workspace(
        name="Harbourline",
        actor=SYSTEM,
        now=NOW,
        settings={
            "postal_address": "Harbourline, 1 Quay Street, Dublin",
            "sender_name": "Olivia Byrne",
            "sender_email": "olivia@harbourline.example",
        },
    )
    elsewhere = operations.create_workspace(name="Elsewhere", actor=SYSTEM, now=NOW)
    olivia, max_, ana, vic = _members(
        workspace,
        "harbourline.example",
        Olivia=Role.OWNER,
        Max=Role.MANAGER,
        Ana=Role.AGENT,
        Vic=Role.VIEWER,
    )
    (eve,) = _members(elsewhere, "elsewhere.example", Eve=Role.OWNER)
    return People(workspace, elsewhere, olivia, max_, ana, vic, eve)
