from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import Driver, DriverKind, Questionnaire
from afterscore.kit.errors import NotFound, Refused
from afterscore.surveys import operations, queries
from afterscore.surveys.models import Survey, SurveyVersion
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People

PLAIN = Questionnaire()
PROMPTS = PLAIN.comment_prompts


def save(
    workspace: Workspace,
    survey: Survey | None = None,
    *,
    name: str = "Relationship",
    company: str = "Harbourline",
    questionnaire: Questionnaire = PLAIN,
) -> SurveyVersion:
    return operations.save_survey(
        workspace=workspace,
        survey=survey,
        name=name,
        company=company,
        questionnaire=questionnaire,
        now=NOW,
    )


def test_a_new_survey_has_one_version_that_says_what_is_asked(people: People):
    version = save(people.workspace)

    assert version.number == 1
    assert version.survey.name == "Relationship"
    assert queries.latest_version(survey=version.survey) == version
    assert queries.questionnaire_of(version) == PLAIN


def test_saving_the_same_again_makes_no_version(people: People):
    first = save(people.workspace)

    assert save(people.workspace, first.survey) == first


@pytest.mark.parametrize(
    "change",
    [
        {"company": "Harbourline Cargo"},
        {"questionnaire": replace(PLAIN, question="Would you tell a friend about us?")},
        {"questionnaire": replace(PLAIN, comment_prompts={**PROMPTS, Group.PASSIVE: "And now?"})},
        {"questionnaire": replace(PLAIN, drivers=(Driver("speed", "Speed", DriverKind.RATING),))},
    ],
)
def test_asking_something_else_makes_the_next_version_and_leaves_the_old_one(
    people: People, change: dict[str, Any]
):
    first = save(people.workspace)
    before = (first.company, first.questionnaire)

    second = save(people.workspace, first.survey, **change)

    first.refresh_from_db()
    assert second.number == 2
    assert (first.company, first.questionnaire) == before
    assert queries.latest_version(survey=first.survey) == second


def test_a_new_name_is_not_a_new_version(people: People):
    first = save(people.workspace)

    assert save(people.workspace, first.survey, name="Yearly") == first
    assert Survey.objects.get(pk=first.survey.pk).name == "Yearly"


def test_going_back_to_old_words_is_a_version_of_its_own(people: People):
    first = save(people.workspace)
    save(people.workspace, first.survey, company="Harbourline Cargo")

    assert save(people.workspace, first.survey).number == 3


def test_a_company_may_be_called_like_its_address(people: People):
    assert save(people.workspace, company="  booking.com ").company == "booking.com"


@pytest.mark.parametrize("field", ["name", "company"])
@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "x" * 121])
def test_a_survey_needs_a_name_and_a_company(people: People, field: str, text: str):
    given: dict[str, Any] = {field: text}

    with pytest.raises(Refused) as refused:
        save(people.workspace, **given)

    assert refused.value.field == field
    assert not Survey.objects.exists()


def test_a_survey_of_another_workspace_cannot_be_changed(people: People):
    theirs = save(people.elsewhere).survey

    with pytest.raises(Survey.DoesNotExist):
        save(people.workspace, theirs, name="Mine now")


def test_a_survey_without_a_version_says_so(people: People):
    empty = Survey.objects.create(workspace=people.workspace, name="Empty", created_at=NOW)

    with pytest.raises(NotFound):
        queries.latest_version(survey=empty)
