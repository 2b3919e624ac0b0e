from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from afterscore.domain import segments
from afterscore.domain.nps import Group
from afterscore.domain.pace import AtOnce, ByCapacity, Pace, PerDay
from afterscore.domain.questionnaire import DEFAULT_PROMPTS
from afterscore.domain.reminders import Positioning
from afterscore.programs import definitions, queries
from afterscore.programs.definitions import DefinitionError

LEAST = {"name": "Relationship", "slug": "relationship"}

EVERYTHING: dict[str, Any] = {
    "name": "Relationship",
    "slug": "relationship",
    "objective": "Find out whether onboarding helps.\nKeep the promise to answer.",
    "sponsor": "Olivia Byrne",
    "positioning": "help_me_help_you",
    "survey": {
        "company": "Harbourline Cargo",
        "comment_prompts": {"detractor": "What should we mend first?"},
        "drivers": [
            {"key": "speed", "label": "How fast are we?"},
            {"key": "team", "label": "Who helped?", "kind": "choice", "options": ["Sales", "Ops"]},
        ],
    },
    "audience": {
        "all": [
            {"field": "account.plan", "in": ["pro", "enterprise"]},
            {"field": "account.renewal_on", "within_days": 60},
        ]
    },
    "trigger": {"after": "onboarding_finished", "days": 7},
    "pace": {"by": "capacity", "people": 3, "follow_ups_per_day": 8},
    "sender": {"name": "Olivia Byrne", "email": "Olivia@Harbourline.example"},
    "accounts": {"limit": 3, "spread_days": 7},
    "cadence": "half-yearly",
    "touches": {"reminders": 2, "reminder_after_days": 7},
    "send_window": "always",
    "open_days": 40,
    "answer_within_days": 3,
    "mail": {
        "subject": "{{ first_name }}, a question",
        "body": "Hello {{ first_name }}",
        "commitment": "I call you within {{ days }} days.",
    },
}


def test_a_name_and_a_slug_are_enough():
    read = definitions.parse(LEAST)

    assert read.positioning is Positioning.BETWEEN
    assert read.audience == segments.EVERYONE
    assert (read.reminders, read.reminder_after_days) == (1, 5)
    assert (read.cadence_days, read.open_days, read.answer_within_days) == (90, 30, 5)
    assert (read.sender, read.sender_email) == (definitions.NAMED, "")
    assert dict(read.questionnaire.comment_prompts) == dict(DEFAULT_PROMPTS)
    assert read.questionnaire.drivers == ()
    assert (read.subject, read.body) == ("", "")


def test_everything_can_be_said():
    read = definitions.parse(EVERYTHING)

    assert read.objective.splitlines()[1] == "Keep the promise to answer."
    assert read.questionnaire.prompt_for(Group.DETRACTOR) == "What should we mend first?"
    assert read.questionnaire.prompt_for(Group.PROMOTER) == DEFAULT_PROMPTS[Group.PROMOTER]
    assert [driver.key for driver in read.questionnaire.drivers] == ["speed", "team"]
    assert read.sender_email == "olivia@harbourline.example"
    assert (read.cadence_days, read.reminders) == (182, 2)


@pytest.mark.parametrize("data", [LEAST, EVERYTHING])
def test_what_is_written_reads_the_same(data: dict[str, Any]):
    read = definitions.parse(data)

    assert definitions.parse(definitions.to_data(read)) == read
    assert definitions.parse(definitions.read_text(definitions.write_text(read))) == read


def test_standard_prompts_are_not_written_since_they_speak_the_readers_language():
    assert "survey" not in definitions.to_data(definitions.parse(LEAST))
    written = definitions.to_data(definitions.parse(EVERYTHING))["survey"]
    assert isinstance(written, dict)
    assert written["comment_prompts"] == {"detractor": "What should we mend first?"}


@pytest.mark.parametrize(
    ("said", "days"),
    [("quarterly", 90), ("half-yearly", 182), ("yearly", 365), (30, 30), (90, 90), (730, 730)],
)
def test_the_cadence_is_a_word_or_a_number_of_days(said: object, days: int):
    assert definitions.parse({**LEAST, "cadence": said}).cadence_days == days


