"""Sums over accounts in the database, beside a plain count."""

from __future__ import annotations

import random
from zoneinfo import ZoneInfo

import pytest

from afterscore.domain import alike, nps, voices
from afterscore.responses import queries
from afterscore.responses.models import Response
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


def by_hand(answers: list[Response]) -> alike.Sums:
    held: dict[object, list[int]] = {}
    for each in answers:
        held.setdefault(each.account_id or ("alone", each.contact_id), []).append(each.score)
    return voices.sums_of([nps.tally(nps.histogram_of(scores)) for scores in held.values()])


def test_sums_of_all_of_a_month_a_wave_and_an_attribute(people: People) -> None:
    lots, answers = random.Random(3), []
    for number in range(24):
        answer = said(
            people,
            lots.randrange(11),
            at=MARCH if number % 3 else APRIL,
            account={"name": f"Account {number % 5}", "plan": "pro" if number % 5 else "basic"},
        )
        if number % 8 == 0:
            Response.objects.filter(pk=answer.pk).update(account=None)
            answer.refresh_from_db()
        answers.append(answer)
    mine = people.workspace
    assert queries.sums(workspace=mine) == by_hand(answers)
    months = queries.sums_by_month(workspace=mine, zone=ZoneInfo("UTC"))
    assert months == {
        at.date().replace(day=1): by_hand([a for a in answers if a.received_at == at])
        for at in (MARCH, APRIL)
    }
    plans = queries.sums_by(workspace=mine, attribute="account.plan")
    assert plans == {
        plan: by_hand([a for a in answers if a.frozen["account"]["plan"] == plan])
        for plan in ("pro", "basic")
    }
    (of_wave,) = queries.sums_by_wave(workspace=mine).values()
    assert of_wave == by_hand(answers)


def test_nobody_is_alike_where_nobody_answered(people: People) -> None:
    said(people, 9, validity="discarded", at=NOW)
    assert queries.sums(workspace=people.workspace) is None
