"""From the page of a case its answer is linked to an improvement."""

from __future__ import annotations

from afterscore.improvements.models import Voice
from tests.cases.answers import open_for
from tests.improvements.scene import propose
from tests.people import People


def test_an_answer_is_linked_from_its_case(people: People):
    improvement = propose(people)
    case = open_for(people, comment="No report fits", owner=people.ana)
    client = people.client(people.ana)
    address = f"/w/harbourline/inbox/{case.public_id}/"
    assert "Link this answer" in client.get(address).content.decode()
    linked = client.post(
        f"/w/harbourline/improvements/for/{case.public_id}/",
        {"improvement": improvement.public_id},
        follow=True,
    )
    page = linked.content.decode()
    assert "They hear of it when it is done" in page
    assert "Two sites in one report" in page
    assert Voice.objects.get().added_by == people.ana


def test_a_viewer_sees_what_is_asked_for_and_links_nothing(people: People):
    improvement = propose(people)
    case = open_for(people, comment="No report fits", owner=people.ana)
    client = people.client(people.vic)
    page = client.get(f"/w/harbourline/inbox/{case.public_id}/").content.decode()
    assert "Link this answer" not in page
    refused = client.post(
        f"/w/harbourline/improvements/for/{case.public_id}/",
        {"improvement": improvement.public_id},
    )
    assert refused.status_code == 403
    assert not Voice.objects.exists()
