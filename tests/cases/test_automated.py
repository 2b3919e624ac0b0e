"""The one way for automated mails after an answer: at most two, each key once, by its owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from afterscore.cases import operations
from afterscore.cases.models import Case, Entry
from afterscore.domain.casework import Outcome
from afterscore.domain.events import SYSTEM
from afterscore.domain.reminders import MAX_FOLLOW_UPS
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Kind, Message, State
from tests.cases.answers import by, open_for
from tests.people import NOW, People


def plan(case: Case, **given: Any) -> Message:
    return operations.plan_automated(
        case=case,
        subject="News",
        body="Hello {{ first_name }}.",
        told="Mail planned.",
        due_at=NOW + timedelta(days=2),
        actor=SYSTEM,
        now=NOW,
        **given,
    )


def test_it_belongs_to_the_answer_and_goes_in_the_owners_name(people: People) -> None:
    case = open_for(people, owner=people.ana)
    message = plan(case)
    assert message.kind == Kind.FOLLOW_UP
    assert message.stream == case.response.public_id
    assert message.sender_email == people.ana.user.email
    assert Entry.objects.get(message=message).text == "Mail planned."


def test_a_third_one_is_refused_with_the_reason(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for _ in range(MAX_FOLLOW_UPS):
        plan(case)
    with pytest.raises(Refused, match="2 automated messages already followed this answer"):
        plan(case)


def test_what_was_cancelled_still_counts(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for _ in range(MAX_FOLLOW_UPS):
        plan(case)
    operations.close_case(case=case, outcome=Outcome.THANKED, actor=by(people.ana), now=NOW)
    assert set(Message.objects.values_list("state", flat=True)) == {State.CANCELLED}
    with pytest.raises(Refused, match="write personally"):
        plan(case)


def test_the_same_key_is_planned_once(people: People) -> None:
    case = open_for(people, owner=people.ana)
    assert plan(case, key="news:1") == plan(case, key="news:1")
    assert plan(case, key="news:2") != plan(case, key="news:1")
    assert Message.objects.filter(kind=Kind.FOLLOW_UP).count() == 2


def test_a_finished_case_may_still_be_followed(people: People) -> None:
    case = open_for(people, owner=people.ana)
    case = operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    assert plan(case).state == State.PLANNED


def test_nobody_who_left_writes_to_customers(people: People) -> None:
    case = open_for(people, owner=people.ana)
    people.ana.is_active = False
    people.ana.save()
    with pytest.raises(Refused, match="Ana no longer answers customers"):
        plan(case)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_two_are_planned(people: People) -> None:
    case = open_for(people, owner=people.ana)

    def try_it(_number: int) -> bool:
        try:
            plan(case)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert sum(pool.map(try_it, range(6))) == MAX_FOLLOW_UPS
    assert Message.objects.filter(kind=Kind.FOLLOW_UP).count() == MAX_FOLLOW_UPS
