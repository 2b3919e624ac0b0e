"""An alarm when one group, or the silent ones, are left unanswered; and its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterscore.cases.models import Alert, Case
from afterscore.domain.alerts import Kind
from afterscore.insights.operations import fairness
from afterscore.kit import signing
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from tests import builders
from tests.cases.answers import open_for
from tests.people import NOW, People

OLD = NOW - timedelta(days=20)


@pytest.fixture
def desk(people: People) -> People:
    """Sixty old answers of every kind: whether they are closed is up to each test."""
    builders.launch_wave(people.workspace, launched_at=OLD)
    for number in range(60):
        open_for(
            people,
            score=(3, 8, 10)[number % 3],
            comment="" if number % 2 else "Words.",
            name=f"Person {number}",
            account=f"Company {number}",
            now=OLD,
        )
    assert Wave.objects.count() == 1
    return people


def close(**which: object) -> None:
    Case.objects.filter(**which).update(
        state="closed", closed_at=NOW, outcome="solved", next_due_at=None
    )


def watch() -> int:
    return fairness.watch_parity(now=NOW)


def open_alarms() -> list[str]:
    alarms = Alert.objects.filter(kind=Kind.PARITY, settled_at=None)
    return list(alarms.order_by("key").values_list("key", flat=True))


def test_whoever_leaves_out_the_silent_is_told_once_and_no_more_when_it_is_mended(
    desk: People,
) -> None:
    close(comment_key=signing.keyed_hash("comment", "Words."))
    assert watch() == 1
    alarm = Alert.objects.get(kind=Kind.PARITY)
    assert (alarm.key, alarm.url) == ("silent", "/w/harbourline/loops/")
    assert alarm.text == (
        "Without a comment: 0 of 30 (0 %) loops closed, of all others 30 of 30 (100 %). "
        "More than chance explains."
    )
    assert watch() == 0

    close()
    assert watch() == 0
    assert open_alarms() == []


@pytest.mark.usefixtures("desk")
def test_a_desk_that_cares_for_one_group_alone_neglects_the_others() -> None:
    close(score=3)
    watch()
    assert open_alarms() == ["passive", "promoter"]


@pytest.mark.usefixtures("desk")
def test_a_desk_that_closes_every_loop_hears_nothing() -> None:
    close()
    assert watch() == 0
    assert Response.objects.count() == 60


@pytest.mark.usefixtures("desk")
def test_a_desk_that_closes_none_is_late_and_not_unfair() -> None:
    assert watch() == 0
