from __future__ import annotations

import pytest

from afterscore.domain.events import SYSTEM
from afterscore.domain.roles import Role
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.workspaces import operations
from tests.people import NOW, People


def test_the_last_owner_cannot_step_down(people: People) -> None:
    with pytest.raises(Refused, match="only owner"):
        operations.change_member(
            member=people.olivia,
            role=Role.VIEWER,
            is_active=True,
            department="",
            actor=SYSTEM,
            now=NOW,
        )


def test_an_owner_may_step_down_when_there_is_another(people: People) -> None:
    operations.change_member(
        member=people.ana, role=Role.OWNER, is_active=True, department="", actor=SYSTEM, now=NOW
    )
    operations.change_member(
        member=people.olivia, role=Role.AGENT, is_active=True, department="", actor=SYSTEM, now=NOW
    )
    people.olivia.refresh_from_db()
    assert people.olivia.role == Role.AGENT


def test_creating_a_workspace_is_written_down(people: People) -> None:
    workspace = operations.create_workspace(name="Lighthouse", actor=SYSTEM, now=NOW)
    for member in (people.olivia, people.max):
        operations.add_member(
            workspace=workspace, user=member.user, role=Role.AGENT, actor=SYSTEM, now=NOW
        )
    facts = Fact.objects.filter(workspace=workspace).order_by("id").values_list("name", flat=True)
    assert list(facts) == ["workspace.created", *["member.added"] * 2]


def test_a_workspace_needs_a_free_slug(people: People) -> None:
    with pytest.raises(Refused, match="already a workspace"):
        operations.create_workspace(name="Harbourline", actor=SYSTEM, now=NOW)


def test_a_company_keeps_its_name_as_it_is_written(people: People) -> None:
    made = operations.create_workspace(name="  Booking.com\r\nBcc: x ", actor=SYSTEM, now=NOW)
    assert made.name == "Booking.com Bcc: x"
