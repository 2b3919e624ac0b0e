from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import questionnaire
from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import (
    Driver,
    DriverKind,
    Questionnaire,
    QuestionnaireError,
)

SUPPORT = {"key": "support", "label": "How was our support?", "kind": "rating"}
PLAN = {
    "key": "why-us",
    "label": "Why did you choose us?",
    "kind": "choice",
    "options": ["Price", "Features"],
}


def test_an_empty_questionnaire_is_ready_to_use():
    ready = questionnaire.parse({})
    assert ready == Questionnaire()
    assert ready.question == "How likely are you to recommend us to a friend or colleague?"
    assert all(ready.prompt_for(group) for group in Group)


def test_prompts_and_drivers_are_read():
    read = questionnaire.parse(
        {"comment_prompts": {"promoter": " What do you love? "}, "drivers": [SUPPORT, PLAN]}
    )
    assert read.prompt_for(Group.PROMOTER) == "What do you love?"
    assert read.prompt_for(Group.PASSIVE) == questionnaire.DEFAULT_PROMPTS[Group.PASSIVE]
    assert read.drivers == (
        Driver("support", "How was our support?", DriverKind.RATING),
        Driver("why-us", "Why did you choose us?", DriverKind.CHOICE, ("Price", "Features")),
    )
    assert read.driver("support") == read.drivers[0]
    assert read.driver("price") is None


def test_a_driver_is_a_rating_unless_it_says_otherwise():
    read = questionnaire.parse({"drivers": [{"key": "ease", "label": "Ease"}]})
    assert read.drivers[0].kind is DriverKind.RATING


@pytest.mark.parametrize(
    ("data", "path", "complaint"),
    [
        ([], "", "mapping"),
        ({"questions": []}, "questions", "Unknown"),
        ({"question": ""}, "question", "Expected a text"),
        ({"question": 7}, "question", "Expected a text"),
        ({"question": "a\nb"}, "question", "one line"),
        ({"question": "x" * 201}, "question", "At most 200"),
        ({"low_label": "x" * 121}, "low_label", "At most 120"),
        ({"high_label": "x" * 121}, "high_label", "At most 120"),
        ({"comment_prompts": "Why?"}, "comment_prompts", "each group"),
        ({"comment_prompts": {"fan": "Why?"}}, "comment_prompts.fan", "Unknown"),
        ({"comment_prompts": {"passive": None}}, "comment_prompts.passive", "text"),
        ({"drivers": SUPPORT}, "drivers", "list"),
        ({"drivers": ["support"]}, "drivers[0]", "key, a label"),
        ({"drivers": [SUPPORT | {"scale": 5}]}, "drivers[0].scale", "Unknown"),
        ({"drivers": [SUPPORT | {"key": "Support"}]}, "drivers[0].key", "lower-case"),
        ({"drivers": [SUPPORT | {"key": "a__b"}]}, "drivers[0].key", "lower-case"),
        ({"drivers": [SUPPORT | {"key": "a b"}]}, "drivers[0].key", "lower-case"),
        ({"drivers": [SUPPORT | {"key": "x" * 41}]}, "drivers[0].key", "at most 40"),
        ({"drivers": [{"label": "Support"}]}, "drivers[0].key", "lower-case"),
        ({"drivers": [{"key": "support"}]}, "drivers[0].label", "Expected a text"),
        (
            {"drivers": [SUPPORT | {"kind": "stars"}]},
            "drivers[0].kind",
            "rating, choice, satisfaction",
        ),
        ({"drivers": [SUPPORT | {"kind": []}]}, "drivers[0].kind", "rating, choice, satisfaction"),
        ({"drivers": [SUPPORT | {"options": ["1", "2"]}]}, "drivers[0].options", "no options"),
        ({"drivers": [PLAN | {"options": "Price"}]}, "drivers[0].options", "list"),
        ({"drivers": [PLAN | {"options": ["Price"]}]}, "drivers[0].options", "2 to 10"),
        ({"drivers": [PLAN | {"options": list("abcdefghijk")}]}, "drivers[0].options", "2 to 10"),
        ({"drivers": [PLAN | {"options": ["a", " A "]}]}, "drivers[0].options", "the same"),
        ({"drivers": [PLAN | {"options": ["a", 2]}]}, "drivers[0].options[1]", "text"),
        ({"drivers": [SUPPORT, PLAN, SUPPORT]}, "drivers[2].key", "already"),
        ({"drivers": [SUPPORT] * 6}, "drivers", "at most 5"),
    ],
)
def test_a_fault_is_told_with_its_place(data, path, complaint):
    with pytest.raises(QuestionnaireError, match=complaint) as refusal:
        questionnaire.parse(data)
    assert refusal.value.path == path
    assert str(refusal.value).startswith(path)


def test_the_longest_texts_are_allowed():
    longest = {"key": "k" * 40, "label": "l" * 120, "kind": "rating"}
    read = questionnaire.parse({"question": "q" * 200, "drivers": [longest]})
    assert (len(read.question), len(read.drivers[0].label)) == (200, 120)


