"""Whether people answer less, or worse, the more often they were asked."""

from __future__ import annotations

from datetime import timedelta

from afterscore.customers.models import Account
from afterscore.domain import intervals
from afterscore.domain.events import SYSTEM
from afterscore.domain.nps import Tally
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses.models import Response
from tests import builders
from tests.people import NOW, People
from tests.programs import scene

LATER = NOW + timedelta(days=120)


def answers(wave: Wave, count: int, *, score: int, newest: bool) -> None:
    rows = Enrolment.objects.filter(wave=wave).select_related(
        "wave", "workspace", "contact", "account"
    )
    for row in rows.order_by("-contact_id" if newest else "contact_id")[:count]:
        builders.answer(row, score=score, now=LATER + timedelta(days=1))


def test_rate_and_score_are_told_apart_by_earlier_askings(people: People):
    asked = scene.contacts(people.workspace, 20)
    program = scene.program(people.workspace)
    first = scene.launch(program)
    scene.send(first)
    assert queries.list_by_frequency(wave=first) == []  # nobody had been asked before
    operations.close_wave(wave=first, actor=SYSTEM, now=NOW + timedelta(days=60))
    for number in range(30):
        scene.contact(people.workspace, f"N{number} New")
    second = scene.launch(program, now=LATER)
    scene.send(second)
    answers(second, 12, score=10, newest=True)
    answers(second, 4, score=0, newest=False)

    new, known = queries.list_by_frequency(wave=second)
    assert (new.times, new.responses.count, new.responses.n) == (0, 12, 30)
    assert new.scores.score == 100
    assert new.interval is not None
    assert (known.times, known.responses.count, known.responses.n) == (1, 4, len(asked))
    assert known.interval is None  # of four answers nothing is said


def test_people_of_one_account_are_not_taken_for_independent(people: People):
    """Twelve of one company are happy and twelve of another are not: that is two voices."""
    scene.contacts(people.workspace, 4)
    program = scene.program(people.workspace)
    first = scene.launch(program)
    scene.send(first)
    operations.close_wave(wave=first, actor=SYSTEM, now=NOW + timedelta(days=60))
    for number in range(24):
        scene.contact(people.workspace, f"N{number} New")
    second = scene.launch(program, now=LATER)
    scene.send(second)
    answers(second, 24, score=10, newest=True)
    unhappy = list(Response.objects.filter(wave=second).order_by("pk")[:12])
    for name, score, is_in in (("Sad", 0, True), ("Glad", 10, False)):
        account = Account.objects.create(
            workspace=people.workspace,
            name=name,
            name_key=name.lower(),
            created_at=NOW,
            updated_at=NOW,
        )
        chosen = Response.objects.filter(wave=second)
        keys = [each.pk for each in unhappy]
        chosen = chosen.filter(pk__in=keys) if is_in else chosen.exclude(pk__in=keys)
        chosen.update(account=account, score=score)

    new, _known = queries.list_by_frequency(wave=second)
    plain = intervals.score_interval(Tally(12, 0, 12))
    assert new.scores.score == 0
    assert new.interval is not None
    assert plain is not None
    assert new.interval.high - new.interval.low > 1.5 * (plain.high - plain.low)


def test_what_was_longer_than_a_year_ago_tires_nobody(people: People):
    scene.contacts(people.workspace, 3)
    program = scene.program(people.workspace)
    first = scene.launch(program)
    scene.send(first)
    operations.close_wave(wave=first, actor=SYSTEM, now=NOW + timedelta(days=60))
    scene.contact(people.workspace, "New")
    second = scene.launch(program, now=NOW + timedelta(days=400))
    scene.send(second)

    assert queries.list_by_frequency(wave=second) == []
