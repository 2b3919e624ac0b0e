"""What a reminder says of companies like the reader's: true when it leaves, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.outreach import composition
from afterscore.outreach.composition import words
from afterscore.outreach.models import Message
from afterscore.programs import operations
from afterscore.programs.models import Wave
from afterscore.surveys import languages
from tests.people import NOW, People
from tests.programs import scene

QUOTES = {"touches": {"quotes_peers": True}}


@pytest.fixture
def companies(people: People) -> list[Contact]:
    """Forty-one on one plan, and one on another."""
    found = [
        scene.contact(
            people.workspace,
            f"P{number}",
            account=scene.account(people.workspace, f"Company {number}", plan="pro"),
        )
        for number in range(41)
    ]
    other = scene.account(people.workspace, "Other", plan="starter")
    return [*found, scene.contact(people.workspace, "Otto", account=other)]


def asked(people: People, definition: Mapping[str, object] = QUOTES) -> Wave:
    wave = scene.launch(scene.program(people.workspace, definition))
    scene.send(wave)
    return wave


def answer(wave: Wave, people: list[Contact]) -> None:
    for person in people:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=NOW)


def reminder_of(wave: Wave, person: Contact) -> Message:
    return Message.objects.select_related("workspace", "contact").get(
        stream=wave.public_id, contact=person, kind="reminder"
    )


def text_of(wave: Wave, person: Contact) -> str:
    return composition.compose(reminder_of(wave, person)).text


def due(wave: Wave, person: Contact) -> datetime:
    return reminder_of(wave, person).due_at


def test_it_says_how_many_of_the_others_have_answered(people: People, companies: list[Contact]):
    wave = asked(people)
    answer(wave, companies[:31])

    assert operations.quote_peers(now=due(wave, companies[40])) == 10

    assert "31 of 40 companies like yours have already answered." in text_of(wave, companies[40])


def test_it_is_counted_when_the_reminder_leaves_and_not_before(
    people: People, companies: list[Contact]
):
    wave = asked(people)
    answer(wave, companies[:25])
    moment = due(wave, companies[40])

    assert operations.quote_peers(now=moment - timedelta(hours=3)) == 0
    operations.quote_peers(now=moment - timedelta(minutes=30))
    answer(wave, companies[25:31])
    operations.quote_peers(now=moment)

    assert "31 of 40" in text_of(wave, companies[40])


def test_half_of_them_is_not_most_of_them(people: People, companies: list[Contact]):
    wave = asked(people)
    answer(wave, companies[:20])

    assert operations.quote_peers(now=due(wave, companies[40])) == 0
    assert "companies like yours" not in text_of(wave, companies[40])


def test_of_few_companies_nothing_is_said(people: People, companies: list[Contact]):
    wave = asked(people)
    operations.quote_peers(now=due(wave, companies[41]))
    assert "companies like yours" not in text_of(wave, companies[41])


def test_a_colleagues_answer_is_not_another_companys(people: People, companies: list[Contact]):
    wave = asked(people)
    colleague = scene.contact(people.workspace, "Late", account=companies[0].account)
    assert colleague.account == companies[0].account
    answer(wave, companies[:31])
    operations.quote_peers(now=due(wave, companies[40]))

    fields = reminder_of(wave, companies[40]).fields
    assert (fields["peers_asked"], fields["peers_answered"]) == (40, 31)


def test_unless_the_program_says_so_nothing_is_said(people: People, companies: list[Contact]):
    wave = asked(people, {})
    answer(wave, companies[:31])

    assert operations.quote_peers(now=due(wave, companies[40])) == 0
    assert "companies like yours" not in text_of(wave, companies[40])


def test_the_programs_own_words_come_first(people: People, companies: list[Contact]):
    wave = asked(people, {**QUOTES, "mail": {"body": "Hello {{ first_name }}, how are we doing?"}})
    answer(wave, companies[:31])
    operations.quote_peers(now=due(wave, companies[40]))

    text = text_of(wave, companies[40])
    assert text.index("how are we doing?") < text.index("31 of 40 companies")


def test_an_invitation_never_says_it(people: People, companies: list[Contact]):
    wave = asked(people)
    Message.objects.filter(stream=wave.public_id, kind="invitation").update(
        fields={"peers_asked": 40, "peers_answered": 31, "survey_path": "/s/x"}
    )
    invitation = Message.objects.select_related("workspace", "contact").filter(kind="invitation")[0]
    assert "companies like yours" not in composition.compose(invitation).text


@pytest.mark.parametrize("code", languages.available())
def test_every_language_says_both_figures_in_words_of_its_own(people: People, code: str):
    message = Message(
        workspace=people.workspace, kind="reminder", language=code, fields={
            "peers_asked": 40, "peers_answered": 31},
    )  # fmt: skip
    (said,) = words.peers(message, languages.get(code))

    assert re.findall(r"\d+", said) in (["31", "40"], ["40", "31"])
    assert ("companies like yours" in said) is (code == "en")
