"""A fact reaches everybody who listens, each by a job of its own."""

from __future__ import annotations

from typing import Any

import pytest

from afterscore.domain import events
from afterscore.domain.events import SYSTEM
from afterscore.journal import operations
from afterscore.journal.models import Fact
from afterscore.kit import jobs
from tests.people import NOW, People

heard: list[tuple[str, str]] = []


def first(fact: Fact) -> None:
    heard.append(("first", fact.subject))


def second(fact: Fact) -> None:
    heard.append(("second", fact.subject))


@pytest.fixture(autouse=True)
def _silence() -> None:
    heard.clear()


def happen(people: People) -> int:
    with jobs.inline() as queue:
        operations.record(
            workspace=people.workspace,
            event=events.WaveClosed("wav_1"),
            actor=SYSTEM,
            now=NOW,
        )
        return queue.run()


@pytest.mark.parametrize(
    ("listeners", "told", "ran"),
    [
        ((), [], 0),
        (("first",), [("first", "wav_1")], 1),
        (("first", "second"), [("first", "wav_1"), ("second", "wav_1")], 3),
    ],
)
def test_a_fact_is_told_to_all_who_listen(  # noqa: PLR0917 (a table's row)
    people: People, settings: Any, listeners: Any, told: Any, ran: int
) -> None:
    paths = tuple(f"tests.journal.test_dispatch.{name}" for name in listeners)
    settings.AFTERSCORE_SUBSCRIBERS = {"wave.closed": paths}
    assert happen(people) == ran
    assert heard == told


def test_a_fact_that_is_rolled_back_was_never_told(people: People, settings: Any) -> None:
    from django.db import transaction
    from procrastinate.contrib.django.models import ProcrastinateJob

    settings.AFTERSCORE_SUBSCRIBERS = {"wave.closed": ("tests.journal.test_dispatch.first",)}
    dispatched = ProcrastinateJob.objects.filter(task_name="journal.dispatch")
    before = dispatched.count()
    with transaction.atomic():
        operations.record(
            workspace=people.workspace, event=events.WaveClosed("wav_2"), actor=SYSTEM, now=NOW
        )
        assert dispatched.count() == before + 1
        transaction.set_rollback(True)
    assert not Fact.objects.filter(subject="wav_2").exists()
    assert dispatched.count() == before
