"""The form and the file make the same program."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from afterscore.domain import questionnaire
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.programs import definitions, operations, queries
from afterscore.programs.definitions import Definition
from afterscore.programs.forms import drivers, rows
from afterscore.programs.models import Program
from tests.people import NOW, People
from tests.programs import scene
from tests.programs.reading import read_form
from tests.programs.test_definitions import EVERYTHING, LEAST

PROGRAMS = "/w/harbourline/programs/"

# What a person types; every field that a file can say.
TYPED = {
    "name": "Relationship",
    "slug": "relationship",
    "objective": "Find out whether onboarding helps.\r\nKeep the promise to answer.",
    "sponsor": "Olivia Byrne",
    "positioning": "help_me_help_you",
    "company": "Harbourline Cargo",
    "prompt_detractor": "What should we mend first?",
    "driver-0-label": "How fast are we?",
    "driver-0-kind": "rating",
    "driver-0-key": "speed",
    "driver-1-label": "Who helped?",
    "driver-1-kind": "choice",
    "driver-1-options": "Sales, Ops",
    "driver-1-key": "team",
    "match": "all",
    "audience-0-field": "account.plan",
    "audience-0-operator": "in",
    "audience-0-value": "pro, enterprise",
    "audience-1-field": "account.renewal_on",
    "audience-1-operator": "within_days",
    "audience-1-value": "60",
    "sender": "named",
    "sender_name": "Olivia Byrne",
    "sender_email": "Olivia@Harbourline.example",
    "trigger": "after",
    "trigger_after": "onboarding_finished",
    "trigger_days": "7",
    "trigger_before": "60",
    "pace": "capacity",
    "pace_people": "3",
    "pace_follow_ups": "8",
    "cadence": "half-yearly",
    "reminders": "2",
    "reminder_after_days": "7",
    "account_limit": "3",
    "account_spread_days": "7",
    "commitment": "I call you within {{ days }} days.",
    "send_window": "always",
    "open_days": "40",
    "answer_within_days": "3",
    "subject": "{{ first_name }}, a question",
    "body": "Hello {{ first_name }}",
}


def open_page(client: Client, path: str) -> str:
    with clock.at(NOW):
        response = client.get(PROGRAMS + path)
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, path: str, values: dict[str, str]) -> Any:
    with clock.at(NOW):
        return client.post(PROGRAMS + path, values)


def saved() -> Definition:
    return queries.definition_of(
        program=Program.objects.select_related("survey", "workspace").get()
    )


def test_the_form_makes_what_the_file_makes(people: People):
    max_ = people.client(people.max)
    values = read_form(open_page(max_, "new/"))

    response = send(max_, "new/", values | TYPED)

    assert response.status_code == 302
    assert saved() == definitions.parse(EVERYTHING)


def test_a_name_alone_makes_what_the_shortest_file_makes(people: People):
    max_ = people.client(people.max)
    values = read_form(open_page(max_, "new/"))

    send(max_, "new/", values | {"name": "Relationship"})

    assert saved() == definitions.parse(LEAST)


AUDIENCES: tuple[object, ...] = (
    {},
    {"field": "account.plan", "is": "enterprise"},
    {"field": "account.plan", "is_not": "5"},
    {"field": "account.name", "in": ["Berg, Meyer & Co", "Quayside", 'The "Best"']},
    {"field": "account.recurring_revenue", "between": [1000, 5000.5]},
    {"field": "account.renewal_on", "between": ["2026-01-01", "2026-06-30"]},
    {"field": "account.renewal_on", "within_days": -30},
    {"field": "contact.persona", "known": False},
    {"field": "contact.attribute.beta", "is": True},
    {"field": "contact.attribute.beta", "is": "true"},
    {"field": "contact.attribute.level", "is": 5},
    {"field": "contact.attribute.level", "is": "5"},
    {"field": "contact.attribute.since", "above": "2026-01-01"},
    {"field": "contact.attribute.team", "in": ["a, b", "no", 7, False]},
    {"any": [{"field": "account.plan", "is": "pro"}, {"field": "contact.language", "is": "de"}]},
    {"all": [{"any": [{"field": "account.plan", "is": "pro"}]}]},
    {"not": {"field": "account.plan", "is": "free"}},
    {
        "all": [
            {"field": "account.plan", "is": "pro"},
            {"any": [{"field": "account.country", "is": "IE"}, {"not": {"any": [
                {"field": "contact.language", "is": "de"}]}}]},
        ]
    },
)  # fmt: skip


@pytest.mark.parametrize("audience", AUDIENCES)
def test_opening_and_saving_the_form_changes_nothing(people: People, audience: object):
    scene.applied(people.workspace, {**EVERYTHING, "audience": audience})
    max_ = people.client(people.max)
    values = read_form(open_page(max_, "relationship/edit/"))

    response = send(max_, "relationship/edit/", values)

    assert response.status_code == 302
    assert Fact.objects.filter(name="program.applied").count() == 1
    assert saved() == definitions.parse({**EVERYTHING, "audience": audience})


@pytest.mark.parametrize(
    "change",
    [
        {"sender": "account_owner"},
        {"sender": None},
        {"cadence": 77},
        {"survey": {}},
        {"mail": {"body": "\n\n  Hello {{ first_name }}\n\n- one\n- two"}},
        {"positioning": "measurement", "touches": {"reminders": 0}},
    ],
)
def test_opening_and_saving_keeps_every_choice(people: People, change: dict[str, object]):
    scene.program(people.workspace, {**EVERYTHING, **change})
    max_ = people.client(people.max)

    send(max_, "relationship/edit/", read_form(open_page(max_, "relationship/edit/")))

    assert Fact.objects.filter(name="program.applied").count() == 1


def test_nothing_typed_is_lost_and_everything_wrong_is_said_at_once(people: People):
    max_ = people.client(people.max)
    wrong = {
        "audience-1-value": "soon",
        "driver-1-options": "Sales",
        "sender_email": "olivia",
        "open_days": "1000",
        "body": "Hello {{ frist_name }}",
    }
    response = send(max_, "new/", TYPED | wrong)
    page = response.content.decode()

    assert response.status_code == 422
    assert read_form(page) | {"objective": ""} == TYPED | wrong | {
        "objective": "",
        "prompt_promoter": "",
        "prompt_passive": "",
        "cadence_days": "",
        "pace_per_day": "",
        "reminder_hold_out": "",
        "heads_up_days": "",
        "heads_up_hold_out": "",
        "why": "",
        "written": "",
        "driver-0-options": "",
    }
    assert "Not saved yet. 5 things need mending" in page
    for message in (
        "Expected a whole number of days",
        "A choice has 2 to 10 options.",
        "An address has exactly one @.",
        "Give a whole number from 3 to 180.",
        "did you mean &#x27;first_name&#x27;?",
    ):
        assert message in page
    assert not Program.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "A program needs a name."),
        ({"slug": "Not A Slug"}, "lower-case letters"),
        ({"slug": "new"}, "page of its own"),
        ({"audience-0-field": "account.plann"}, "Did you mean account.plan?"),
        ({"audience-0-field": ""}, "is not a field"),
        ({"match": "written", "written": "{"}, "This is not YAML"),
        ({"match": "written", "written": "{plan: pro}"}, "unknown here"),
        ({"reminders": "3"}, "Give a whole number from 0 to 2."),
        ({"cadence": "other", "cadence_days": "7"}, "Give a whole number from 30 to 730."),
        ({"sender_name": ""}, "A mail comes from a person"),
        ({"driver-1-key": "speed"}, "already the key of another question"),
    ],
)
def test_what_the_file_refuses_the_form_refuses(
    people: People, change: dict[str, str], message: str
):
    response = send(people.client(people.max), "new/", TYPED | change)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert "One thing needs mending" in response.content.decode()


def test_a_new_program_does_not_take_the_place_of_another(people: People):
    scene.program(people.workspace, {"name": "The first"})

    response = send(people.client(people.max), "new/", TYPED)

    assert response.status_code == 422
    assert "“The first” has this name in addresses" in response.content.decode()
    assert Program.objects.get().name == "The first"


def test_a_field_from_a_file_stays_even_where_the_list_does_not_know_it(people: People):
    audience = {"field": "contact.attribute.unheard_of", "is": "x"}
    scene.program(people.workspace, {"audience": audience})

    page = open_page(people.client(people.max), "relationship/edit/")

    assert read_form(page)["audience-0-field"] == "contact.attribute.unheard_of"


def test_attributes_of_customers_can_be_chosen(people: People):
    scene.contact(people.workspace, attributes={"beta": True, "not a key": 1})
    scene.account(people.workspace, attributes={"seats": 5})
    scene.contact(people.elsewhere, attributes={"secret": 1})

    page = open_page(people.client(people.max), "new/")
    added = send(people.client(people.max), "new/", read_form(page) | {"add": "audience"})

    text = added.content.decode()
    assert 'value="contact.attribute.beta"' in text
    assert 'value="account.attribute.seats"' in text
    assert "not a key" not in text
    assert "secret" not in text


def test_rows_are_added_and_removed_without_losing_the_others(people: People):
    max_ = people.client(people.max)

    added = read_form(send(max_, "new/", TYPED | {"add": "audience"}).content.decode())
    assert added["audience-1-value"] == "60"
    assert added["audience-2-value"] == ""

    removed = read_form(send(max_, "new/", TYPED | {"remove": "audience-0"}).content.decode())
    assert removed["audience-0-value"] == "60"
    assert "audience-1-value" not in removed

    without = read_form(send(max_, "new/", TYPED | {"remove": "driver-1"}).content.decode())
    assert without["driver-0-key"] == "speed"
    assert "driver-1-key" not in without
    assert not Program.objects.exists()


@pytest.mark.parametrize("number", ["9", "-1", "x", "²", "99999999999"])
def test_a_row_that_is_not_there_is_not_removed(people: People, number: str):
    response = send(people.client(people.max), "new/", TYPED | {"remove": f"audience-{number}"})

    assert read_form(response.content.decode())["audience-1-value"] == "60"


# The live count


def count(people: People, values: dict[str, str]) -> str:
    response = send(people.client(people.max), "audience/", values)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_form_counts_whom_it_would_ask_while_it_is_unfinished(people: People):
    scene.contact(people.workspace, account=scene.account(people.workspace, plan="pro"))
    scene.contact(people.workspace, "Other")
    values = {
        "audience-0-field": "account.plan",
        "audience-0-operator": "is",
        "audience-0-value": "pro",
        "sender": "named",
        "body": "{{ wrong",
    }

    page = count(people, values)

    assert "<strong>1 person</strong> would be asked now" in page
    assert "Not in the audience" in page


def test_the_count_of_a_program_knows_whom_it_asked_before(people: People):
    people.workspace.minimum_gap_days = 0
    people.workspace.save()
    scene.contact(people.workspace)
    wave = scene.launch(scene.program(people.workspace))
    scene.send(wave)
    operations.close_wave(wave=wave, actor=SYSTEM, now=NOW)

    assert "Not due yet in this program" in count(people, {"program": "relationship"})
    assert "1 person" in count(people, {"program": ""})


def test_a_filter_that_is_wrong_is_said_where_the_count_would_be(people: People):
    page = count(people, {"audience-0-field": "account.plan", "audience-0-operator": "above"})

    assert "is not an operator of a text field" in page


def test_satisfaction_and_effort_need_nothing_but_their_kind():
    typed = [
        {"kind": "satisfaction"},
        {"kind": "effort", "label": "Set-up"},
        {"kind": "rating"},
    ]
    filled = rows.bind(drivers.DriverRow, drivers.PREFIX, typed)
    read = questionnaire.parse({"drivers": drivers.data_of(filled)})
    assert [(each.key, each.label) for each in read.drivers] == [
        ("satisfaction", "How satisfied are you overall?"),
        ("effort", "Set-up"),
    ]
