from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import questionnaire
from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import Questionnaire, to_data
from afterscore.surveys import languages
from afterscore.surveys.composition import Wording, fill, word_survey
from afterscore.surveys.models import SurveyVersion

PLAIN = Questionnaire()


def word(
    language: str = "en",
    *,
    company: str = "Harbourline",
    questionnaire: Questionnaire = PLAIN,
    fallback: str = "en",
    days: int = 5,
) -> Wording:
    version = SurveyVersion(company=company, questionnaire=to_data(questionnaire))
    return word_survey(
        version=version, language=language, fallback=fallback, sender="Olivia Byrne", days=days
    )


def said(wording: Wording) -> list[str]:
    lines = [wording.question, wording.low_label, wording.high_label, wording.saved(9)]
    texts = {**wording.texts, "saved": ""}
    return [*lines, *wording.prompts.values(), *wording.thanks.values(), *texts.values()]


@pytest.mark.parametrize("code", languages.available())
def test_every_language_is_filled_in_completely(code: str):
    wording = word(code)

    assert wording.language == code
    assert "Harbourline" in wording.question
    assert all("Olivia Byrne" in promise for promise in wording.thanks.values())
    assert all("5" in promise for promise in wording.thanks.values())
    assert "9" in wording.saved(9)
    assert not [line for line in said(wording) if "{" in line]


@pytest.mark.parametrize(
    ("language", "fallback", "spoken"),
    [
        ("de", "fr", "de"),
        ("de-AT", "fr", "de"),
        ("tlh", "fr", "fr"),
        ("", "fr-CA", "fr"),
        ("tlh", "tlh", "en"),
        ("", "", "en"),
    ],
)
def test_the_person_goes_before_the_workspace_and_english_comes_last(
    language: str, fallback: str, spoken: str
):
    assert word(language, fallback=fallback).language == spoken


def test_own_words_stand_as_they_were_written_in_every_language():
    own = replace(
        PLAIN,
        question="Would you tell a friend about {company}?",
        low_label="Never",
        high_label="Surely",
        comment_prompts={**PLAIN.comment_prompts, Group.PASSIVE: "What is missing?"},
    )

    wording = word("de", questionnaire=own)

    assert wording.question == "Would you tell a friend about {company}?"
    assert (wording.low_label, wording.high_label) == ("Never", "Surely")
    assert wording.prompts[Group.PASSIVE] == "What is missing?"
    assert wording.prompts[Group.PROMOTER] == languages.get("de").survey["prompt_promoter"]


def test_a_name_of_another_script_does_not_disturb_the_line():
    assert "\u2068Harbourline\u2069" in word("ar").question
    assert "\u2068Olivia Byrne\u2069" in word("he").thanks[Group.PROMOTER]
    assert word("ar").company == "Harbourline"
    assert "\u2068" not in word("en").question


@given(company=st.text(min_size=1), other=st.text())
def test_a_value_is_never_taken_for_a_placeholder(company: str, other: str):
    assert fill("{company}|{sender}", company=company, sender=other) == f"{company}|{other}"


@given(text=st.text())
def test_a_text_without_placeholders_stays_as_it_is(text: str):
    assert fill(text, unused_name="x") == text or "{unused_name}" in text


def test_what_is_not_known_yet_stays_a_placeholder():
    assert fill("{score} of {company}", company="Harbourline") == "{score} of Harbourline"


def test_satisfaction_and_effort_are_asked_in_the_readers_language():
    asked = questionnaire.parse({"drivers": [{"kind": "satisfaction"}, {"kind": "effort"}]})
    german = word("de", questionnaire=asked)
    assert [driver.label for driver in german.drivers] == [
        "Wie zufrieden sind Sie insgesamt?",
        "Wie leicht war es, das zu bekommen, was Sie brauchten?",
    ]


def test_words_of_ones_own_for_them_stand_as_they_were_written():
    own = questionnaire.parse({"drivers": [{"kind": "effort", "label": "Ease of set-up"}]})
    assert word("de", questionnaire=own).drivers[0].label == "Ease of set-up"
