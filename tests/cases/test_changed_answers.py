"""A customer changes her answer: the case follows, and whoever has or watches it hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from afterscore.cases import handlers, operations
from afterscore.cases.models import Alert, Case, Entry
from afterscore.cases.operations import timing
from afterscore.cases.queries import notices
from afterscore.domain.alerts import Kind
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.workspaces.models import Member
from tests import builders
from tests.cases.answers import by, open_for
from tests.people import NOW, People

INBOX = "/w/harbourline/inbox/"
NORA = "Nora Lindqvist (Quayside Freight)"
SOON, LATER = NOW + timedelta(minutes=20), NOW + timedelta(days=2, hours=1)


def answers_again(
    case: Case, *, score: int, comment: str | None = None, at: datetime = LATER
) -> Case:
    """By the page she answered on, and the worker after it."""
    enrolment = case.response.enrolment
    assert enrolment is not None
    with jobs.inline() as queue, clock.at(at):
        builders.answer(enrolment, score=score, comment=comment, now=at)
        queue.run()
    case.refresh_from_db()
    return case


def told(member: Member, kind: Kind = Kind.ANSWER_CHANGED) -> list[str]:
    news = Alert.objects.filter(member=member, kind=kind, settled_at=None)
    return [alert.text for alert in news.order_by("id")]


def test_a_promoter_who_became_a_detractor_is_told_to_owner_and_watcher(people: People) -> None:
    case = open_for(people, score=9, owner=people.ana)
    operations.watch(case=case, member=people.vic, actor=by(people.vic), now=NOW)
    case = answers_again(case, score=2, comment="It broke.")
    sentence = f"{NORA} changed the score from 9 to 2 and added a comment."
    assert told(people.ana) == told(people.vic, Kind.WATCHED) == [sentence]
    assert told(people.max) == []
    texts = list(Entry.objects.filter(case=case).order_by("id").values_list("text", flat=True))
    assert texts[-2:] == [
        "The customer changed the score from 9 to 2.",
        "The customer added a comment.",
    ]


def test_an_owner_who_watches_hears_of_it_once(people: People) -> None:
    case = open_for(people, score=9, owner=people.ana)
    operations.watch(case=case, member=people.ana, actor=by(people.ana), now=NOW)
    answers_again(case, score=2)
    assert told(people.ana) == [f"{NORA} changed the score from 9 to 2."]
    assert told(people.ana, Kind.WATCHED) == []


def test_the_rest_of_an_answer_is_no_news(people: People) -> None:
    case = open_for(people, score=4)
    case = answers_again(case, score=4, comment="Too many clicks.", at=SOON)
    assert case.comment_key
    assert not Alert.objects.filter(kind=Kind.ANSWER_CHANGED).exists()


def test_it_is_news_at_once_where_somebody_works_on_it(people: People) -> None:
    case = open_for(people, score=4, owner=people.ana)
    operations.reply(case=case, body="Hello.", actor=by(people.ana), now=NOW)
    answers_again(case, score=4, comment="Too many clicks.", at=SOON)
    assert told(people.ana) == [f"{NORA} added a comment."]


def test_the_same_change_is_told_once(people: People) -> None:
    case = open_for(people, score=9, owner=people.ana)
    answers_again(case, score=2)
    [fact] = [each for each in Fact.objects.filter(name="case.changed") if each.payload["is_news"]]
    with clock.at(LATER):
        operations.see_news(case=case, member=people.ana, now=LATER)
        handlers.tell_watchers(fact)
    assert told(people.ana) == []


def test_a_late_turn_for_the_worse_has_its_time_from_then_on(people: People) -> None:
    case = open_for(people, score=10)
    before = case.due_at
    case = answers_again(case, score=1)
    expected = timing.answer_due(case.response, since=LATER, owner=case.owner)
    assert case.due_at == case.next_due_at == expected
    assert LATER < case.due_at < before
    assert case.priority > 0


def test_what_was_late_stays_late(people: People) -> None:
    case = open_for(people, score=10)
    before = case.due_at
    case = answers_again(case, score=1, at=before + timedelta(days=1))
    assert case.due_at == before


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.NOT_CLOSED])
def test_a_closed_case_comes_back_for_the_worse(people: People, outcome: Outcome) -> None:
    case = open_for(people, score=9, owner=people.ana)
    reason = NotClosedReason.UNREACHABLE if outcome is Outcome.NOT_CLOSED else None
    operations.close_case(case=case, outcome=outcome, reason=reason, actor=by(people.ana), now=NOW)
    case = answers_again(case, score=3)
    assert (case.state, case.closed_at) == (State.REOPENED, None)
    assert case.playbook.startswith("detractor")
    assert told(people.ana) == [f"{NORA} changed the score from 9 to 3."]


def test_a_closed_case_rests_for_the_better_and_its_owner_hears_of_it(people: People) -> None:
    case = open_for(people, score=3, owner=people.ana)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    case = answers_again(case, score=9)
    assert case.closed_at is not None
    assert told(people.ana) == [f"{NORA} changed the score from 3 to 9."]


def test_the_case_says_it_until_its_owner_has_looked(people: People) -> None:
    case = open_for(people, score=9, owner=people.ana)
    answers_again(case, score=2)
    ana, page = people.client(people.ana), f"{INBOX}{case.public_id}/"
    with clock.at(LATER):
        assert "Since you last looked: Nora Lindqvist" in ana.get(page).content.decode()
        ana.post(f"{page}see/")
        assert "Since you last looked" not in ana.get(page).content.decode()
    assert told(people.ana) == []


def test_it_is_nobody_elses_alert(people: People) -> None:
    case = open_for(people, score=9, owner=people.ana)
    answers_again(case, score=2)
    kinds = [each.kind for each in notices.list_alerts(member=people.olivia, everybodys=True)]
    assert Kind.ANSWER_CHANGED not in kinds
    assert [each.kind for each in notices.list_alerts(member=people.ana)] == [Kind.ANSWER_CHANGED]