def test_five_further_questions_are_not_too_many():
    drivers = [SUPPORT | {"key": f"driver-{n}"} for n in range(5)]
    assert len(questionnaire.parse({"drivers": drivers}).drivers) == 5


lines = st.from_regex(r"[A-Za-zéß?][A-Za-zéß? ]{0,50}[a-z?]", fullmatch=True)
keys = st.from_regex(r"[a-z0-9]{1,10}([_-][a-z0-9]{1,5}){0,3}", fullmatch=True)
ratings = st.fixed_dictionaries({"key": keys, "label": lines, "kind": st.just("rating")})
choices = st.fixed_dictionaries(
    {
        "key": keys,
        "label": lines,
        "kind": st.just("choice"),
        "options": st.lists(
            lines, min_size=2, max_size=10, unique_by=lambda text: text.strip().casefold()
        ),
    }
)
driver_lists: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    ratings | choices, max_size=5, unique_by=lambda driver: driver["key"]
)
questionnaires = st.fixed_dictionaries(
    {},
    optional={
        "question": lines,
        "low_label": lines,
        "high_label": lines,
        "comment_prompts": st.dictionaries(st.sampled_from([str(g) for g in Group]), lines),
        "drivers": driver_lists,
    },
)


@given(questionnaires)
def test_what_is_read_is_written_back_the_same(data):
    read = questionnaire.parse(data)
    written = questionnaire.to_data(read)
    assert questionnaire.parse(json.loads(json.dumps(written))) == read
    assert written["drivers"] == data.get("drivers", [])


RATING = Driver("support", "Support", DriverKind.RATING)
CHOICE = Driver("why", "Why", DriverKind.CHOICE, ("Price", "Features"))


@pytest.mark.parametrize(("value", "stored"), [(0, 0), (10, 10), ("7", 7), ("07", 7), ("10", 10)])
def test_a_rating_is_a_whole_number_on_the_scale(value, stored):
    assert questionnaire.check_answer(RATING, value) == stored


@pytest.mark.parametrize(
    "value", [-1, 11, "11", "", "-1", "+1", " 7", "7.0", 7.0, True, None, [7], "٧", "100"]
)
def test_anything_else_is_no_rating(value):
    with pytest.raises(QuestionnaireError, match="whole number from 0 to 10") as refusal:
        questionnaire.check_answer(RATING, value)
    assert refusal.value.path == "support"


def test_a_choice_is_one_of_its_options():
    assert questionnaire.check_answer(CHOICE, "Price") == "Price"


@pytest.mark.parametrize("value", ["price", "", None, 0, ["Price"], "Price "])
def test_anything_else_is_no_choice(value):
    with pytest.raises(QuestionnaireError, match="Choose one of Price, Features"):
        questionnaire.check_answer(CHOICE, value)


def test_satisfaction_and_effort_come_with_key_words_and_scale():
    read = questionnaire.parse({"drivers": [{"kind": "satisfaction"}, {"kind": "effort"}]})
    satisfaction, effort = read.drivers
    assert (satisfaction.key, effort.key) == ("satisfaction", "effort")
    assert satisfaction.label == "How satisfied are you overall?"
    assert satisfaction.kind.numbers == (1, 2, 3, 4, 5)
    assert effort.kind.numbers == (1, 2, 3, 4, 5, 6, 7)
    assert questionnaire.parse(questionnaire.to_data(read)) == read


def test_they_may_be_asked_in_words_of_ones_own():
    own = {"kind": "effort", "key": "ease", "label": "How easy was the set-up?"}
    (driver,) = questionnaire.parse({"drivers": [own]}).drivers
    assert (driver.key, driver.label) == ("ease", "How easy was the set-up?")


@pytest.mark.parametrize(
    ("drivers", "path"),
    [
        ([{"kind": "effort"}, {"kind": "effort", "key": "other"}], "drivers[1].kind"),
        ([{"kind": "satisfaction", "options": ["a", "b"]}], "drivers[0].options"),
        ([{"kind": "rating"}], "drivers[0].key"),
    ],
)
def test_two_of_one_options_and_ratings_without_a_name_are_refused(
    drivers: list[dict[str, Any]], path: str
):
    with pytest.raises(QuestionnaireError) as refused:
        questionnaire.parse({"drivers": drivers})
    assert refused.value.path == path


@pytest.mark.parametrize(("kind", "highest"), [("satisfaction", 5), ("effort", 7)])
def test_an_answer_stays_on_its_own_scale(kind: str, highest: int):
    (driver,) = questionnaire.parse({"drivers": [{"kind": kind}]}).drivers
    assert questionnaire.check_answer(driver, str(highest)) == highest
    for wrong in (0, highest + 1, "x", True):
        with pytest.raises(QuestionnaireError, match=f"from 1 to {highest}"):
            questionnaire.check_answer(driver, wrong)
