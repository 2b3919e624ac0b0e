"""Many answers to one invitation in the same moment: one response, and everybody is content."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.programs import queries as programs
from afterscore.programs.models import Enrolment
from afterscore.responses import operations
from afterscore.responses.models import Response
from tests.builders import enrol, survey_path
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 60  # connections; PostgreSQL has 100 as it comes
TIMES = 100
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def nora(people: People) -> Enrolment:
    return enrol(people, launched_at=clock.now())


def all_at_once(call: Callable[[int], int]) -> list[int]:
    """What `call` returns for 0 to 99, run by threads that start together, each on a connection
    of its own."""
    gate = threading.Barrier(AT_ONCE)
    numbers = iter(range(TIMES))
    lock = threading.Lock()

    def work() -> list[int]:
        results: list[int] = []
        try:
            gate.wait()
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return results
                results.append(call(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        workers = [pool.submit(work) for _ in range(AT_ONCE)]
    return [result for worker in workers for result in worker.result()]


def names_of_facts() -> list[str]:
    response = Response.objects.get()
    facts = Fact.objects.filter(subject=response.public_id).order_by("id")
    return [fact.name for fact in facts]


def test_a_hundred_times_the_same_answer_is_one(nora: Enrolment):
    path = survey_path(nora)

    def press(_number: int) -> int:
        body = "score=9&comment=Quick&conduct=touch+2400+80+0+0"
        return Client().post(path, body, content_type=FORM).status_code

    statuses = all_at_once(press)

    assert statuses == [303] * TIMES
    response = Response.objects.get()
    assert (response.score, response.comment, response.edits) == (9, "Quick", 0)
    assert names_of_facts() == ["response.received"]


def test_a_hundred_answers_by_every_path_are_one_with_its_history(nora: Enrolment):
    """The form's steps, the mail's link, the page's script and a caller of the operation."""
    path = survey_path(nora)
    public_id = nora.public_id

    def send(number: int) -> int:
        score = number % 11
        headers: dict[str, str] = {}
        match number % 4:
            case 0:
                body = f"score={score}"
            case 1:
                body = f"score={score}&comment=from+{number}"
            case 2:
                body, headers = f"score={score}", {"Accept": "application/json"}
            case _:
                return _record(public_id, score)
        return Client().post(path, body, content_type=FORM, headers=headers).status_code

    statuses = all_at_once(send)

    assert len(statuses) == TIMES
    assert set(statuses) <= {200, 303}
    assert_history_adds_up()


def _record(public_id: str, score: int) -> int:
    enrolment = programs.find_enrolment(public_id=public_id)
    assert enrolment is not None
    operations.record_response(enrolment=enrolment, score=score, channel="api", now=clock.now())
    return 200


def assert_history_adds_up() -> None:
    """Received once, and before that only held: a bare score waits for a sign of a hand, and any
    other path may be faster or slower than it. From then on, every change starts from the score
    that the one before has left."""
    response = Response.objects.get()
    facts = list(Fact.objects.filter(subject=response.public_id).order_by("id"))
    names = [fact.name for fact in facts]
    start = names.index("response.received")
    assert set(names[:start]) <= {"response.held"}
    assert set(names[start + 1 :]) <= {"response.changed"}
    score = facts[start].payload["score"]
    assert score == response.first_score
    for fact in facts[start + 1 :]:
        assert fact.payload["old_score"] == score
        score = fact.payload["score"]
    assert score == response.score
    assert response.edits <= len(facts) - start - 1


def test_the_losers_of_a_race_for_a_rolled_back_answer_can_still_answer(nora: Enrolment):
    path = survey_path(nora)

    def press(number: int) -> int:
        if number % 2:
            return Client().post(path, "score=9", content_type=FORM).status_code
        with transaction.atomic():
            _record(nora.public_id, 3)
            transaction.set_rollback(True)
        return 303

    assert all_at_once(press) == [303] * TIMES
    assert Response.objects.get().score == 9
