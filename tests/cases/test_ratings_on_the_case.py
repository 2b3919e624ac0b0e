"""What a customer said about satisfaction and effort stands in her case with its scale."""

from __future__ import annotations

from afterscore.cases import operations
from afterscore.domain import questionnaire
from afterscore.responses import operations as responses
from tests import builders
from tests.people import NOW, People

ASKED = questionnaire.parse({"drivers": [{"kind": "satisfaction"}, {"kind": "effort"}]})


def test_a_number_of_another_scale_says_how_far_it_goes(people: People) -> None:
    wave = builders.launch_wave(people.workspace, questionnaire=ASKED)
    recorded = responses.record_response(
        enrolment=builders.enrol(people, wave=wave),
        score=6,
        channel="email",
        drivers={"satisfaction": 2, "effort": 4},
        complete=True,
        now=NOW,
    )
    case = operations.open_case(response=recorded.response, now=NOW)
    page = people.client(people.ana).get(f"/w/harbourline/inbox/{case.public_id}/")
    text = page.content.decode()
    assert "<dt>How satisfied are you overall?</dt><dd>2 of 5</dd>" in text
    assert "<dt>How easy was it to get what you needed?</dt><dd>4 of 7</dd>" in text
