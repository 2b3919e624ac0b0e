"""Months in files: what holds, what lies beside, and what a crash leaves."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from afterscore.cases.models import Case
from afterscore.insights import analyses
from afterscore.insights.analyses import Question
from afterscore.insights.mart import files, reading, wire
from afterscore.insights.models import ChangedAnswer, SealedMonth
from afterscore.insights.operations import sealing
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace
from tests.cases import answers
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db
BY = ("month", "account.industry", "contact.attribute.hobby")


def count(people: People, *by: str) -> dict[Any, tuple[int, ...]]:
    found = analyses.count_cells(
        workspace=people.workspace, question=Question(by=by or BY), now=NOW
    )
    return {cell.keys: cell.histogram for cell in found}


def seal(people: People, now: datetime = NOW) -> list[date]:
    return sealing.seal_workspace(workspace=people.workspace, now=now)


def beside(people: People, *names: str) -> list[dict[str, Any]]:
    """The answers that come from the database."""
    found = reading.read(
        workspace=people.workspace, names=names or ("id", "score"), since=None, until=None
    )
    rows: list[dict[str, Any]] = found.tail.to_pylist()
    return rows


def on_disk(people: People) -> list[Path]:
    return sorted(files.folder_of(people.workspace).iterdir())


def some_answers(people: People) -> list[Response]:
    return [
        said(people, 9, at=MARCH, account={"industry": "Freight"}),
        said(people, 2, at=MARCH, contact={"attributes": {"hobby": "sailing"}}),
        said(people, 5, at=APRIL, account={"name": "Other", "industry": "Retail"}),
        said(people, 10, at=NOW),
    ]


def test_months_that_are_over_are_sealed_and_the_running_one_is_not(people: People) -> None:
    some_answers(people)
    before = count(people)
    assert seal(people) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert [row["score"] for row in beside(people)] == [10]
    assert count(people) == before
    assert seal(people) == []


def test_a_file_holds_every_answer_with_what_it_is_worth(people: People) -> None:
    said(people, 9, at=MARCH)
    said(people, 0, at=MARCH, validity="quarantined")
    seal(people)
    (file,) = on_disk(people)
    table = pq.read_table(file)
    assert table.column("validity").to_pylist() == ["counted", "quarantined"]
    assert sum(count(people, "month")["2026-03-01",]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"score": 0},
        {"validity": "discarded"},
        {"comment": "More."},
        {"received_at": APRIL},
        {"received_at": NOW},
        {"frozen": {"contact": {}, "account": {"industry": "Mining"}}},
    ],
    ids=str,
)
def test_what_changed_since_the_seal_is_counted_as_it_is_now(
    people: People, changes: dict[str, Any]
) -> None:
    first, *_others = some_answers(people)
    seal(people)
    Response.objects.filter(pk=first.pk).update(**changes)
    now = count(people), count(people, "commented")
    assert now == _as_if_never_sealed(people)
    sealing.seal_months(workspace=people.workspace, months=[date(2026, 3, 1)], now=NOW)
    assert (count(people), count(people, "commented")) == now
    assert first.pk not in [row["id"] for row in beside(people)] or "received_at" in changes


def _as_if_never_sealed(people: People) -> tuple[Any, Any]:
    kept = list(SealedMonth.objects.all())
    SealedMonth.objects.all().delete()
    found = count(people), count(people, "commented")
    SealedMonth.objects.bulk_create(kept)
    return found


def test_an_answer_that_goes_is_counted_no_more(people: People) -> None:
    first, *_others = some_answers(people)
    seal(people)
    first.enrolment.delete()
    assert sum(sum(cell) for cell in count(people).values()) == 3
    sealing.seal_months(workspace=people.workspace, months=[date(2026, 3, 1)], now=NOW)
    assert sum(sum(cell) for cell in count(people).values()) == 3
    assert not ChangedAnswer.objects.filter(response_key=first.pk).exists()


def test_an_answer_that_wanders_through_months_is_always_in_one_place(people: People) -> None:
    first, *_others = some_answers(people)
    seal(people)
    for received_at in (APRIL, NOW, MARCH, APRIL):
        Response.objects.filter(pk=first.pk).update(received_at=received_at)
        month = received_at.date().replace(day=1)
        for months in ([], [month], [date(2026, 4, 1)]):
            if months:
                sealing.seal_months(workspace=people.workspace, months=months, now=NOW)
            found = {keys[0]: cell[9] for keys, cell in count(people, "month").items() if cell[9]}
            assert found == {month.isoformat(): 1}


def test_themes_that_come_late_are_counted_at_once(people: People) -> None:
    case = answers.open_for(people, now=NOW)
    Response.objects.filter(pk=case.response_id).update(received_at=MARCH)
    seal(people)
    assert list(count(people, "theme")) == [(None,)]
    Case.objects.filter(pk=case.pk).update(themes=["thm_a", "thm_b"])
    assert list(count(people, "theme")) == [("thm_a",), ("thm_b",)]


def test_another_owner_counts_at_once(people: People) -> None:
    first, *_others = some_answers(people)
    seal(people)
    type(first.enrolment).objects.filter(pk=first.enrolment_id).update(owner=people.ana)
    assert (people.ana.public_id,) in count(people, "owner")


def test_a_late_answer_of_a_sealed_month_is_counted_beside_the_file(people: People) -> None:
    some_answers(people)
    seal(people)
    said(people, 7, at=MARCH)
    assert count(people, "month")["2026-03-01",][7] == 1
    assert len(on_disk(people)) == 2


def test_a_month_is_sealed_anew_once_much_lies_beside_its_file(people: People) -> None:
    some_answers(people)
    seal(people)
    Response.objects.filter(received_at=MARCH).update(score=1)
    assert seal(people) == []
    for score in [*range(11)] * 5:
        Response.objects.filter(received_at=MARCH).update(score=score)
    assert seal(people) == [date(2026, 3, 1)]
    assert [row["score"] for row in beside(people)] == [10]
    assert count(people, "month")["2026-03-01",][10] == 2


def test_another_time_zone_asks_the_database_until_the_months_are_sealed_again(
    people: People,
) -> None:
    said(people, 9, at=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
    said(people, 8, at=MARCH)
    seal(people)
    Workspace.objects.filter(pk=people.workspace.pk).update(time_zone="Asia/Tokyo")
    people.workspace.refresh_from_db()
    shifted = {("2026-03-01",): 1, ("2026-04-01",): 1}
    assert {keys: sum(cell) for keys, cell in count(people, "month").items()} == shifted
    assert len(beside(people)) == 2
    assert seal(people) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert beside(people) == []
    assert {keys: sum(cell) for keys, cell in count(people, "month").items()} == shifted


@pytest.mark.parametrize("harm", ["gone", "cut short"])
def test_a_file_that_is_lost_costs_time_and_no_answer(people: People, harm: str) -> None:
    some_answers(people)
    before = count(people)
    seal(people)
    for file in on_disk(people):
        file.unlink() if harm == "gone" else file.write_bytes(file.read_bytes()[:-9])
    assert count(people) == before
    assert seal(people) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert len(beside(people)) == 1
    assert count(people) == before


def test_a_file_that_may_not_be_read_is_counted_in_the_database(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_answers(people)
    before = count(people)
    seal(people)
    held = {str(place) for place in on_disk(people)}
    monkeypatch.setattr(os, "access", lambda place, _mode: str(place) not in held)
    assert len(beside(people)) == sum(map(sum, before.values()))
    assert count(people) == before


def test_what_others_put_beside_the_files_is_left_where_it_is(people: People) -> None:
    some_answers(people)
    seal(people)
    (own,) = {place.parent for place in on_disk(people)}
    (own / "lost+found").mkdir()
    sealing.seal_workspace(workspace=people.workspace, now=NOW + timedelta(hours=2))
    assert (own / "lost+found").is_dir()


def test_a_replaced_file_stays_an_hour_for_whoever_reads_it(people: People) -> None:
    some_answers(people)
    seal(people)
    Response.objects.filter(received_at=APRIL).update(score=1)
    sealing.seal_months(workspace=people.workspace, months=[date(2026, 4, 1)], now=NOW)
    assert len(on_disk(people)) == 3
    assert sealing.sweep(workspace=people.workspace, now=datetime.now(UTC)) == []
    later = datetime.now(UTC) + timedelta(hours=2)
    assert len(sealing.sweep(workspace=people.workspace, now=later)) == 1
    assert len(on_disk(people)) == 2


def test_a_reader_whose_file_is_swept_away_reads_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_answers(people)
    before = count(people)
    seal(people)
    read = reading.read
    swept: list[Path] = []

    def read_and_lose(**asked: Any) -> Any:
        found = read(**asked)
        if not swept:
            swept.extend(on_disk(people))
            swept[0].unlink()
        return found

    monkeypatch.setattr("afterscore.insights.mart.read", read_and_lose)
    assert count(people) == before
    assert swept


def test_no_file_of_another_workspace_is_ever_read(people: People) -> None:
    some_answers(people)
    seal(people)
    row = SealedMonth.objects.first()
    assert row is not None
    row.pk, row.workspace = None, people.elsewhere
    row.save()
    with wire.connect() as link:
        assert reading.list_sealed(link, people.elsewhere) == []
    found = analyses.count_cells(workspace=people.elsewhere, question=Question(), now=NOW)
    assert sum(found[0].histogram) == 0
    row.path = f"{people.elsewhere.public_id}/../{row.path}"
    row.save()
    with wire.connect() as link:
        assert reading.list_sealed(link, people.elsewhere) == []


def test_a_running_month_is_sealed_once_it_is_large(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterscore.domain.sealing.MOST_BESIDE", 2)
    for score in (1, 2, 3):
        said(people, score)
    assert seal(people) == [date(2026, 5, 1)]
    said(people, 4)
    assert [row["score"] for row in beside(people)] == [4]
    assert count(people, "month") == {("2026-05-01",): (0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0)}
