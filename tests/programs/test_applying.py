from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterscore.domain.events import SYSTEM, Actor, Change
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.programs import definitions, operations, queries
from afterscore.programs.models import Program
from afterscore.surveys.models import Survey, SurveyVersion
from afterscore.workspaces.operations import change_workspace
from tests.people import NOW, People
from tests.programs import scene
from tests.programs.test_definitions import EVERYTHING, LEAST


def test_applying_a_name_and_a_slug_makes_a_program_with_the_standard_question(people: People):
    program = scene.program(people.workspace)

    assert (program.cadence_days, program.reminders, program.audience) == (90, 1, {})
    version = SurveyVersion.objects.get(survey=program.survey)
    assert version.company == "Harbourline"


@pytest.mark.parametrize("definition", [LEAST, EVERYTHING])
def test_applying_the_same_again_changes_nothing(people: People, definition: dict[str, Any]):
    first = scene.program(people.workspace, definition)
    later = NOW + timedelta(days=1)

    again = scene.program(people.workspace, definition, now=later)

    assert again == first
    assert again.updated_at == NOW
    assert SurveyVersion.objects.count() == 1
    assert Fact.objects.filter(name="program.applied").count() == 1


@pytest.mark.parametrize("definition", [LEAST, EVERYTHING])
def test_a_program_reads_back_as_its_definition(people: People, definition: dict[str, Any]):
    program = scene.applied(people.workspace, definition)

    assert queries.definition_of(program=program) == definitions.parse(definition)


def test_what_changed_is_written_down(people: People):
    scene.program(people.workspace)
    scene.program(people.workspace, {"cadence": 182, "mail": {"subject": "Hello"}})

    fact = Fact.objects.filter(name="program.applied").latest("id")
    assert (fact.payload["slug"], fact.payload["changed"]) == ("relationship", ["cadence", "mail"])


@pytest.mark.parametrize(
    ("change", "versions"),
    [
        ({"cadence": 182}, 1),
        ({"mail": {"body": "Hello"}}, 1),
        ({"name": "Yearly"}, 1),
        ({"survey": {"company": "Harbourline Cargo"}}, 2),
        ({"survey": {"comment_prompts": {"passive": "And now?"}}}, 2),
        ({"survey": {"drivers": [{"key": "speed", "label": "Speed"}]}}, 2),
    ],
)
def test_only_another_survey_makes_another_version(
    people: People, change: dict[str, object], versions: int
):
    scene.program(people.workspace)
    scene.program(people.workspace, change)

    assert SurveyVersion.objects.count() == versions
    assert Survey.objects.count() == 1


def test_a_renamed_workspace_asks_about_its_new_name_from_the_next_apply_on(people: People):
    scene.program(people.workspace)
    change_workspace(
        workspace=people.workspace, changes={"name": "Tideline"}, actor=SYSTEM, now=NOW
    )

    program = scene.program(people.workspace)

    assert [version.company for version in SurveyVersion.objects.order_by("number")] == [
        "Harbourline",
        "Tideline",
    ]
    assert queries.definition_of(program=program).company == ""


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"audience": {"field": "account.plann", "is": "x"}}, "audience.field", "account.plan"),
        ({"mail": {"subject": "{{ frist_name }}"}}, "mail.subject", "did you mean 'first_name'"),
        ({"mail": {"body": "Hello\n{{ first_name"}}, "mail.body", "Line 2"),
        ({"mail": {"commitment": "Within {{ dyas }} days."}}, "mail.commitment", "did you mean"),
        ({"mail": {"body": "{% for x in y %}{% endfor %}"}}, "mail.body", "Line 1"),
    ],
)
def test_a_wrong_definition_is_refused_and_leaves_no_trace(
    people: People, change: dict[str, object], field: str, message: str
):
    with pytest.raises(Refused) as refused:
        scene.program(people.workspace, change)

    assert refused.value.field == field
    assert message in refused.value.message
    assert not Program.objects.exists()
    assert not Survey.objects.exists()


def test_the_same_slug_elsewhere_is_another_program(people: People):
    here = scene.program(people.workspace)
    there = scene.program(people.elsewhere, {"name": "Theirs"})

    assert here != there
    here.refresh_from_db()
    assert here.name == "Relationship"


def test_who_applied_is_on_record(people: People):
    operations.apply(
        workspace=people.workspace,
        definition=LEAST,
        actor=Actor("member", people.max.public_id),
        now=NOW,
    )
    assert Fact.objects.get(name="program.applied").actor == f"member:{people.max.public_id}"


def test_what_the_policy_was_and_why_is_kept_with_who_decided(people: People):
    first = {"name": "Relationship", "slug": "relationship", "positioning": "help_me_help_you"}
    max_ = Actor("member", people.max.public_id)
    program = operations.apply(workspace=people.workspace, definition=first, actor=max_, now=NOW)
    changed = {**first, "sender": "workspace", "touches": {"reminders": 0}, "cadence": "yearly"}
    operations.apply(
        workspace=people.workspace,
        definition=changed,
        why="The owners asked for it.",
        actor=max_,
        now=NOW,
    )
    latest, oldest = queries.list_decisions(program=program)
    assert (latest.who, latest.at, latest.why) == (str(people.max), NOW, "The owners asked for it.")
    assert [(each.setting, each.before, each.after) for each in latest.changes] == [
        ("Who asks", "account owner", "workspace"),
        ("Days between two askings", "90", "365"),
        ("Reminders", "1", "0"),
    ]
    assert latest.changes[2].why.startswith("One reminder, because busy people do mean to answer.")
    assert oldest.changes[0].after.startswith("Help me to help you")


def test_a_decision_that_another_version_wrote_down_is_read_as_far_as_it_says(people: People):
    program = scene.program(people.workspace)
    fact = Fact.objects.get(subject=program.public_id, name="program.applied")
    fact.payload["policy"] = [{"setting": "Reminders"}, {"after": "2", "unheard_of": True}]
    fact.save(update_fields=["payload"])
    (decision,) = queries.list_decisions(program=program)
    assert decision.changes == (Change("Reminders", "", ""), Change("", "", "2"))


def test_what_is_no_policy_is_no_decision(people: People):
    program = scene.program(people.workspace)
    scene.program(people.workspace, {"objective": "Learn.", "mail": {"subject": "Hello"}})
    assert len(queries.list_decisions(program=program)) == 1
