from __future__ import annotations

from datetime import timedelta

import pytest

from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.improvements import operations, queries
from afterscore.improvements.models import Objective, Voice
from afterscore.improvements.queries import Knows
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound, Refused
from tests.improvements.scene import TOLD, by, hear, link, propose, save_theme
from tests.people import NOW, People

LATER = NOW + timedelta(days=30)


def test_a_proposal_belongs_to_the_department_of_its_theme(people: People):
    improvement = propose(people, theme=save_theme(people))
    assert improvement.department == Department.PRODUCT
    assert improvement.state == State.PROPOSED
    fact = Fact.objects.get(name="improvement.changed")
    assert (fact.subject, fact.payload["state"]) == (improvement.public_id, "proposed")


def test_without_a_title_nothing_is_proposed(people: People):
    with pytest.raises(Refused, match="what will be better"):
        propose(people, title="  ")


def test_it_goes_from_state_to_state_and_ends_when_it_is_dropped(people: People):
    improvement = propose(people)
    for state in (State.PLANNED, State.IN_PROGRESS, State.DROPPED):
        improvement = operations.move_improvement(
            improvement=improvement, to=state, actor=by(people.ana), now=LATER
        )
    assert improvement.ended_at == LATER
    improvement = operations.move_improvement(
        improvement=improvement, to=State.PROPOSED, actor=by(people.ana), now=LATER
    )
    assert improvement.ended_at is None
    with pytest.raises(Refused, match="what customers will read"):
        operations.move_improvement(
            improvement=improvement, to=State.DONE, actor=by(people.ana), now=LATER
        )


def test_what_is_done_keeps_what_customers_read_about_it(people: People):
    improvement = operations.finish_improvement(
        improvement=propose(people),
        told=TOLD | {"de": {"subject": "", "body": ""}},
        actor=by(people.max),
        now=LATER,
    )
    assert (improvement.state, improvement.ended_at) == (State.DONE, LATER)
    assert improvement.told == TOLD
    assert Fact.objects.get(name="improvement.done").payload == {"tells": True}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (None, "Write what customers will read"),
        ({"en": {"subject": "S", "body": "Hello {{ nonsense }}"}}, "nonsense"),
        ({"en": {"subject": "S", "body": "Hello {{ first_name"}}, "expected"),
    ],
)
def test_nothing_is_done_with_a_text_that_nobody_could_read(
    people: People, told: dict[str, dict[str, str]] | None, why: str
):
    improvement = propose(people)
    with pytest.raises(Refused, match=why):
        operations.finish_improvement(
            improvement=improvement, told=told, actor=by(people.max), now=LATER
        )
    improvement.refresh_from_db()
    assert improvement.state == State.PROPOSED


def test_an_answer_is_linked_once_however_often_it_is_chosen(people: People):
    improvement = propose(people)
    nora = hear(people, "Nora", "We need reports")
    link(people, improvement, nora)
    link(people, improvement, nora, hear(people, "Omar", "Reports, please"))
    assert Voice.objects.count() == 2
    linked = [fact.payload["responses"] for fact in Fact.objects.filter(name__contains="voices")]
    assert [len(each) for each in linked] == [1, 1]


def test_whoever_was_told_stays_on_record(people: People):
    improvement = propose(people)
    nora, omar = hear(people, "Nora", "reports"), hear(people, "Omar", "reports")
    link(people, improvement, nora, omar)
    voice = queries.get_voice(improvement=improvement, response=nora)
    operations.note_told(voice=voice, actor=by(people.ana), now=LATER)
    with pytest.raises(Refused, match="stays on record"):
        operations.unlink_voice(
            improvement=improvement, response=nora, actor=by(people.ana), now=LATER
        )
    operations.unlink_voice(improvement=improvement, response=omar, actor=by(people.ana), now=LATER)
    (heard,) = queries.list_voices(improvement=improvement)
    assert (heard.voice.response, heard.knows) == (nora, Knows.BY_PERSON)


def test_the_reason_why_somebody_was_not_told_stands_beside_them(people: People):
    improvement = propose(people)
    link(people, improvement, hear(people, "Nora", "reports"))
    (heard,) = queries.list_voices(improvement=improvement)
    assert heard.knows is Knows.NOT_YET
    for _twice in range(2):
        operations.note_not_told(
            voice=heard.voice, why="Gets no more mail.", actor=by(people.max), now=LATER
        )
    (heard,) = queries.list_voices(improvement=improvement)
    assert (heard.knows, heard.why) == (Knows.NEEDS_PERSON, "Gets no more mail.")
    assert Fact.objects.filter(name="improvement.voice_not_told").count() == 1


def test_answers_that_speak_of_the_theme_are_proposed_until_they_are_linked(people: People):
    improvement = propose(people, theme=save_theme(people))
    nora = hear(people, "Nora", "No report fits")
    hear(people, "Omar", "Fine as it is")
    assert queries.list_suggestions(improvement=improvement) == [nora]
    link(people, improvement, nora)
    assert queries.list_suggestions(improvement=improvement) == []


def test_lists_say_how_many_asked_and_how_many_know(people: People):
    improvement = propose(people)
    nora, omar = hear(people, "Nora", "reports"), hear(people, "Omar", "reports")
    link(people, improvement, nora, omar)
    voice = queries.get_voice(improvement=improvement, response=nora)
    operations.note_told(voice=voice, actor=by(people.ana), now=LATER)
    (row,) = queries.list_improvements(workspace=people.workspace)
    assert (row.voices, row.told) == (2, 1)
    assert queries.list_improvements(workspace=people.elsewhere) == []


def test_an_objective_ends_once_reached_or_not(people: People):
    def save(objective: Objective | None = None, title: str = "Fewer outages") -> Objective:
        return operations.save_objective(
            workspace=people.workspace,
            objective=objective,
            department=Department.PRODUCT,
            title=title,
            actor=by(people.max),
            now=NOW,
        )

    objective = save()
    save(objective, title="Half as many outages")
    operations.end_objective(objective=objective, is_reached=True, actor=by(people.max), now=LATER)
    with pytest.raises(Refused, match="ended already"):
        operations.end_objective(
            objective=objective, is_reached=False, actor=by(people.max), now=LATER
        )
    with pytest.raises(Refused, match="Set a new one"):
        save(objective, title="Other words")
    with pytest.raises(Refused, match="wants to reach"):
        save(title=" ")
    (row,) = queries.list_objectives(workspace=people.workspace)
    assert (row.title, row.is_reached) == ("Half as many outages", True)


def test_what_belongs_to_others_is_not_found(people: People):
    improvement = propose(people)
    with pytest.raises(NotFound):
        queries.get_improvement(workspace=people.elsewhere, public_id=improvement.public_id)