@pytest.mark.parametrize(
    ("positioning", "reminders"), [("help_me_help_you", 1), ("between", 1), ("measurement", 0)]
)
def test_the_positioning_proposes_how_many_reminders(positioning: str, reminders: int):
    assert definitions.parse({**LEAST, "positioning": positioning}).reminders == reminders
    kept = definitions.parse({**LEAST, "positioning": positioning, "touches": {"reminders": 2}})
    assert kept.reminders == 2


@pytest.mark.parametrize(
    ("positioning", "sender"),
    [("help_me_help_you", "account_owner"), ("between", "named"), ("measurement", "named")],
)
def test_the_positioning_proposes_who_asks(positioning: str, sender: str):
    assert definitions.parse({**LEAST, "positioning": positioning}).sender == sender
    kept = definitions.parse({**LEAST, "positioning": positioning, "sender": "workspace"})
    assert (kept.sender, kept.sender_email) == ("named", "")
    assert definitions.parse(definitions.to_data(kept)) == kept


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"name": ""}, "name", "needs a name"),
        ({"name": None}, "name", "needs a name"),
        ({"name": 7}, "name", "Expected a text"),
        ({"name": "x" * 121}, "name", "At most 120 characters"),
        ({"name": "two\nlines"}, "name", "one line"),
        ({"slug": ""}, "slug", "needs a slug"),
        ({"slug": "Relationship"}, "slug", "lower-case"),
        ({"slug": "a--b"}, "slug", "single hyphens"),
        ({"slug": "new"}, "slug", "page of its own"),
        ({"slug": "waves"}, "slug", "page of its own"),
        ({"objektive": "x"}, "objektive", "no such key. Did you mean objective?"),
        ({"colour": "red"}, "colour", "Known are name, slug"),
        ({"positioning": "betwen"}, "positioning", "Did you mean between?"),
        ({"positioning": 3}, "positioning", "is not a choice"),
        ({"survey": []}, "survey", "Expected a mapping of company, comment_prompts and drivers"),
        ({"survey": {"question": "Why?"}}, "survey.question", "no such key"),
        ({"survey": {"drivers": [{"key": "Speed"}]}}, "survey.drivers[0].key", "lower-case"),
        ({"survey": {"drivers": [{}] * 6}}, "survey.drivers", "at most 5"),
        (
            {"survey": {"comment_prompts": {"fan": "Why?"}}},
            "survey.comment_prompts.fan",
            "Known are",
        ),
        ({"audience": {"fields": 1}}, "audience", "unknown here"),
        ({"audience": "everyone"}, "audience", "Expected a test"),
        (
            {"audience": [{"field": "account.plan", "is": "x"}, {"field": "account.plann"}]},
            "audience[1].field",
            "Did you mean account.plan?",
        ),
        (
            {"audience": {"all": [{"field": "account.plan", "are": "x"}]}},
            "audience.all[0].are",
            "Choose",
        ),
        ({"audience": {"field": "account.country", "is": False}}, "audience.is", "quotes"),
        ({"sender": "owner"}, "sender", "account_owner, workspace, or a name"),
        ({"sender": {"name": "Olivia"}}, "sender.email", "empty"),
        ({"sender": {"email": "o@harbourline.example"}}, "sender.name", "from a person"),
        ({"sender": {"name": "Olivia", "email": "olivia"}}, "sender.email", "exactly one @"),
        ({"sender": {"name": "O", "mail": "x"}}, "sender.mail", "Did you mean email?"),
        ({"cadence": "monthly"}, "cadence", "is not a choice"),
        ({"cadence": 29}, "cadence", "from 30 to 730, found 29"),
        ({"cadence": True}, "cadence", "whole number"),
        ({"cadence": 90.0}, "cadence", "whole number"),
        ({"touches": {"reminders": 3}}, "touches.reminders", "from 0 to 2, found 3"),
        ({"touches": {"reminders": -1}}, "touches.reminders", "from 0 to 2"),
        ({"touches": {"reminder_after": 3}}, "touches.reminder_after", "reminder_after_days"),
        ({"touches": {"reminder_after_days": 1}}, "touches.reminder_after_days", "from 2 to 30"),
        ({"send_window": "night"}, "send_window", "Known are business_hours and always"),
        ({"open_days": 2}, "open_days", "from 3 to 180"),
        ({"open_days": "30"}, "open_days", "whole number"),
        ({"answer_within_days": 1}, "answer_within_days", "from 2 to 30"),
        ({"mail": {"text": "x"}}, "mail.text", "Known are subject, body and commitment"),
        ({"mail": {"subject": "a\nb"}}, "mail.subject", "one line"),
        ({"mail": {"body": "a\x00b"}}, "mail.body", "cannot be stored"),
        ({"mail": {"commitment": "two\nlines"}}, "mail.commitment", "one line"),
        ({"accounts": {"limit": 0}}, "accounts.limit", "from 1 to 1000"),
        ({"accounts": {"limit": 2, "spread_days": 31}}, "accounts.spread_days", "from 0 to 30"),
        ({"accounts": {"spread_days": 3}}, "accounts.spread_days", "accounts.limit"),
        ({"accounts": {"most": 3}}, "accounts.most", "Known are limit and spread_days"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_the_path_to_it(
    change: dict[str, Any], path: str, message: str
):
    with pytest.raises(DefinitionError) as refused:
        definitions.parse({**LEAST, **change})

    assert refused.value.path == path
    assert message in refused.value.message
    assert str(refused.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [", "Line 1"),
        ("name: x\n  slug: y", "Line 2"),
        ("", "Expected a program"),
        ("- name", "Expected a program"),
        ("name: x\nname: y", "Line 2: “name” is there twice"),
        ("? [a, b]\n: x", "a key is a word"),
        ("name: !!python/object:os.system x", "Line 1"),
        ("a: &a [*a]\n" + "x" * 200_000, "at most 200000 characters"),
    ],
)
def test_a_text_that_is_no_program_is_refused_with_its_line(text: str, message: str):
    with pytest.raises(DefinitionError, match=message):
        definitions.read_text(text)


def test_json_is_read_as_well():
    assert definitions.read_text('{"name": "Relationship", "slug": "relationship"}') == LEAST


def test_dates_in_a_file_are_dates():
    data = definitions.read_text(
        "name: R\nslug: r\naudience: {field: account.renewal_on, below: 2026-12-31}"
    )
    assert "31 December 2026" in segments.describe(definitions.parse(data).audience)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*EVERYTHING, "field", "all", "any", "is", "drivers", "key", "email"])
            | st.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(EVERYTHING)), ANYTHING, max_size=6))
