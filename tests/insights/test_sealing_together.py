"""Sealing while others write, and sealing that dies: every count is right at every moment."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from afterscore.customers import operations as customers
from afterscore.domain.events import SYSTEM
from afterscore.insights import analyses
from afterscore.insights.analyses import Question
from afterscore.insights.mart import files
from afterscore.insights.models import SealedMonth
from afterscore.insights.operations import sealing
from afterscore.kit import jobs
from afterscore.responses.models import Response
from tests.insights import killing
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db(transaction=True)
POINTS = ("sealing.written", "sealing.named", "sealing.noted", "sealing.committed")
HOBBY = "zyxsailing"


def count(people: People, *by: str) -> dict[Any, tuple[int, ...]]:
    question = Question(by=by or ("month", "contact.attribute.hobby"))
    found = analyses.count_cells(workspace=people.workspace, question=question, now=NOW)
    return {cell.keys: cell.histogram for cell in found}


def by_database(people: People) -> dict[Any, tuple[int, ...]]:
    """The same without any file."""
    kept = list(SealedMonth.objects.all())
    SealedMonth.objects.all().delete()
    found = count(people)
    SealedMonth.objects.bulk_create(kept)
    return found


def seal(people: People) -> None:
    sealing.seal_workspace(workspace=people.workspace, now=NOW)


def held_on_disk(people: People, word: str) -> bool:
    folder = files.folder_of(people.workspace)
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


def test_a_sealer_killed_anywhere_leaves_right_answers(people: People) -> None:
    first, second = said(people, 9, at=MARCH), said(people, 2, at=APRIL)
    with killing.sealers(people.workspace.slug) as sealers:
        for round_number in range(2):  # the first file of a month, and one that replaces it
            for point in POINTS:
                Response.objects.filter(pk=first.pk).update(score=round_number)
                sealers.die_at(point, "2026-03-01", "2026-04-01")
                assert count(people) == by_database(people), point
                Response.objects.filter(pk=second.pk).update(
                    received_at=(MARCH, APRIL)[round_number]
                )
                assert count(people) == by_database(people), point
    seal(people)
    assert count(people) == by_database(people)


def test_what_is_written_while_a_month_is_sealed_is_counted(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = said(people, 9, at=MARCH), said(people, 2, at=MARCH)
    write = files.write
    own = connection.settings_dict

    def write_beside_others(*arguments: Any, **options: Any) -> Any:
        written = write(*arguments, **options)
        Response.objects.filter(pk=first.pk).update(score=0)  # committed before the file is named
        return written

    monkeypatch.setattr(files, "write", write_beside_others)
    with psycopg.connect(dbname=own["NAME"], user=own["USER"], host=own["HOST"]) as other:
        other.execute("UPDATE responses_response SET score = 7 WHERE id = %s", [second.pk])
        seal(people)
        assert count(people, "month")["2026-03-01",][2] == 1
        other.commit()
    assert count(people, "month") == {("2026-03-01",): (1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)}


def test_who_is_erased_while_a_month_is_sealed_stands_in_no_file(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = said(people, 3, at=MARCH, contact={"attributes": {"hobby": HOBBY}})
    write = files.write

    def write_and_erase(*arguments: Any, **options: Any) -> Any:
        written = write(*arguments, **options)
        customers.erase_contact(contact=answer.contact, actor=SYSTEM, now=NOW)
        return written

    monkeypatch.setattr(files, "write", write_and_erase)
    seal(people)
    assert not SealedMonth.objects.exists()
    monkeypatch.setattr(files, "write", write)
    seal(people)
    assert SealedMonth.objects.exists()
    assert count(people) == {("2026-03-01", None): (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)}
    named = set(SealedMonth.objects.values_list("path", flat=True))
    assert not any(
        HOBBY.encode() in (files.folder_of(people.workspace).parent / path).read_bytes()
        for path in named
    )


def test_erasing_rewrites_the_files_that_hold_the_person_at_once(people: People) -> None:
    answer = said(people, 3, at=MARCH, contact={"attributes": {"hobby": HOBBY}})
    said(people, 9, at=MARCH)
    said(people, 9, at=APRIL)
    seal(people)
    april = SealedMonth.objects.get(month="2026-04-01").path
    scores = count(people, "month")
    assert held_on_disk(people, HOBBY)
    with jobs.inline() as queue:
        customers.erase_contact(contact=answer.contact, actor=SYSTEM, now=NOW)
        assert (None,) in count(people, "contact.attribute.hobby")
        queue.run()
    assert not held_on_disk(people, HOBBY)
    assert count(people, "month") == scores
    assert SealedMonth.objects.get(month="2026-04-01").path == april
