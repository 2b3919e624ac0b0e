from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterscore.customers.models import Contact
from afterscore.domain.questionnaire import Driver, DriverKind, Questionnaire
from afterscore.journal.models import Fact
from afterscore.kit import jobs
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Kind, Message, State
from afterscore.programs import queries as programs
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses import operations
from afterscore.responses.models import Response
from afterscore.responses.operations import Recorded
from tests.builders import enrol, launch_wave
from tests.people import NOW, People

LATER = NOW + timedelta(hours=1)
DRIVERS = Questionnaire(
    drivers=(
        Driver("speed", "Speed", DriverKind.RATING),
        Driver("role", "Your role", DriverKind.CHOICE, ("Buyer", "User")),
    )
)


def record(enrolment: Enrolment, score: Any = 9, *, now: datetime = NOW, **said: Any) -> Recorded:
    return operations.record_response(
        enrolment=enrolment, score=score, channel="email", now=now, **said
    )


def facts(response: Response) -> list[Fact]:
    return list(Fact.objects.filter(subject=response.public_id).order_by("id"))


def test_the_first_score_opens_the_response(people: People):
    nora = enrol(people, language="de")

    recorded = record(nora, 6, seconds=4.2)

    response = Response.objects.get()
    assert recorded.is_new
    assert recorded.response == response
    assert (response.score, response.first_score, response.edits) == (6, 6, 0)
    assert (response.channel, response.language) == ("email", "de")
    assert (response.received_at, response.changed_at) == (NOW, NOW)
    assert (response.commented_at, response.completed_at) == (None, None)
    assert response.seconds_to_answer == 4.2
    assert response.account == nora.account


def test_an_answer_is_a_fact_told_by_the_person_who_gave_it(people: People):
    nora = enrol(people)

    with jobs.inline() as queue:
        response = record(nora, 3).response

    (fact,) = facts(response)
    assert (fact.name, fact.payload) == ("response.received", {"score": 3})
    assert fact.actor == f"contact:{nora.contact.public_id}"
    assert [name for name, _ in queue.jobs] == ["journal.dispatch"]


def test_nobody_is_reminded_of_what_they_have_answered(people: People):
    nora = enrol(people)

    record(nora)

    nora.refresh_from_db()
    assert (nora.state, nora.answered_at) == (Enrolment.State.ANSWERED, NOW)


def test_saying_the_same_again_changes_nothing(people: People):
    nora = enrol(people)
    first = record(nora, 9, comment="Quick and friendly").response

    again = record(nora, 9, comment="Quick and friendly", now=LATER)

    assert not again.is_new
    assert again.response.changed_at == first.changed_at
    assert len(facts(first)) == 1


def test_a_comment_extends_the_answer_and_is_no_edit(people: People):
    nora = enrol(people)
    record(nora, 2)

    response = record(nora, 2, comment="Two late ships", complete=True, now=LATER).response

    response.refresh_from_db()
    assert (response.score, response.comment, response.edits) == (2, "Two late ships", 0)
    assert response.commented_at == response.completed_at == response.changed_at == LATER
    assert response.received_at == NOW
    changed = facts(response)[-1]
    assert changed.name == "response.changed"
    assert changed.payload == {"changed": ["comment", "completed"], "old_score": 2, "score": 2}


def test_another_score_is_an_edit_with_both_values_in_the_audit(people: People):
    nora = enrol(people)
    record(nora, 2, comment="Two late ships")

    response = record(nora, 8, now=LATER).response

    response.refresh_from_db()
    assert (response.score, response.first_score, response.edits) == (8, 2, 1)
    assert response.comment == "Two late ships"
    assert facts(response)[-1].payload == {"changed": ["score"], "old_score": 2, "score": 8}


def test_a_comment_may_be_taken_back(people: People):
    nora = enrol(people)
    record(nora, 2, comment="Two late ships")

    response = record(nora, 2, comment="", now=LATER).response

    response.refresh_from_db()
    assert (response.comment, response.edits) == ("", 1)


def test_drivers_once_given_are_all_of_them(people: People):
    nora = enrol(people, wave=launch_wave(people.workspace, questionnaire=DRIVERS))
    record(nora, 7, drivers={"speed": "10", "role": "Buyer"})

    response = record(nora, 7, drivers={"speed": 4, "role": ""}, now=LATER).response

    assert response.drivers == {"speed": 4}
    assert facts(response)[-1].payload["changed"] == ["drivers"]


@pytest.mark.parametrize("score", [-1, 11, 9.5, "9", "9.5", None, [9], True, "", 10**20])
def test_only_whole_numbers_from_0_to_10_are_scores(people: People, score: object):
    nora = enrol(people)

    with pytest.raises(Refused) as refused:
        record(nora, score)

    assert refused.value.field == "score"
    assert not Response.objects.exists()


@pytest.mark.parametrize("score", range(11))
def test_every_score_on_the_scale_is_taken(people: People, score: int):
    assert record(enrol(people), score).response.score == score


def test_a_comment_has_at_most_5000_characters(people: People):
    nora = enrol(people)

    record(nora, comment="ß" * 5_000)
    with pytest.raises(Refused) as refused:
        record(nora, comment="x" * 5_001)

    assert refused.value.field == "comment"
    assert Response.objects.get().comment == "ß" * 5_000


def test_a_comment_is_kept_without_control_characters(people: People):
    said = "  one\r\ntwo\rthree\x00\x07\x1b[31m\ud800 \u200ffour\tfive👩‍🚀\x85 \n"

    response = record(enrol(people), comment=said).response

    response.refresh_from_db()
    assert response.comment == "one\ntwo\nthree[31m \u200ffour\tfive👩‍🚀"


