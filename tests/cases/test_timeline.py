"""What a customer's page tells of her answers and conversations."""

from __future__ import annotations

from datetime import timedelta

from afterscore.cases import operations
from afterscore.cases.models import Entry
from afterscore.customers import registry
from afterscore.domain.casework import Outcome
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def test_a_time_line_tells_the_whole_conversation(people: People) -> None:
    case = open_for(people, score=3, comment="It is slow.", owner=people.ana)
    open_for(people, score=9)
    actor = by(people.ana)
    operations.reply(case=case, body="Hello.", actor=actor, now=NOW + timedelta(hours=1))
    operations.log_call(
        case=case, outcome=Entry.Call.REACHED, actor=actor, now=NOW + timedelta(hours=2)
    )
    operations.close_case(
        case=case, outcome=Outcome.SOLVED, actor=actor, now=NOW + timedelta(hours=3)
    )
    items = [
        item
        for item in registry.timeline_of(workspace=people.workspace, contacts=[case.contact])
        if item.url
    ]
    assert [(item.title, item.actor) for item in items] == [
        ("Case closed", "Ana"),
        ("Spoke with them", "Ana"),
        ("Reply", "Ana"),
        ("Answered", ""),
    ]
    assert (items[-1].score, items[-1].text) == (3, "It is slow.")
    assert {item.url for item in items} == {f"/w/harbourline/inbox/{case.public_id}/"}


def test_the_latest_score_stands_beside_a_contact(people: People) -> None:
    case = open_for(people, score=3)
    scores = registry.latest_scores(workspace=people.workspace, contacts=[case.contact])
    assert scores == {case.contact_id: 3}
    assert registry.latest_scores(workspace=people.elsewhere, contacts=[case.contact]) == {}
