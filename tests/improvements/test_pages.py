"""The pages of themes, improvements and objectives, as their readers use them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.improvements import operations
from afterscore.improvements.models import Improvement, Objective, Theme, Voice
from tests.improvements.scene import TOLD, by, hear, link, propose, save_theme
from tests.people import NOW, People

HOME = "/w/harbourline/improvements/"


@pytest.fixture
def manager(people: People) -> Client:
    return people.client(people.max)


@pytest.fixture
def agent(people: People) -> Client:
    return people.client(people.ana)


@pytest.fixture
def viewer(people: People) -> Client:
    return people.client(people.vic)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_empty_pages_say_what_to_do_next(manager: Client, viewer: Client):
    assert "Add the usual themes" in text(manager.get(f"{HOME}themes/"))
    assert "Write the first one down" in text(manager.get(HOME))
    assert "Set the first one" in text(manager.get(f"{HOME}objectives/"))
    for path in ("", "themes/", "objectives/"):
        page = text(viewer.get(f"{HOME}{path}"))
        assert "empty-state" in page
        assert "btn-primary" not in page


def test_the_usual_themes_are_one_click_away(people: People, manager: Client):
    page = text(manager.post(f"{HOME}themes/usual/", follow=True))
    assert Theme.objects.filter(workspace=people.workspace).count() == 16
    assert "Reliability and faults" in page
    assert "16 themes are added" in page
    assert "there already" in text(manager.post(f"{HOME}themes/usual/", follow=True))


def test_a_theme_is_written_tried_and_saved(people: People, manager: Client):
    hear(people, "Nora", "The report is late")
    tried = text(manager.post(f"{HOME}themes/try/", {"words": "report"}))
    assert "1 of the newest 1 comments" in tried
    assert "<mark>report</mark>" in tried
    assert "almost anywhere" in text(manager.post(f"{HOME}themes/try/", {"words": "re*"}))
    form = {"name": "Reports", "words": "report\ndashboard", "department": "product"}
    saved = manager.post(f"{HOME}themes/new/", form | {"is_active": "on"}, follow=True)
    assert "looked through again" in text(saved)
    theme = Theme.objects.get()
    assert (theme.words, theme.department) == (["report", "dashboard"], "product")
    wrong = manager.post(f"{HOME}themes/{theme.public_id}/", form | {"words": "e*"})
    assert wrong.status_code == 422
    assert "almost anywhere" in text(wrong)


def test_a_comment_with_markup_is_shown_as_it_was_written(people: People, manager: Client):
    hear(people, "Nora", "<script>alert(1)</script> report")
    tried = text(manager.post(f"{HOME}themes/try/", {"words": "report"}))
    assert "<script>" not in tried
    assert "&lt;script&gt;" in tried


def test_an_improvement_comes_from_an_answer_and_its_theme_is_proposed(
    people: People, agent: Client
):
    theme = save_theme(people)
    nora = hear(people, "Nora", "No report fits")
    page = text(agent.get(f"{HOME}new/?response={nora.public_id}"))
    assert f'<option value="{theme.public_id}" selected>' in page
    assert "No report fits" in page
    form = {"title": "Two sites in one report", "theme": theme.public_id}
    shown = text(agent.post(f"{HOME}new/?response={nora.public_id}", form, follow=True))
    assert "Two sites in one report" in shown
    voice = Voice.objects.get()
    assert (voice.response, voice.added_by) == (nora, people.ana)
    assert voice.improvement.department == Department.PRODUCT


def test_answers_are_linked_and_taken_away_on_its_page(people: People, agent: Client):
    improvement = propose(people, theme=save_theme(people))
    nora = hear(people, "Nora", "No report fits")
    address = f"{HOME}{improvement.public_id}/"
    assert "Do these ask for it, too?" in text(agent.get(address))
    agent.post(f"{address}voices/", {"response": [nora.public_id]})
    page = text(agent.get(address))
    assert "Do these ask for it, too?" not in page
    assert "Take the link away" in page
    agent.post(f"{address}voices/{nora.public_id}/")
    assert not Voice.objects.exists()
    assert "first" in text(agent.post(f"{address}voices/", follow=True))


def test_it_moves_by_its_buttons_and_what_is_not_possible_is_said(people: People, agent: Client):
    improvement = propose(people)
    address = f"{HOME}{improvement.public_id}/"
    assert "Start it" in text(agent.get(address))
    agent.post(f"{address}move/", {"to": "in_progress"})
    improvement.refresh_from_db()
    assert improvement.state == State.IN_PROGRESS
    refused = text(agent.post(f"{address}move/", {"to": "proposed"}, follow=True))
    assert "cannot become proposed from there" in refused
    assert agent.post(f"{address}move/", {"to": "elsewhere"}).status_code == 404


def test_whoever_has_no_mail_is_told_by_a_person_and_that_is_noted(people: People, agent: Client):
    improvement = propose(people)
    nora = hear(people, "Nora", "reports")
    link(people, improvement, nora)
    operations.finish_improvement(improvement=improvement, told=TOLD, actor=by(people.max), now=NOW)
    address = f"{HOME}{improvement.public_id}/"
    assert "0 of 1 know what became of it" in text(agent.get(address))
    agent.post(f"{address}voices/{nora.public_id}/", {"told": "1"})
    page = text(agent.get(address))
    assert "1 of 1 know what became of it" in page
    assert "told by a person" in page


def test_objectives_are_set_and_ended(people: People, manager: Client):
    theme = save_theme(people)
    form = {
        "department": "product",
        "title": "Half as many speak of reports",
        "theme": theme.public_id,
        "due_on": "2026-12-31",
    }
    assert "Half as many" in text(manager.post(f"{HOME}objectives/new/", form, follow=True))
    objective = Objective.objects.get()
    address = f"{HOME}objectives/{objective.public_id}/"
    assert "2026-12-31" in text(manager.get(address))
    assert "not reached" in text(manager.post(f"{address}end/", follow=True))


def test_viewers_read_everything_and_change_nothing(people: People, viewer: Client):
    theme, improvement = save_theme(people), propose(people)
    assert viewer.get(f"{HOME}{improvement.public_id}/").status_code == 200
    for path in (
        "new/",
        "themes/new/",
        f"themes/{theme.public_id}/",
        "objectives/new/",
        f"{improvement.public_id}/change/",
    ):
        assert viewer.get(f"{HOME}{path}").status_code == 403
    assert viewer.post(f"{HOME}{improvement.public_id}/move/", {"to": "done"}).status_code == 403


def test_an_agent_changes_no_themes(people: People, agent: Client):
    assert agent.get(f"{HOME}themes/new/").status_code == 403
    assert agent.post(f"{HOME}themes/usual/").status_code == 403
    assert not Theme.objects.exists()


def test_the_list_can_be_narrowed_to_a_department(people: People, viewer: Client):
    propose(people, theme=save_theme(people))
    assert "Two sites in one report" in text(viewer.get(f"{HOME}?department=product"))
    assert "No improvement of this department" in text(viewer.get(f"{HOME}?department=finance"))
    assert Improvement.objects.count() == 1
