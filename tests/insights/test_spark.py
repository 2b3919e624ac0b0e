"""Every kind of question on a real Spark cluster: the same answers as by DuckDB, to the digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from afterscore.cases.models import Case
from afterscore.insights import analyses
from afterscore.insights.analyses import Condition, Question
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
FIXED = (
    "day", "week", "month", "quarter", "program", "wave", "channel", "touch", "language", "owner",
    "theme", "group", "commented", "revenue_band", "contact.persona", "account.industry",
    "account.recurring_revenue", "account.renewal_on", "account.attribute.seats",
    "contact.attribute.hobby",
)  # fmt: skip
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
QUESTIONS = (
    Question(),
    Question(with_accounts=True),
    *(Question(by=(key,), with_accounts=True) for key in FIXED),
    *(Question(conditions=(condition,)) for condition in CONDITIONS),
    Question(since=date(2026, 4, 1), until=date(2026, 5, 1), by=("month", "theme", "group")),
)


@pytest.fixture
def master(tmp_path: Path, settings: Any) -> Iterator[str]:
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


def _everything(people: People) -> list[object]:
    workspace = people.workspace
    counted = analyses.count_many(workspace=workspace, questions=QUESTIONS, now=NOW)
    behind = [
        analyses.list_answers(workspace=workspace, question=Question(conditions=(each,)), limit=3)
        for each in CONDITIONS[:3]
    ]
    return [*zip(QUESTIONS, counted, strict=True), behind]


def test_a_cluster_counts_exactly_as_this_process_does(
    people: People, master: str, settings: Any
) -> None:
    _answers_of_all_kinds(people)
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    assert SealedMonth.objects.count() == 3
    Response.objects.filter(score=2).update(score=3)  # superseded in its file
    here = _everything(people)
    settings.AFTERSCORE_ENGINE = master
    for by_cluster, by_process in zip(_everything(people), here, strict=True):
        assert by_cluster == by_process
