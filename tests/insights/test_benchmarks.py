"""Other people's scores: only with where they come from, and held beside one's own with care."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from afterscore.domain.benchmarks import Draft, Method
from afterscore.insights.models import Benchmark
from afterscore.insights.operations import comparing
from afterscore.insights.queries import benchmarks as queries
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from tests.insights.test_targets import answers, by
from tests.people import NOW, People

LINK = "https://benchmarks.example/2026"
WHOLE: dict[str, Any] = {
    "score": 30.0,
    "source": "A benchmark, 2026",
    "n": 900,
    "collected_on": date(2026, 3, 31),
    "method": Method.PANEL,
    "audience": "customers of 40 software companies, Ireland",
}


@pytest.fixture(autouse=True)
def today() -> Iterable[None]:
    with clock.at(NOW):
        yield


def save(people: People, *, link: str = LINK, **more: Any) -> Benchmark:
    return comparing.save_benchmark(
        workspace=people.workspace,
        draft=Draft(**(WHOLE | more)),
        link=link,
        actor=by(people.max),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"source": ""}, "source"),
        ({"n": None}, "n"),
        ({"collected_on": None}, "collected_on"),
        ({"collected_on": date(2026, 5, 5)}, "collected_on"),
        ({"method": None}, "method"),
        ({"audience": " "}, "audience"),
        ({"link": "somewhere"}, "link"),
    ],
)
def test_without_its_provenance_none_is_taken(
    people: People, missing: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        save(people, **missing)
    assert refused.value.field == field
    assert not Benchmark.objects.exists()


def test_what_was_written_down_and_taken_away_are_facts(people: People) -> None:
    row = save(people)
    comparing.remove_benchmark(benchmark=row, actor=by(people.max), now=NOW)
    names = Fact.objects.filter(name__startswith="benchmark.").order_by("id")
    assert [fact.name for fact in names] == ["benchmark.changed", "benchmark.removed"]
    assert not Benchmark.objects.exists()


def test_ones_own_score_is_that_of_a_year_about_the_whole_relation(people: People) -> None:
    answers(people, [10] * 30, at=NOW - timedelta(days=366))
    answers(people, [10] * 6 + [2] * 4, at=NOW - timedelta(days=200))
    after_tickets = answers(people, [0] * 9, at=NOW - timedelta(days=3), program="support")
    after_tickets.trigger = {"after": "ticket_closed", "days": 2}
    after_tickets.save(update_fields=["trigger"])
    own = queries.measure_own(workspace=people.workspace, now=NOW)
    assert (own.tally.n, own.method) == (10, Method.RELATIONAL)


def test_the_page_says_whether_intervals_overlap_and_what_to_bear_in_mind(people: People) -> None:
    answers(people, [10] * 60 + [8] * 20 + [2] * 20, at=NOW - timedelta(days=20))
    save(people)
    page = people.client(people.vic).get("/w/harbourline/targets/").content.decode()
    assert "overlap: no difference can be told." in page
    assert "Their customers, countries and way of asking are not yours." in page
    assert "customers of 40 software companies, Ireland" in page
    assert "Collected another way" in page
    assert f'href="{LINK}"' in page
    assert "Remove" not in page


def test_a_manager_adds_changes_and_removes_one(people: People) -> None:
    max_ = people.client(people.max)
    data = {
        "score": "30",
        "source": "A benchmark, 2026",
        "link": LINK,
        "audience": "customers of 40 software companies",
        "method": "panel",
        "n": "900",
        "collected_on": "2026-03-31",
        "scale": "0-10",
    }
    refused = max_.post("/w/harbourline/targets/benchmarks/new/", data | {"n": ""})
    assert refused.status_code == 422
    assert max_.post("/w/harbourline/targets/benchmarks/new/", data).status_code == 302
    row = Benchmark.objects.get()
    assert not row.is_standard_question
    path = f"/w/harbourline/targets/benchmarks/{row.public_id}/"
    assert max_.post(path, data | {"score": "31.5"}).status_code == 302
    row.refresh_from_db()
    assert row.score == 31.5
    assert people.client(people.ana).post(f"{path}remove/").status_code == 403
    assert max_.post(f"{path}remove/").status_code == 302
    assert not Benchmark.objects.exists()
