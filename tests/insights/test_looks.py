"""Looks at the answers: one state, one connection, nothing read twice, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterscore.cases import operations as cases
from afterscore.cases.models import Case
from afterscore.insights import analyses, engines, mart
from afterscore.insights.analyses import Question, listing
from afterscore.insights.analyses.remembering import Memory
from afterscore.insights.engines.silence import Silent
from afterscore.insights.mart import links
from afterscore.insights.mart.wire import Wire
from afterscore.insights.operations import sealing
from afterscore.responses.models import Response
from tests.insights.answering import APRIL, MARCH, said
from tests.people import NOW, People

outside_a_transaction = pytest.mark.django_db(transaction=True)
STRANGERS: set[int] = set()


def answers(people: People) -> int:
    (cell,) = analyses.count_cells(workspace=people.workspace, question=Question(), now=NOW)
    return sum(cell.histogram)


def fail(look: mart.Look, broken: str) -> None:
    number = pa.schema([("n", pa.int64())])
    if broken == "by the database":
        look.link.table("SELECT 1 / 0", number)
    if broken == "in the midst of rows":
        next(look.link.batches("SELECT generate_series(1, 5000000)::bigint", number))
    raise ZeroDivisionError


def are_soon_idle() -> bool:
    """The server notices at its next word that nobody listens any more."""
    for _ in range(100):
        if all(state == "idle" for _pid, state in our_connections()):
            return True
        time.sleep(0.05)
    return False


def our_connections() -> list[tuple[int, str]]:
    """Those beside the one that asks: process and what it is at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [(pid, state) for pid, state in cursor.fetchall() if pid not in STRANGERS]


@pytest.fixture
def no_links() -> Iterator[None]:
    """Nor any connection that a server of pages may have kept from an earlier test."""
    links.close_all()
    STRANGERS.clear()
    STRANGERS.update(pid for pid, _state in our_connections())
    yield
    links.close_all()
    STRANGERS.clear()


@outside_a_transaction
def test_one_look_after_another_goes_over_the_same_connection(
    people: People, no_links: None
) -> None:
    said(people, 9)
    assert answers(people) == 1
    (first,) = our_connections()
    assert answers(people) == 1
    assert our_connections() == [first]
    assert first[1] == "idle"


@outside_a_transaction
def test_a_look_sees_one_state_and_the_next_look_a_fresh_answer(people: People) -> None:
    said(people, 9)
    with mart.look():
        assert answers(people) == 1
        said(people, 3)
        assert answers(people) == 1
        said(people, 0, account={"attributes": {"tier": "gold"}})
        listed = {each.key for each in analyses.list_dimensions(workspace=people.workspace)}
        assert "account.attribute.tier" not in listed
    assert answers(people) == 3


@outside_a_transaction
def test_whoever_changes_answers_in_the_midst_of_a_look_sees_them(people: People) -> None:
    said(people, 9)
    with mart.look():
        assert answers(people) == 1
        with transaction.atomic():
            said(people, 3)
            assert answers(people) == 2


@outside_a_transaction
@pytest.mark.parametrize("broken", ["by the page", "by the database", "in the midst of rows"])
def test_the_state_is_let_go_when_a_look_fails(people: People, no_links: None, broken: str) -> None:
    said(people, 9)

    with pytest.raises(Exception, match=r"division by zero|^$"), mart.look() as look:
        fail(look, broken)
    assert are_soon_idle()
    said(people, 3)
    assert answers(people) == 2


@outside_a_transaction
def test_a_connection_that_the_server_has_ended_is_replaced(people: People, no_links: None) -> None:
    said(people, 9)
    assert answers(people) == 1
    ((pid, _state),) = our_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert answers(people) == 1


@outside_a_transaction
def test_a_look_ends_well_where_the_server_hung_up_after_everything_was_read(
    people: People, no_links: None
) -> None:
    said(people, 9)
    with mart.look():
        assert answers(people) == 1
        ((pid, _state),) = our_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert our_connections() == []
    assert answers(people) == 1


