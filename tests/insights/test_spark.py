"""Every analysis on a real Spark cluster: the same answers as by DuckDB, to the digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from inspect import isfunction
from pathlib import Path
from typing import Any, get_args

import pytest

from afterscore.cases.models import Case
from afterscore.config.doctor import engine as doctor
from afterscore.domain import alike
from afterscore.insights import analyses, mart
from afterscore.insights.analyses import Condition, Question, dimensions
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.engines import spark
from afterscore.insights.models import SealedMonth
from afterscore.insights.operations import sealing
from afterscore.insights.queries import sealed
from afterscore.responses.models import Response
from tests.cases import answers
from tests.insights import cluster
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(cluster.why_not()), reason=cluster.why_not()),
    # pyspark leaves the sockets of its results to the garbage collector.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
    ),
]
FROM, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
CONDITIONS = (
    Condition("account.industry", "is", ("Freight", "Retail")),
    Condition("account.industry", "is_not", ("Freight",)),
    Condition("account.industry", "is_empty"),
    Condition("theme", "is", ("thm_a",)),
    Condition("theme", "is_not", ("thm_a",)),
    Condition("theme", "is_empty"),
    Condition("group", "is", ("detractor",)),
    Condition("commented", "is", ("yes",)),
    Condition("revenue_band", "is", ("1000",)),
    Condition("week", "is", ("2026-03-09",)),
    Condition("account.recurring_revenue", "at_least", ("1200.50",)),
    Condition("account.attribute.seats", "at_least", ("40",)),
    Condition("account.attribute.seats", "at_most", ("40.5",)),
    Condition("account.renewal_on", "at_most", ("2026-06-01",)),
)


@pytest.fixture
def master(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in cluster.configure(tmp_path).items():
        monkeypatch.setenv(name, value)
    with cluster.running(tmp_path) as address:
        yield address
        spark.engine(address).stop()
        spark.engine.cache_clear()


def _answers_of_all_kinds(people: People) -> None:
    known = {"industry": "Freight", "recurring_revenue": "1200.50", "renewal_on": "2026-06-01"}
    said(
        people,
        9,
        at=MARCH,
        account=known | {"attributes": {"seats": 40, "Seats": "forty"}},
        comment="Good.",
    )
    said(people, 2, at=MARCH, contact={"persona": "user", "attributes": {"hobby": "sailing"}})
    said(
        people,
        5,
        at=APRIL,
        account={"name": "O'Hara", "industry": "Retail", "attributes": {"seats": "many"}},
    )
    said(people, 8, at=APRIL, account={"name": "Broken", "attributes": {"seats": "40\n"}})
    said(people, 7, at=datetime(2025, 12, 31, 12, 0, tzinfo=UTC), touch="reminder")
    spoken = answers.open_for(people, now=NOW, score=0, comment="Slow and dear.")
    Case.objects.filter(pk=spoken.pk).update(themes=["thm_a", "thm_b"])
    early = answers.open_for(people, now=NOW, score=1)
    Case.objects.filter(pk=early.pk).update(themes=["thm_a"])
    Response.objects.filter(pk=early.response_id).update(received_at=APRIL)


def _questions(people: People) -> list[Question]:
    """By everything there is, under every kind of condition, and with all that a cell can tell."""
    keys = [*dimensions.UNITS, *dimensions.LABELS, *mart.attributes(workspace=people.workspace)]
    extras: dict[str, Any] = {
        each.name: True for each in fields(Question) if each.name.startswith("with_")
    }
    plain: dict[str, Any] = dict.fromkeys(extras, False)
    return [
        Question(**extras),
        Question(by=("account.industry", "theme"), since=FROM, until=UNTIL, **extras),
        *(Question(by=by, with_scores=False) for by in ((), ("account.industry", "theme"))),
        *(Question(by=(key,), **plain) for key in keys),
        *(Question(conditions=(condition,), **plain) for condition in CONDITIONS),
    ]


def test_a_cluster_counts_exactly_as_this_process_does(
    people: People, master: str, *, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Master and two workers; files, what changed beside them, and what is in no file yet."""
    workspace = people.workspace
    _answers_of_all_kinds(people)
    sealing.seal_workspace(workspace=workspace, now=NOW)
    assert SealedMonth.objects.count() == 3
    Response.objects.filter(score=2).update(score=3)  # superseded in its file
    questions = _questions(people)
    wish = Question(conditions=(Condition("group", "is", ("detractor",)),))

    here = analyses.count_many(workspace=workspace, questions=questions, now=NOW)
    listed = analyses.list_answers(workspace=workspace, question=wish, limit=2)
    known = analyses.list_dimensions(workspace=workspace)
    in_lots = _in_lots(people, questions, monkeypatch)
    settings.AFTERSCORE_ENGINE = master
    there = analyses.count_many(workspace=workspace, questions=questions, now=NOW)

    for question, cluster_says, process_says in zip(questions, there, here, strict=True):
        assert cluster_says == process_says, question
    assert analyses.list_answers(workspace=workspace, question=wish, limit=2) == listed
    assert analyses.list_dimensions(workspace=workspace) == known
    assert _in_lots(people, questions, monkeypatch) == in_lots
    assert _jobs_of(master) >= len(questions)
    _doctor_asks(master, monkeypatch, newest=sealed.find_newest())


def _in_lots(
    people: People, questions: list[Question], monkeypatch: pytest.MonkeyPatch
) -> list[list[analyses.Cell]]:
    """What can be told of accounts, as where a workspace has very many answers."""
    asked = [question for question in questions if question.tells_voices]
    memory.forget()
    with monkeypatch.context() as patched:
        patched.setattr(alike, "MOST_TOLD_APART", 0)
        found = analyses.count_many(workspace=people.workspace, questions=asked, now=NOW)
    memory.forget()
    voices = [cell.voices for cells in found for cell in cells]
    assert voices
    assert all(sums and sums.are_lots for sums in voices)
    return found


def _doctor_asks(
    master: str, monkeypatch: pytest.MonkeyPatch, *, newest: sealed.Readable | None
) -> None:
    """A cluster that finds no file, or another one, is a failure."""
    (fine,) = doctor.examine()
    assert fine.text == f"The Spark cluster at {master} answers and reads the files of answers."
    assert newest is not None
    monkeypatch.setattr(sealed, "find_newest", lambda: newest._replace(rows=newest.rows + 1))
    (other,) = doctor.examine()
    assert other.level == "failure"
    assert f"counts {newest.rows} answers where there are {newest.rows + 1}." in other.text
    broken = newest.place.with_name("broken.parquet")
    broken.write_bytes(b"no such file of answers")
    monkeypatch.setattr(sealed, "find_newest", lambda: newest._replace(place=broken))
    (unread,) = doctor.examine()
    assert (unread.level, "cannot count" in unread.text) == ("failure", True)
    assert "all of its machines find" in unread.mend


def _jobs_of(master: str) -> int:
    """How many jobs the cluster has run for this driver: nothing was counted beside it."""
    context = spark.engine(master)._driver.sparkContext
    return len(context._jsc.sc().statusTracker().getJobIdsForGroup(None))


def test_no_analysis_and_no_operator_is_left_out() -> None:
    asked = {name for name in analyses.__all__ if isfunction(getattr(analyses, name))}
    assert asked - {"count_cells"} == {"count_many", "list_answers", "list_dimensions"}
    assert {condition.operator for condition in CONDITIONS} == set(get_args(analyses.Operator))
