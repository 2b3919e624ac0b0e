"""From when on an answer counts: an owner chooses, and the next answer follows the choice."""

from __future__ import annotations

import pytest

from afterscore.domain.events import SYSTEM
from afterscore.domain.scanners import Counting
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.workspaces import operations
from afterscore.workspaces.forms import COUNTING
from tests.people import NOW, People

PAGE = "/w/harbourline/settings/counting/"


def test_every_choice_is_offered_with_what_follows_from_it(people: People) -> None:
    page = people.client(people.olivia).get(PAGE)

    assert set(COUNTING) == set(Counting)
    text = page.content.decode()
    for choice, (label, why) in COUNTING.items():
        assert f'value="{choice}"' in text
        assert label in text
        assert why in text
    assert page.context["form"]["answers_count"].value() == "tapped"
    assert "the person is still reminded" in text


def test_an_owner_chooses_and_the_journal_knows(people: People) -> None:
    page = people.client(people.olivia).post(PAGE, {"answers_count": "sent"}, follow=True)

    assert "Saved." in page.content.decode()
    people.workspace.refresh_from_db()
    assert people.workspace.answers_count == "sent"
    fact = Fact.objects.get(name="workspace.changed")
    assert fact.payload["changed"] == ["answers_count"]
    assert fact.actor == f"member:{people.olivia.public_id}"


def test_others_see_the_choice_and_cannot_change_it(people: People) -> None:
    max_ = people.client(people.max)

    assert "Only an owner can change this." in max_.get(PAGE).content.decode()
    assert max_.post(PAGE, {"answers_count": "opened"}).status_code == 403
    people.workspace.refresh_from_db()
    assert people.workspace.answers_count == "tapped"


def test_what_is_no_choice_is_refused_with_its_field(people: People) -> None:
    page = people.client(people.olivia).post(PAGE, {"answers_count": "always"})
    assert "not one of the available choices" in page.content.decode()

    with pytest.raises(Refused, match="sent, tapped or opened") as refused:
        operations.change_workspace(
            workspace=people.workspace, changes={"answers_count": "always"}, actor=SYSTEM, now=NOW
        )
    assert refused.value.field == "answers_count"
