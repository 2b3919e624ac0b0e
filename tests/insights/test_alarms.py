"""When the score of a wave really falls, somebody is told: once, and never for noise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from afterscore.cases.models import Alert
from afterscore.domain import drops, nps
from afterscore.domain.nps import Histogram
from afterscore.insights.operations import alarms
from afterscore.journal.models import Fact
from afterscore.programs.models import Wave
from afterscore.responses import queries as responses
from tests import builders
from tests.people import NOW, People

LATER = NOW + timedelta(days=90)


class Answers:
    """What the waves were answered, by their public id; asked until which instant."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: dict[str, dict[str, Histogram]] = {}
        self.until: list[datetime | None] = []
        monkeypatch.setattr(responses, "histogram", self._histogram)
        monkeypatch.setattr(responses, "histograms_by", self._histograms_by)

    def _histogram(self, *, waves: list[Wave], **_: object) -> Histogram:
        counts = zip(*self.given[waves[0].public_id].values(), strict=True)
        return tuple(sum(each) for each in counts)

    def _histograms_by(
        self, *, waves: list[Wave], until: datetime | None = None, **_: object
    ) -> dict[str, Histogram]:
        self.until.append(until)
        return self.given[waves[0].public_id]

    def say(self, wave: Wave, *, tens: int, zeros: int, plan: str = "starter") -> None:
        self.given[wave.public_id] = {plan: nps.histogram_of([10] * tens + [0] * zeros)}

    def say_too(self, wave: Wave, *, tens: int, zeros: int, plan: str) -> None:
        self.given[wave.public_id][plan] = nps.histogram_of([10] * tens + [0] * zeros)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


def two_waves(people: People, answers: Answers) -> tuple[Wave, Wave]:
    before = builders.launch_wave(people.workspace, launched_at=NOW)
    now = builders.launch_wave(people.workspace, launched_at=LATER)
    Wave.objects.filter(pk=before.pk).update(state=Wave.State.CLOSED)
    answers.say(before, tens=90, zeros=10)
    return before, now


def test_a_real_fall_is_told_once_with_its_interval(people: People, answers: Answers) -> None:
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=20, zeros=20)
    assert alarms.watch_scores(now=LATER + timedelta(days=2)) == 1
    assert alarms.watch_scores(now=LATER + timedelta(days=3)) == 0
    alert = Alert.objects.get()
    assert alert.text == (
        "The score of Relationship really fell: by 80 points against wave 1 (−124 to −31), "
        "after 40 answers."
    )
    assert alert.url == f"/w/harbourline/pulse/?wave={wave.public_id}"
    assert alert.member is None
    fact = Fact.objects.get(name="score.checked")
    assert fact.payload == {
        "look": 2,
        "answers": 40,
        "fell": True,
        "others": False,
        "points": -80.0,
    }


def test_both_waves_are_compared_at_the_same_age(people: People, answers: Answers) -> None:
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=18, zeros=4)
    alarms.watch_scores(now=LATER + timedelta(days=6))
    assert NOW + timedelta(days=6) in answers.until
    assert not Alert.objects.exists()


def test_there_is_one_look_however_often_the_worker_comes(people: People, answers: Answers) -> None:
    """What would ring among the 39 answers is not looked at again before there are 40."""
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=18, zeros=2)
    alarms.watch_scores(now=LATER)
    answers.say(wave, tens=18, zeros=21)
    alarms.watch_scores(now=LATER)
    assert not Alert.objects.exists()
    assert Fact.objects.filter(name="score.checked").count() == 1
    answers.say(wave, tens=18, zeros=22)
    assert alarms.watch_scores(now=LATER) == 1


def test_a_closed_wave_has_its_last_look_and_no_other(people: People, answers: Answers) -> None:
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=15, zeros=4)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closes_at=LATER)
    alarms.watch_scores(now=LATER)
    answers.say(wave, tens=0, zeros=500)
    assert alarms.watch_scores(now=LATER + timedelta(days=1)) == 0
    assert Fact.objects.get(name="score.checked").payload["look"] == drops.LAST


def test_nobody_rings_where_the_same_customers_answer_alike_and_more_of_the_unhappy_do(
    people: People, answers: Answers
) -> None:
    """And the next look still sees it where they change themselves."""
    before, wave = two_waves(people, answers)
    answers.say(before, tens=90, zeros=10, plan="enterprise")
    answers.say_too(before, tens=10, zeros=30, plan="starter")
    answers.say(wave, tens=18, zeros=2, plan="enterprise")
    answers.say_too(wave, tens=15, zeros=45, plan="starter")
    assert alarms.watch_scores(now=LATER) == 0
    assert not Alert.objects.exists()
    assert Fact.objects.get(name="score.checked").payload["others"] is True
    answers.say(wave, tens=40, zeros=60, plan="enterprise")
    answers.say_too(wave, tens=15, zeros=45, plan="starter")
    assert alarms.watch_scores(now=LATER) == 1


def test_history_rings_nobody(people: People, answers: Answers) -> None:
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=0, zeros=100)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closes_at=LATER)
    assert alarms.watch_scores(now=LATER + timedelta(days=15)) == 0


def test_a_first_wave_has_nothing_to_fall_from(people: People, answers: Answers) -> None:
    wave = builders.launch_wave(people.workspace, launched_at=NOW)
    answers.say(wave, tens=0, zeros=100)
    assert alarms.watch_scores(now=NOW) == 0


def test_with_the_next_waves_answers_the_fall_before_is_history(
    people: People, answers: Answers
) -> None:
    _before, wave = two_waves(people, answers)
    answers.say(wave, tens=20, zeros=20)
    alarms.watch_scores(now=LATER)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closes_at=LATER)
    third = builders.launch_wave(people.workspace, launched_at=LATER + timedelta(days=90))
    answers.say(third, tens=10, zeros=10)
    alarms.watch_scores(now=LATER + timedelta(days=91))
    assert Alert.objects.get().settled_at == LATER + timedelta(days=91)


def test_the_answers_counted_are_those_of_the_database(people: People) -> None:
    """The whole way once, with answers that came in."""
    for score, launched_at in ((10, NOW), (0, LATER)):
        wave = builders.launch_wave(people.workspace, launched_at=launched_at)
        for number in range(20):
            enrolment = builders.enrol(
                people,
                email=f"p{score}-{number}@quayside.example",
                wave=wave,
                launched_at=launched_at,
            )
            builders.answer(enrolment, score=score, now=launched_at + timedelta(hours=1))
    assert alarms.watch_scores(now=LATER + timedelta(days=1)) == 1
    assert "by 200 points" in Alert.objects.get().text