def test_whatever_comes_is_read_or_refused_with_a_path(data: dict[str, Any]):
    try:
        read = definitions.parse({**LEAST, **data})
    except DefinitionError as error:
        event(f"refused at {error.path}")
        return
    assert definitions.parse(definitions.to_data(read)) == read


def cautions(change: dict[str, Any]) -> dict[str, str]:
    read = definitions.parse({**LEAST, "objective": "Learn.", **change})
    found: dict[str, str] = {}
    for caution in definitions.cautions_of(read):
        found[caution.path] = f"{found.get(caution.path, '')} {caution.text}".strip()
    return found


def test_an_ordinary_program_raises_no_eyebrow():
    assert cautions({}) == {}


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"objective": ""}, "objective", "what the answers are for"),
        ({"positioning": "measurement"}, "positioning", "tends to be ignored"),
        (
            {"positioning": "measurement", "touches": {"reminders": 1}},
            "touches.reminders",
            "do not help",
        ),
        ({"touches": {"reminders": 2}}, "touches.reminders", "opted in"),
        ({"cadence": 60}, "cadence", "stop answering"),
        ({"open_days": 5}, "open_days", "last reminder"),
        (
            {"survey": {"drivers": [{"key": f"k{n}", "label": "How?"} for n in range(3)]}},
            "survey.drivers",
            "3 further questions",
        ),
        (
            {"mail": {"body": "Your feedback is important to us, {{ first_name }}."}},
            "mail.body",
            "mass mailing",
        ),
        (
            {"mail": {"body": "Please complete this 2-question survey, {{ first_name }}."}},
            "mail.body",
            "mass mailing",
        ),
        ({"mail": {"subject": "Dear valued customer"}}, "mail.subject", "mass mailing"),
        ({"mail": {"body": "How are we doing?"}}, "mail.body", "{{ first_name }}"),
        ({"mail": {"body": "{{ name }}, how are we doing?"}}, "mail.body", "what good comes of"),
        ({"mail": {"body": "{{ name }}, Ihre Meinung ist uns wichtig."}}, "mail.body", "mass mail"),
        ({"mail": {"body": "{{ name }}, votre avis compte."}}, "mail.body", "mass mailing"),
        ({"mail": {"subject": "Estimado cliente"}}, "mail.subject", "mass mailing"),
        ({"mail": {"subject": "Win an iPad: one question"}}, "mail.subject", "is offered"),
        ({"mail": {"body": "{{ name }}, ein Gutschein wartet."}}, "mail.body", "is offered"),
        (
            {"sender": {"name": "Ana Lima", "email": "noreply@example.com"}},
            "sender",
            "nobody's own address",
        ),
        (
            {"sender": {"name": "The Support Team", "email": "ana@example.com"}},
            "sender",
            "is a department",
        ),
        (
            {"positioning": "help_me_help_you", "sender": "workspace"},
            "sender",
            "a promise of the account's owner",
        ),
        (
            {"survey": {"drivers": [{"key": f"k{n}", "label": "How?"} for n in range(4)]}},
            "survey.drivers",
            "6 questions",
        ),
        ({"mail": {"body": "{{ name }} " + "word " * 200}}, "mail.body", "words before"),
    ],
)
def test_what_is_worth_a_second_thought_is_said_and_not_refused(
    change: dict[str, Any], path: str, message: str
):
    assert message in cautions(change)[path]


