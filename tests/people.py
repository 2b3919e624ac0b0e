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


def _member(workspace: Workspace, name: str, role: Role, domain: str) -> Member:
    user = User.objects.create(
        email=f"{name.lower()}@{domain}", name=name, created_at=NOW, password="!"
    )
    return operations.add_member(workspace=workspace, user=user, role=role, actor=SYSTEM, now=NOW)


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
    home = "harbourline.example"
    return People(
        workspace=workspace,
        elsewhere=elsewhere,
        olivia=_member(workspace, "Olivia", Role.OWNER, home),
        max=_member(workspace, "Max", Role.MANAGER, home),
        ana=_member(workspace, "Ana", Role.AGENT, home),
        vic=_member(workspace, "Vic", Role.VIEWER, home),
        eve=_member(elsewhere, "Eve", Role.OWNER, "elsewhere.example"),
    )