def test_a_comment_of_nothing_but_blanks_is_none(people: People):
    response = record(enrol(people), comment=" \n\x00").response

    assert (response.comment, response.commented_at) == ("", None)


@pytest.mark.parametrize(
    ("drivers", "field"),
    [
        ({"price": 3}, "drivers.price"),
        ({"speed": 11}, "drivers.speed"),
        ({"speed": "fast"}, "drivers.speed"),
        ({"role": "Owner"}, "drivers.role"),
        ({"role": ["Buyer"]}, "drivers.role"),
        (["speed"], "drivers"),
    ],
)
def test_only_drivers_of_the_version_are_taken(people: People, drivers: object, field: str):
    nora = enrol(people, wave=launch_wave(people.workspace, questionnaire=DRIVERS))

    with pytest.raises(Refused) as refused:
        record(nora, drivers=drivers)

    assert refused.value.field == field


def test_a_closed_wave_takes_no_answer_and_no_change(people: People):
    nora, omar = enrol(people), enrol(people, email="omar@quayside.example")
    response = record(nora, 9).response

    for late in (nora, omar):
        with pytest.raises(Refused, match="closed"):
            record(late, 1, now=nora.wave.closes_at)

    response.refresh_from_db()
    assert (response.score, Response.objects.count()) == (9, 1)


def test_a_wave_that_was_closed_early_takes_no_answer(people: People):
    nora = enrol(people)
    nora.wave.state = Wave.State.CLOSED
    nora.wave.save()

    with pytest.raises(Refused):
        record(nora)


def test_a_paused_wave_still_listens(people: People):
    nora = enrol(people)
    nora.wave.state = Wave.State.PAUSED
    nora.wave.save()

    assert record(nora).is_new


def test_who_was_not_asked_or_is_erased_cannot_answer(people: People):
    left_out, erased = enrol(people), enrol(people, email="omar@quayside.example")
    left_out.state = Enrolment.State.EXCLUDED
    erased.contact.erased_at = NOW

    for enrolment in (left_out, erased):
        with pytest.raises(Refused):
            record(enrolment)


@pytest.mark.parametrize("seconds", [None, -1.0, float("nan"), float("inf"), 90_000.0])
def test_a_time_that_cannot_be_true_is_left_out(people: People, seconds: float | None):
    assert record(enrol(people), seconds=seconds).response.seconds_to_answer is None


def test_the_answer_keeps_what_was_known_of_the_customer_that_day(people: People):
    nora = enrol(people, language="de")
    assert nora.account is not None
    nora.account.plan = "enterprise"
    nora.account.attributes = {"region": "EMEA"}
    nora.account.save()
    loaded = programs.find_enrolment(public_id=nora.public_id)
    assert loaded is not None
    record(loaded)
    nora.account.plan = "starter"
    nora.account.save()

    frozen = record(loaded, 3, now=LATER).response.frozen

    assert frozen["account"]["plan"] == "enterprise"
    assert frozen["account"]["attribute"] == {"region": "EMEA"}
    assert frozen["contact"]["language"] == "de"
    assert "Nora" not in str(frozen)


def test_the_last_message_that_went_out_is_the_touch(people: People):
    nora = enrol(people)
    sent(nora, Kind.INVITATION, NOW)
    sent(nora, Kind.REMINDER, NOW + timedelta(days=5))
    sent(nora, Kind.REMINDER, NOW + timedelta(days=9), step=1, state=State.PLANNED)
    other = enrol(people, email="omar@quayside.example")
    sent(other, Kind.HEADS_UP, NOW + timedelta(days=5, hours=1))

    response = record(nora, now=NOW + timedelta(days=6)).response

    assert response.touch == "reminder"


def test_an_answer_between_two_messages_belongs_to_the_first(people: People):
    nora = enrol(people)
    sent(nora, Kind.INVITATION, NOW)
    sent(nora, Kind.REMINDER, NOW + timedelta(days=5))

    assert record(nora, now=NOW + timedelta(days=2)).response.touch == "invitation"


def test_an_answer_without_a_message_has_no_touch(people: People):
    assert record(enrol(people)).response.touch == ""


def test_a_response_takes_few_queries(people: People):
    nora = programs.find_enrolment(public_id=enrol(people).public_id)
    assert nora is not None

    with CaptureQueriesContext(
        connection,
    ) as opening:
        record(nora)
    with CaptureQueriesContext(connection) as extending:
        record(nora, 3, comment="Too slow")

    assert len(statements(opening)) <= 6
    assert len(statements(extending)) <= 5


def statements(captured: CaptureQueriesContext) -> list[str]:
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    sql = [query["sql"] for query in captured.captured_queries]
    return [text for text in sql if not text.startswith(control)]


def sent(
    enrolment: Enrolment, kind: Kind, at: datetime, *, step: int = 0, state: State = State.SENT
) -> Message:
    contact: Contact = enrolment.contact
    return Message.objects.create(
        workspace=enrolment.workspace,
        kind=kind,
        stream=enrolment.wave.public_id,
        step=step,
        contact=contact,
        to_email=contact.email or "",
        sender_name="Olivia Byrne",
        sender_email="olivia@harbourline.example",
        language=enrolment.language,
        state=state,
        time_zone="UTC",
        due_at=at,
        handed_at=at if state == State.SENT else None,
        sent_at=at if state == State.SENT else None,
        created_at=NOW,
    )
