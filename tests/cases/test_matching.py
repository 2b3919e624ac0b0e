"""Cases follow their themes when the words of a theme change, but not against a person's hand."""

from __future__ import annotations

from afterscore.cases.models import Case
from afterscore.domain.events import SYSTEM
from afterscore.improvements import operations as improvements
from afterscore.improvements.models import Theme
from afterscore.kit import clock, jobs
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def save(
    people: People, words: str, theme: Theme | None = None, *, is_active: bool = True
) -> Theme:
    """As the page does it, and the worker after it."""
    with jobs.inline() as queue, clock.at(NOW):
        saved = improvements.save_theme(
            workspace=people.workspace,
            theme=theme,
            name="Reports",
            words=words,
            is_active=is_active,
            actor=by(people.max),
            now=NOW,
        )
        queue.run()
    return saved


def themes_of(case: Case) -> list[str]:
    case.refresh_from_db(fields=["themes"])
    return case.themes


def test_a_new_theme_is_found_in_answers_that_are_there(people: People):
    speaks = open_for(people, comment="The report is late")
    other = open_for(people, comment="All fine")
    silent = open_for(people)
    theme = save(people, "report")
    assert [themes_of(case) for case in (speaks, other, silent)] == [[theme.public_id], [], []]


def test_a_word_that_goes_takes_its_matches_with_it(people: People):
    report = open_for(people, comment="The report is late")
    chart = open_for(people, comment="The chart is late")
    theme = save(people, "report")
    save(people, "chart", theme)
    assert (themes_of(report), themes_of(chart)) == ([], [theme.public_id])
    save(people, "chart", theme, is_active=False)
    assert themes_of(chart) == []
    save(people, "chart", theme)
    assert themes_of(chart) == [theme.public_id]


def test_what_a_person_added_or_took_away_stays(people: People):
    added = open_for(people, comment="Numbers are late")
    taken = open_for(people, comment="The report is late")
    theme = save(people, "report")
    Case.objects.filter(pk=added.pk).update(themes=[theme.public_id])
    Case.objects.filter(pk=taken.pk).update(themes=[])
    save(people, "report\nchart", theme)
    assert (themes_of(added), themes_of(taken)) == ([theme.public_id], [])


def test_other_themes_of_a_case_are_left_alone(people: People):
    case = open_for(people, comment="The report is late")
    Case.objects.filter(pk=case.pk).update(themes=["thm_other"])
    theme = save(people, "report")
    assert themes_of(case) == ["thm_other", theme.public_id]
    save(people, "chart", theme)
    assert themes_of(case) == ["thm_other"]


def test_the_usual_themes_are_found_in_answers_that_are_there(people: People):
    case = open_for(people, comment="Far too expensive")
    with jobs.inline() as queue, clock.at(NOW):
        improvements.plant_themes(workspace=people.workspace, actor=SYSTEM, now=NOW)
        queue.run()
    (found,) = themes_of(case)
    assert Theme.objects.get(public_id=found).name == "Price and value"
