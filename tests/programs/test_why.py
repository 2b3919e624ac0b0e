"""Why somebody was asked or not: on the pages, and by `afterscore why`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from afterscore.config.cli import session
from afterscore.config.cli.why import why
from afterscore.customers.models import Contact
from afterscore.customers.registry import AskedStory
from afterscore.kit import clock
from afterscore.outreach import operations as outreach
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command would start and stop a server of its own."""

    @contextlib.contextmanager
    def running() -> Iterator[None]:
        yield

    monkeypatch.setattr(session, "database", running)


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace)


@pytest.fixture
def wave(people: People, nora: Contact) -> Wave:
    scene.contact(people.workspace, "Recent", last_asked_at=NOW - 20 * DAY)
    return scene.launch(scene.program(people.workspace))


def run(*words: str) -> Result:
    with clock.at(NOW + DAY):
        return CliRunner().invoke(why, [*words, "-w", "harbourline"])


def story_of(contact: Contact, now=NOW + DAY) -> AskedStory:
    return queries.tell_asking(contact=contact, now=now)


def test_now_and_so_far_are_told_in_sentences(wave: Wave, nora: Contact):
    scene.send(wave, nora)
    assert run(nora.email or "").output.splitlines() == [
        "Nora Lindqvist <nora@quayside.example>",
        "",
        "Now",
        "  relationship: Asked on 4 May 2026; may be asked again from 2 August 2026.",
        "",
        "So far",
        "  relationship, wave 1, 2026-05-04: asked. Asked; an answer is taken until 3 June 2026.",
        "    Invitation: sent, 2026-05-04 09:00 UTC",
        "    Reminder: planned, 2026-05-11 09:00 UTC",
    ]


def test_whoever_was_left_out_is_told_the_reason_and_until_when(people: People, wave: Wave):
    result = run("recent@quayside.example", "--json")
    (past,) = json.loads(result.output)["past"]
    assert (past["is_asked"], past["reason"]) == (False, "asked_recently")
    assert past["text"] == "Asked on 14 April 2026; may be asked again from 13 July 2026."
    assert past["touches"] == []


def test_one_program_alone(people: People, wave: Wave, nora: Contact):
    scene.program(people.workspace, {"name": "Other", "slug": "other"})
    assert len(story_of(nora).now) == 2
    told = json.loads(run(nora.email or "", "--program", "relationship", "--json").output)
    assert [each["program"] for each in told["now"]] == ["relationship"]
    assert "There is no program" in run(nora.email or "", "--program", "nothing").output


def test_an_address_that_is_no_contact_is_told_as_such(people: People):
    assert "has the address nobody@example.com" in run("nobody@example.com").output
    outreach.suppress(
        workspace=people.workspace, email="gone@example.com", reason="erased", now=NOW
    )
    assert run("gone@example.com").output.endswith("gets no mail from us: erased.\n")


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"state": "answered", "answered_at": NOW}, "Answered on 4 May 2026."),
        (
            {"state": "stopped", "stopped_why": "Somebody spoke with them personally."},
            "Stopped: Somebody spoke with them personally.",
        ),
        ({}, "Is to be asked; nothing was sent so far."),
        (
            {"reminder_arm": "held_out"},
            (
                "Is to be asked; nothing was sent so far. "
                "Drawn by lot to get no reminder, so that its effect can be measured."
            ),
        ),
        (
            {"state": "excluded", "reason": "something_new", "detail": ""},
            "Something new.",  # a reason that nobody here knows of
        ),
    ],
)
def test_each_outcome_has_its_sentence(wave: Wave, nora: Contact, columns, text):
    Enrolment.objects.filter(wave=wave, contact=nora).update(**columns)
    (past,) = story_of(nora).past
    assert past.text == text


def test_a_wave_that_is_over_without_an_answer(wave: Wave, nora: Contact):
    assert story_of(nora, wave.closes_at).past[0].text == "Asked; no answer came."


def test_a_message_tells_its_own_reason(people: People, wave: Wave, nora: Contact):
    operations.stop_enrolments(contact=nora, why="Unsubscribed.", now=NOW)
    (past,) = story_of(nora).past
    assert {(touch.says, touch.why) for touch in past.touches} == {("Not sent", "Unsubscribed.")}


def page(people: People, path: str) -> str:
    client = Client()
    client.force_login(people.vic.user)
    with clock.at(NOW):
        answer = client.get(f"/w/{people.workspace.slug}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_customers_page_tells_it_too(people: People, wave: Wave, nora: Contact):
    shown = page(people, f"customers/contacts/{nora.public_id}/")
    assert "Asked and not asked" in shown
    assert "Relationship · wave 1" in shown
    assert "may be asked again from 2 August 2026" in shown


def test_the_waves_list_is_searched_and_filtered_by_any_reason(people: People, wave: Wave):
    strange = scene.contact(people.workspace, "Strange Case")
    row = scene.row_of(wave, Contact.objects.get(name="Recent"))
    Enrolment.objects.create(
        workspace=row.workspace,
        wave=wave,
        contact=strange,
        state="excluded",
        reason="something_new",
        detail="A reason of another kind.",
        language="en",
        created_at=NOW,
    )
    base = f"programs/waves/{wave.public_id}/"
    assert "Something new" in page(people, base)
    assert "A reason of another kind." in page(people, f"{base}?reason=something_new")
    assert "Recent" not in page(people, f"{base}?reason=something_new")
    assert "Strange" not in page(people, f"{base}?q=recent")
    assert "Nobody of that name" in page(people, f"{base}?q=zzz")
