"""What a customer comes to only after the answer stands beside what the answer said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.queries import Filters
from afterscore.domain.casework import Outcome
from afterscore.improvements import operations as improvements
from afterscore.improvements.models import Theme
from afterscore.insights.queries import list_theme_rows
from afterscore.kit import clock, jobs
from tests.cases.answers import by, open_for
from tests.improvements.scene import save_theme
from tests.people import NOW, People

LATER = NOW + timedelta(days=1)


@pytest.fixture
def delivery(people: People) -> Theme:
    return save_theme(people, name="Delivery", words="deliver*")


def called(people: People, case: Case, text: str) -> Case:
    return operations.log_call(
        case=case, outcome=Entry.Call.REACHED, text=text, actor=by(people.ana), now=LATER
    )


def wrote(people: People, case: Case, text: str) -> Case:
    return operations.record_customer_message(case=case, text=text, actor=by(people.ana), now=LATER)


def closed(people: People, case: Case, insight: str) -> Case:
    return operations.close_case(
        case=case, outcome=Outcome.SOLVED, insight=insight, actor=by(people.ana), now=LATER
    )


@pytest.mark.parametrize("heard", [called, wrote, closed])
def test_a_silent_customer_s_reason_is_heard_in_the_conversation(
    people: People, delivery: Theme, heard: Callable[[People, Case, str], Case]
) -> None:
    case = heard(people, open_for(people, owner=people.ana), "Two deliveries came late.")
    assert (case.themes, case.heard_themes) == ([], [delivery.public_id])
    told = [entry.text for entry in queries.list_entries(case=case)]
    assert "Also about: Delivery." in told


def test_what_the_answer_said_already_is_not_heard_again(people: People, delivery: Theme) -> None:
    case = open_for(people, comment="Delivery is slow", owner=people.ana)
    case = called(people, case, "They told me of the deliveries again.")
    assert (case.themes, case.heard_themes) == ([delivery.public_id], [])


def test_a_note_for_colleagues_is_no_customer_s_word(people: People, delivery: Theme) -> None:
    case = open_for(people, owner=people.ana)
    case = operations.add_note(
        case=case, text="Ask the delivery team.", actor=by(people.ana), now=LATER
    )
    assert case.heard_themes == []


def test_the_inbox_finds_it_by_its_theme(people: People, delivery: Theme) -> None:
    case = called(people, open_for(people, owner=people.ana), "The deliveries.")
    open_for(people, comment="All fine")
    found = queries.list_cases(
        workspace=people.workspace, filters=Filters(theme=delivery.public_id), now=LATER
    )
    assert [each.pk for each in found] == [case.pk]


def test_whoever_takes_the_theme_away_takes_it_away(people: People, delivery: Theme) -> None:
    case = called(people, open_for(people, owner=people.ana), "The deliveries.")
    case = operations.untag(case=case, theme=delivery, actor=by(people.ana), now=LATER)
    assert (case.themes, case.heard_themes) == ([], [])


def test_choosing_themes_keeps_what_was_heard_where_it_was(people: People, delivery: Theme) -> None:
    price = save_theme(people, name="Price", words="price")
    case = called(people, open_for(people, owner=people.ana), "The deliveries.")
    case = operations.set_themes(
        case=case, themes=[price, delivery], actor=by(people.ana), now=LATER
    )
    assert (case.themes, case.heard_themes) == ([price.public_id], [delivery.public_id])
    case = operations.set_themes(case=case, themes=[price], actor=by(people.ana), now=LATER)
    assert (case.themes, case.heard_themes) == ([price.public_id], [])


def test_new_words_are_looked_for_in_conversations_too(people: People, delivery: Theme) -> None:
    spoken = called(people, open_for(people, owner=people.ana), "The parcels came broken.")
    other = called(people, open_for(people, owner=people.ana), "All is well.")
    said_at_once = open_for(people, comment="Parcels!")
    for words in ("parcel", "crate"):
        with jobs.inline() as queue, clock.at(LATER):
            improvements.save_theme(
                workspace=people.workspace, theme=delivery, name="Delivery", words=words,
                actor=by(people.max), now=LATER,
            )  # fmt: skip
            queue.run()
        for case in (spoken, other, said_at_once):
            case.refresh_from_db()
        expected = [delivery.public_id] if words == "parcel" else []
        assert (spoken.themes, spoken.heard_themes) == ([], expected)
        assert (said_at_once.themes, said_at_once.heard_themes) == (expected, [])
        assert (other.themes, other.heard_themes) == ([], [])


def test_it_stands_beside_the_rate_because_whoever_is_called_says_more(
    people: People, delivery: Theme
) -> None:
    open_for(people, comment="Delivery is slow")
    called(people, open_for(people, owner=people.ana), "The deliveries.")
    open_for(people)
    rows, answered = list_theme_rows(
        workspace=people.workspace, days=90, now=LATER + timedelta(days=1)
    )
    (row,) = [row for row in rows if row.theme == delivery]
    assert (row.rate.count, row.rate.n, row.later, answered) == (1, 3, 1, 3)
