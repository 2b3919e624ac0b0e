from __future__ import annotations

import pytest

from afterscore.domain.departments import Department
from afterscore.domain.events import SYSTEM
from afterscore.improvements import operations, queries
from afterscore.improvements.definitions import starters
from afterscore.improvements.models import Theme
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.kit.errors import Refused
from afterscore.workspaces import operations as workspaces
from tests.improvements.scene import by, hear, save_theme
from tests.people import NOW, People


def test_a_new_workspace_begins_with_the_usual_themes(db: None):
    with jobs.inline() as queue, clock.at(NOW):
        workspace = workspaces.create_workspace(name="Fresh", actor=SYSTEM, now=NOW)
        queue.run()
    names = {theme.name for theme in queries.list_themes(workspace=workspace)}
    assert names == {starter.name for starter in starters()}


def test_planting_again_adds_only_what_is_missing(people: People):
    save_theme(people, name="price and VALUE", words="dear")
    planted = operations.plant_themes(workspace=people.workspace, actor=SYSTEM, now=NOW)
    assert len(planted) == len(starters()) - 1
    assert operations.plant_themes(workspace=people.workspace, actor=SYSTEM, now=NOW) == []
    assert Fact.objects.filter(name="themes.planted").count() == 1


def test_a_change_says_which_words_counted_before(people: People):
    theme = save_theme(people, words="report\ndashboard")
    operations.save_theme(
        workspace=people.workspace,
        theme=theme,
        name="Reports",
        words="report",
        is_active=False,
        actor=by(people.max),
        now=NOW,
    )
    first, second = Fact.objects.filter(name="theme.changed").order_by("id")
    assert first.payload["words_before"] == []
    assert second.payload["words_before"] == ["report", "dashboard"]
    assert set(second.payload["changed"]) == {"words", "department", "is_active"}


def test_saving_a_theme_as_it_is_tells_nothing(people: People):
    theme = save_theme(people)
    again = operations.save_theme(
        workspace=people.workspace,
        theme=theme,
        name="Reports",
        words="report",
        department=Department(theme.department),
        actor=by(people.max),
        now=NOW,
    )
    assert again == theme
    assert Fact.objects.filter(name="theme.changed").count() == 1


@pytest.mark.parametrize(
    ("said", "why", "field"),
    [
        (("", "report"), "Give the theme a name", "name"),
        (("reports", "x-ray"), "already a theme", "name"),
        (("Other", "-report"), "at least one word", "words"),
        (("Other", "e*"), "almost anywhere", "words"),
        (("x" * 81, "report"), "at most 80", "name"),
    ],
)
def test_what_cannot_be_a_theme_is_refused(
    people: People, said: tuple[str, str], why: str, field: str
):
    save_theme(people)
    name, words = said
    with pytest.raises(Refused, match=why) as refused:
        save_theme(people, name=name, words=words)
    assert refused.value.field == field
    assert Theme.objects.count() == 1


def test_words_are_tried_on_the_newest_comments_before_they_are_kept(people: People):
    hear(people, "Nora", "The report is late, and reports are wrong")
    hear(people, "Omar", "All fine")
    hear(people, "Pia", "")
    trial = queries.try_words(workspace=people.workspace, text="report")
    assert (trial.tried, trial.found) == (2, 1)
    (example,) = trial.examples
    assert "".join(piece.text for piece in example.pieces) == example.response.comment
    assert [piece.text for piece in example.pieces if piece.is_mention] == ["report", "reports"]


def test_a_long_comment_is_shown_around_the_word_that_was_found(people: People):
    hear(people, "Nora", "so " * 200 + "the report is late " + "and " * 200)
    (example,) = queries.try_words(workspace=people.workspace, text="report").examples
    shown = "".join(piece.text for piece in example.pieces)
    assert "report" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 240