@pytest.mark.parametrize(
    "body",
    [
        "{{ first_name }}, next month we decide what to build. What would help you most?",
        "{{ first_name }}, wir planen das nächste Jahr. Was fehlt Ihnen?",
        "{{ first_name }}, nous décidons la suite avec vos réponses. Que manque-t-il ?",
        "{{ first_name }}, decidimos con su respuesta qué mejorar para usted.",
        "{{ first_name }}, co możemy poprawić?",  # a language that nobody here can judge
    ],
)
def test_a_text_with_a_reason_to_answer_is_not_blamed(body: str):
    assert cautions({"mail": {"body": body}}) == {}


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "programs.md"


def test_every_file_in_the_documentation_is_a_program():
    texts = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)

    read = [queries.read_definition(definitions.read_text(text)) for text in texts]

    assert [definition.slug for definition in read] == ["relationship", "relationship"]
    assert all(not list(definitions.mail_cautions(d.subject, d.body)) for d in read)


def test_every_key_is_documented():
    document = DOCUMENT.read_text(encoding="utf-8")
    for key in (*EVERYTHING, *(f"touches.{part}" for part in EVERYTHING["touches"])):
        assert f"`{key}`" in document or f"`{key}." in document, key


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, AtOnce()),
        ("at_once", AtOnce()),
        ({"per_day": 50}, PerDay(50)),
        ({"by": "capacity"}, ByCapacity()),
        ({"by": "capacity", "people": 3}, ByCapacity(3)),
        ({"by": "capacity", "follow_ups_per_day": 4}, ByCapacity(None, 4)),
    ],
)
def test_a_pace_is_read_and_written(written: object, read: Pace):
    definition = definitions.parse(LEAST | {"pace": written})

    assert definition.pace == read
    assert definitions.parse(definitions.to_data(definition)) == definition


@pytest.mark.parametrize(
    ("written", "path", "words"),
    [
        ("slowly", "pace", "Expected at_once"),
        ({"per_day": 0}, "pace.per_day", "from 1 to 1,000,000"),
        ({"by": "mood"}, "pace.by", "capacity"),
        ({"by": "capacity", "poeple": 3}, "pace.poeple", "no such key"),
        ({"by": "capacity", "people": 2.5}, "pace.people", "whole number"),
    ],
)
def test_a_pace_that_cannot_be_is_refused_at_its_place(written: object, path: str, words: str):
    with pytest.raises(DefinitionError) as refused:
        definitions.parse(LEAST | {"pace": written})

    assert refused.value.path == path
    assert words in refused.value.message


def test_a_pace_without_waves_is_warned_about():
    asked = LEAST | {"trigger": "rolling", "pace": {"per_day": 50}}

    assert "pace" in {caution.path for caution in definitions.cautions_of(definitions.parse(asked))}
