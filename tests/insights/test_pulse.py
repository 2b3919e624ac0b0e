from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterscore.customers.models import Account
from afterscore.insights import queries
from afterscore.kit import clock, jobs
from tests import builders
from tests.insights import crowd
from tests.people import NOW, People

LATER = NOW + timedelta(days=2)


@pytest.fixture
def answered(people: People) -> People:
    """Five answers of one wave: two promoters, a passive, two detractors; one is silent."""
    with jobs.inline() as queue:
        for number, (score, comment) in enumerate(
            [(10, "Great"), (9, ""), (8, "Fine"), (2, "Slow"), (6, "Dear")]
        ):
            builders.answer(
                builders.enrol(people, email=f"person{number}@quayside.example"),
                score=score,
                comment=comment or None,
                now=NOW + timedelta(minutes=number),
            )
        queue.run()
    return people


def pulse(people: People) -> queries.Pulse:
    waves = queries.list_waves(workspace=people.workspace)
    return queries.get_pulse(workspace=people.workspace, wave=waves[0], waves=waves, now=LATER)


def test_the_score_stands_with_its_interval_and_count(answered: People) -> None:
    now = pulse(answered).now
    assert now.tally.n == 5
    assert now.tally.score == 0.0
    assert now.interval is not None
    assert now.interval.low < 0 < now.interval.high


def test_loops_are_counted_by_group_and_by_comment(answered: People) -> None:
    loops = pulse(answered).loops
    assert (loops.every.total, loops.every.closed) == (5, 0)
    assert [loop.total for loop in loops.groups.values()] == [2, 1, 2]
    assert (loops.speaking.total, loops.silent.total) == (4, 1)


def test_the_same_account_is_at_stake_once(answered: People) -> None:
    Account.objects.filter(workspace=answered.workspace).update(
        recurring_revenue=Decimal(12000), currency="EUR"
    )
    (stake,) = pulse(answered).stakes
    assert (stake.amount, stake.currency, stake.accounts) == (Decimal(12000), "EUR", 1)


def test_the_page_shows_the_verbatims_and_what_to_do(answered: People) -> None:
    with clock.at(NOW + timedelta(days=30)):
        page = answered.client(answered.vic).get("/w/harbourline/pulse/").content.decode()
    assert "Slow" in page
    assert "Answer 5 people past due" in page


def test_the_live_part_is_only_the_figures(answered: People) -> None:
    part = answered.client(answered.vic).get(
        "/w/harbourline/pulse/", headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    assert "loops closed" in part.content.decode()


def test_a_wave_that_nobody_has_answered_says_so(people: People) -> None:
    builders.enrol(people)
    page = people.client(people.vic).get("/w/harbourline/pulse/").content.decode()
    assert "No answers yet" in page or "Nothing to compare with yet" in page


def test_another_workspace_cannot_be_looked_into(answered: People) -> None:
    wave = queries.list_waves(workspace=answered.workspace)[0]
    eve = answered.client(answered.eve)
    assert eve.get("/w/harbourline/pulse/").status_code == 404
    assert eve.get(f"/w/elsewhere/pulse/?wave={wave.public_id}").status_code == 404


def test_without_a_wave_the_page_says_what_to_do_first(people: People) -> None:
    page = people.client(people.max).get("/w/harbourline/pulse/").content.decode()
    assert "Import your customers" in page


def test_the_score_wave_by_wave_is_also_a_file(people: People) -> None:
    first = crowd.answer_all(people)
    crowd.answer_all(
        people,
        wave=builders.launch_wave(people.workspace, launched_at=NOW + timedelta(hours=1)),
        at=NOW + timedelta(days=1),
        prefix="q",
    )
    client, page = people.client(people.vic), "/w/harbourline/pulse/"
    with clock.at(LATER):
        shown = client.get(page).content.decode()
        table = client.get(f"{page}?chart=waves&as=csv").content.decode()
        picture = client.get(f"{page}?chart=waves&as=png").content
    assert f'href="{page}?chart=waves&amp;as=png"' in shown
    assert f"Wave {first.number},88" in table
    assert picture.startswith(b"\x89PNG")


def test_the_page_takes_a_handful_of_queries_whatever_its_size(answered: People) -> None:
    client = answered.client(answered.vic)
    client.get("/w/harbourline/pulse/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/w/harbourline/pulse/")
    assert len(seen) <= 20
