"""Every analysis on a real Spark cluster: the same answers as by DuckDB, to the digit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from afterscore.cases.models import Case
from afterscore.insights import analyses, mart
from afterscore.insights.analyses import Condition, Question, dimensions, expressions
from afterscore.insights.engines import spark
from afterscore.insights.models import SealedMonth
from afterscore.insights.operations import sealing
from afterscore.responses.models import Response
from tests.cases import answers
from tests.insights import cluster
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(cluster.why_not()), reason=cluster.why_not()),
]
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
    said(people, 9, at=MARCH, account=known | {"attributes": {"seats": 40}}, comment="Good.")
    said(people, 2, at=MARCH, contact={"persona": "user", "attributes": {"hobby": "sailing"}})
    said(
        people,
        5,
        at=APRIL,
        account={"name": "O'Hara", "industry": "Retail", "attributes": {"seats": "many"}},
    )
    said(people, 7, at=datetime(2025, 12, 31, 12, 0, tzinfo=UTC), touch="reminder")
    spoken = answers.open_for(people, now=NOW, score=0, comment="Slow and dear.")
    Case.objects.filter(pk=spoken.pk).update(themes=["thm_a", "thm_b"])
    early = answers.open_for(people, now=NOW, score=1)
    Case.objects.filter(pk=early.pk).update(themes=["thm_a"])
    Response.objects.filter(pk=early.response_id).update(received_at=APRIL)


def test_a_cluster_counts_exactly_as_this_process_does(
    people: People, master: str, settings: Any
) -> None:
    _answers_of_all_kinds(people)
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    assert SealedMonth.objects.count() == 3
    Response.objects.filter(score=2).update(score=3)  # superseded in its file
    questions = [Question(), Question(with_accounts=True)]
    keys = [*dimensions.UNITS, *dimensions.LABELS, *mart.attributes(workspace=people.workspace)]
    questions += [Question(by=(key,), with_accounts=True) for key in keys]
    questions += [Question(conditions=(c,)) for c in CONDITIONS]
    here = analyses.count_many(workspace=people.workspace, questions=questions, now=NOW)
    settings.AFTERSCORE_ENGINE = master
    t = time.time()
    for q, h in zip(questions, here):
        t0 = time.time()
        there = analyses.count_many(workspace=people.workspace, questions=[q], now=NOW)
        print(f"{time.time()-t0:.2f}", q.by, q.conditions)
        assert there[0] == h
    t1 = time.time()
    there = analyses.count_many(workspace=people.workspace, questions=questions, now=NOW)
    print("together", time.time() - t1)
    assert there == here
    print("all", time.time() - t, len(questions))