@pytest.mark.django_db
def test_a_look_does_not_read_the_same_twice(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(people, 9, account={"plan": "growth"})
    with asked_of(monkeypatch) as asked, mart.look():
        analyses.list_dimensions(workspace=people.workspace)
        before = len(asked)
        assert before
        answers(people)
        analyses.count_cells(
            workspace=people.workspace, question=Question(by=("account.plan", "month")), now=NOW
        )
        assert asked[before:] == []


@contextmanager
def asked_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the mart asks of the database meanwhile."""
    asked: list[str] = []
    table = Wire.table

    def heard(self: Wire, sql: str, schema: Any) -> Any:
        asked.append(sql)
        return table(self, sql, schema)

    with monkeypatch.context() as patch:
        patch.setattr(Wire, "table", heard)
        yield asked


@pytest.mark.django_db
def test_more_attributes_are_no_more_questions(
    people: People, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to the database nor to what counts, on every page with a filter."""
    said(people, 9, account={"plan": "growth", "attributes": {"tier": "gold"}})
    client.force_login(people.olivia.user)
    before = asked_by_pages(people, client, monkeypatch)
    many = {f"attribute {n}": f"value {n}" for n in range(70)}
    said(people, 3, account={"plan": "starter", "attributes": many})
    assert asked_by_pages(people, client, monkeypatch) == before


def asked_by_pages(
    people: People, client: Client, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[int, int]]:
    """By page: how many questions to the database, and to the engine."""
    found = {}
    engine = type(engines.choose())
    rows = engine.rows
    for page in ("score/", "score/explore/", "score/compare/", "score/filter/score/"):
        asked: list[str] = []

        def heard(
            self: Any, *, contents: Any, sql: str, beside: Any = None, asked: list[str] = asked
        ) -> Any:
            asked.append(sql)
            return rows(self, contents=contents, sql=sql, beside=beside)

        with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(engine, "rows", heard)
            answer = client.get(f"/w/{people.workspace.slug}/{page}?period=all")
        assert answer.status_code == 200
        found[page] = (len(queries), len(asked))
    return found


@outside_a_transaction
def test_what_was_counted_is_counted_again_only_when_an_answer_changes(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer, its score, its theme and its going: each is in the next look."""
    answer = said(people, 9)
    answers(people)
    with asked_of(monkeypatch) as asked:
        assert answers(people) == 1
        assert [sql for sql in asked if "responses_response" in sql] == []
    said(people, 3)
    assert answers(people) == 2
    Response.objects.filter(pk=answer.pk).update(score=2)
    (cell,) = analyses.count_cells(workspace=people.workspace, question=Question(), now=NOW)
    assert (cell.histogram[2], cell.histogram[9]) == (1, 0)
    case = cases.open_case(response=answer, now=NOW)
    Case.objects.filter(pk=case.pk).update(themes=["thm_1"])
    by_theme = Question(by=("theme",))
    found = analyses.count_cells(workspace=people.workspace, question=by_theme, now=NOW)
    assert {cell.keys for cell in found} == {("thm_1",), (None,)}
    Response.objects.filter(pk=answer.pk).update(validity="discarded")
    assert answers(people) == 1


@outside_a_transaction
def test_values_of_sealed_months_stand_beside_fresh_ones(people: People) -> None:
    old = said(people, 9, at=MARCH, account={"plan": "growth", "industry": "Freight"})
    said(people, 2, at=APRIL, account={"plan": "growth", "industry": "Retail"})
    sealing.seal_workspace(workspace=people.workspace, now=NOW)

    def plans() -> dict[str, int]:
        found = {d.key: d for d in analyses.list_dimensions(workspace=people.workspace)}
        return {each.value: each.answers for each in found["account.plan"].values}

    assert plans() == {"growth": 2}
    said(people, 5, account={"plan": "growth"})
    said(people, 5, account={"plan": "starter"})
    assert plans() == {"growth": 3, "starter": 1}
    Response.objects.filter(pk=old.pk).update(validity="discarded")
    assert plans() == {"growth": 2, "starter": 1}


@outside_a_transaction
def test_of_more_values_than_are_known_those_are_listed_whose_answers_are_all_counted(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_KNOWN", 2)
    for plan in ("growth", "growth", "growth", "starter", "starter", "trial"):
        said(people, 9, at=MARCH, account={"plan": plan, "attributes": {"seats": 1}})
    said(people, 9, at=MARCH, account={"plan": "", "attributes": {"seats": 7}})
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    for plan in ("trial", "trial", "starter"):
        said(people, 5, account={"plan": plan, "attributes": {"seats": 2}})
    said(people, 5, account={"plan": "starter", "attributes": {"seats": "2 of 3"}})
    found = {d.key: d for d in analyses.list_dimensions(workspace=people.workspace)}
    plans = {each.value: each.answers for each in found["account.plan"].values}
    assert plans == {"starter": 4, "growth": 3}  # of three for "trial" one is not known
    assert found["account.plan"].empty == 1
    assert found["account.attribute.seats"].kind == "choice"


def test_a_memory_keeps_what_was_asked_last_and_nothing_too_large() -> None:
    kept = Memory(most=8)
    counted: list[str] = []

    def ask(key: str, size: int = 1) -> None:
        kept.recall(key, lambda: counted.append(key), parts=lambda _: size)

    for key in ("a", "b", "c", "d", "a", "e", "a", "b"):
        ask(key)
    assert counted == ["a", "b", "c", "d", "e", "b"]
    for _ in range(2):
        ask("large", 3)
    assert counted[-2:] == ["large", "large"]


class _Away:
    """An engine whose machines are not there."""

    dialect = "duckdb"

    def rows(self, **_asked: object) -> list[tuple[object, ...]]:
        raise Silent("the cluster", 120)


@pytest.mark.django_db
def test_a_silent_engine_is_told_in_a_sentence_and_loses_nothing(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(people, 9)
    monkeypatch.setattr(engines, "choose", _Away)
    page = people.client(people.vic).get("/w/harbourline/score/")
    assert page.status_code == 503
    shown = page.content.decode()
    assert "The cluster has not answered within 120 seconds" in shown
    assert "Nothing is lost" in shown
    assert 'href="/w/harbourline/score/"' in shown
