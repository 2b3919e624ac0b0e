from __future__ import annotations

from collections import Counter

from afterscore.domain import themes
from afterscore.improvements import queries
from afterscore.improvements.definitions import starters
from afterscore.improvements.models import Theme
from tests.people import NOW, People


def keep(people: People, name: str, *words: str, is_active: bool = True) -> Theme:
    return Theme.objects.create(
        workspace=people.workspace,
        name=name,
        words=list(words),
        is_active=is_active,
        created_at=NOW,
    )


def test_a_text_is_matched_with_the_themes_of_its_workspace_by_name(people: People):
    keep(people, "Support", "support", "Kundendienst*")
    keep(people, "Price", "price")
    keep(people, "Retired", "price", is_active=False)
    text = "Der Kundendienst ist gut, the price is not"
    assert [each.name for each in queries.match_themes(workspace=people.workspace, text=text)] == [
        "Price",
        "Support",
    ]
    assert queries.match_themes(workspace=people.elsewhere, text=text) == []
    assert queries.match_themes(workspace=people.workspace, text="  ") == []


def test_words_that_change_count_at_once(people: People):
    theme = keep(people, "Price", "price")
    assert queries.match_themes(workspace=people.workspace, text="Too dear") == []
    theme.words = ["dear"]
    theme.save(update_fields=["words"])
    assert queries.match_themes(workspace=people.workspace, text="Too dear") == [theme]


def test_the_place_that_speaks_of_a_theme_can_be_shown(people: People):
    theme = keep(people, "Price", "price")
    (mention,) = queries.list_mentions(workspace=people.workspace, text="The prices rose")
    assert (mention.theme, mention.word, mention.start, mention.end) == (
        theme.public_id,
        "price",
        4,
        10,
    )


def test_every_starting_theme_has_words_in_seven_languages_and_none_that_is_refused():
    for starter in starters():
        assert set(starter.words) == {"en", "de", "fr", "es", "it", "nl", "pt"}
        assert starter.all_words == themes.parse_words("\n".join(starter.all_words))


def test_no_word_stands_for_two_of_the_starting_themes():
    words = Counter(themes.fold(word) for each in starters() for word in each.all_words)
    assert [word for word, times in words.items() if times > 1 and word[0] != "-"] == []
