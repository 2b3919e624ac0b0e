"""Fields in plain words and back, without losing anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.cases import languages
from afterscore.cases.languages import told
from afterscore.domain.field_words import LABELS, as_template, in_words
from afterscore.outreach.composition.templates import FIELDS

PIECES = st.lists(
    st.sampled_from(
        [f"{{{{ {name} }}}}" for name in LABELS]
        + [f"{{% if {name} %}}" for name in LABELS]
        + ["{% else %}", "{% endif %}", "Hello ", ",\n", "{{ x | default: 'y' }}", "[", "] {"]
    )
).map("".join)


def test_every_field_of_mails_has_a_name_of_its_own() -> None:
    assert set(LABELS) == set(FIELDS)
    assert len(set(LABELS.values())) == len(LABELS)


def test_what_a_manager_reads() -> None:
    template = "Hello{% if first_name %} {{ first_name }}{% else %} there{% endif %},"
    assert in_words(template) == "Hello[if First name] [First name][otherwise] there[end],"


@given(PIECES)
def test_both_ways_give_the_same_text(template: str) -> None:
    assert as_template(in_words(template)) == template


@pytest.mark.parametrize("typed", ["[first name]", "[FIRST NAME]", "{{ first_name }}"])
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    assert as_template(typed) == "{{ first_name }}"


def test_other_brackets_are_the_writers_own() -> None:
    assert as_template("See [1] and [the list].") == "See [1] and [the list]."


@pytest.mark.parametrize("language", told.names())
def test_no_built_in_text_shows_template_code(language: str) -> None:
    draft = told.told_draft(language, title="More reports")
    follow_up = languages.follow_up_draft(language)
    for text in (*draft.values(), follow_up.subject, follow_up.body):
        assert "{" not in in_words(text)
        assert as_template(in_words(text)) == text
