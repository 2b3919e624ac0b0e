"""Satisfaction and effort by wave: with limits, with how many, and never in the score."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pytest_django import DjangoAssertNumQueries

from afterscore.domain import questionnaire
from afterscore.domain.roles import Role
from afterscore.domain.satisfaction import Mean, Share
from afterscore.insights.queries import satisfied as queries
from afterscore.programs.models import Wave
from afterscore.responses.models import Response
from tests import builders
from tests.insights.test_targets import answers
from tests.insights.test_targets_api import key_of
from tests.people import NOW, People

ASKED = questionnaire.parse(
    {"drivers": [{"kind": "satisfaction"}, {"kind": "effort", "key": "ease"}]}
)
PAGE = "/w/harbourline/score/satisfaction/"


def rate(
    people: People,
    satisfied: list[int],
    easy: list[int],
    *,
    silent: int = 0,
    at: datetime = NOW,
    program: str = "relationship",
) -> Wave:
    """A wave in which so many gave these numbers, and some none."""
    given = max(len(satisfied), len(easy))
    answers(people, [9] * (given + silent), at=at, program=program)
    wave = Wave.objects.get(program__slug=program, launched_at=at)
    version = builders.launch_wave(
        people.workspace, questionnaire=ASKED, program="x"
    ).survey_version
    Wave.objects.filter(pk=wave.pk).update(survey_version=version)
    Wave.objects.filter(program__slug="x").delete()
    rows = list(Response.objects.filter(wave=wave).order_by("pk"))[:given]
    for number, row in enumerate(rows):
        if number < len(satisfied):
            row.drivers["satisfaction"] = satisfied[number]
        if number < len(easy):
            row.drivers["ease"] = easy[number]
    Response.objects.bulk_update(rows, ["drivers"])
    return wave


def test_the_share_of_the_satisfied_and_the_mean_effort_come_with_limits(people: People) -> None:
    rate(people, [5] * 6 + [4] * 2 + [3] + [1], [7] * 5 + [4] * 3, silent=5)
    satisfaction, effort = queries.list_ratings(workspace=people.workspace)
    share, mean = satisfaction.rows[0].figure, effort.rows[0].figure
    assert isinstance(share, Share)
    assert (share.satisfied, share.n, satisfaction.rows[0].answers) == (8, 10, 15)
    assert share.low < 0.8 < share.high
    assert isinstance(mean, Mean)
    assert (mean.n, mean.mean) == (8, 47 / 8)


def test_a_wave_that_did_not_ask_is_absent_and_one_nobody_answered_has_no_figure(
    people: People,
) -> None:
    answers(people, [9] * 4, at=NOW - timedelta(days=90))
    rate(people, [], [], silent=3)
    satisfaction, _effort = queries.list_ratings(workspace=people.workspace)
    (row,) = satisfaction.rows
    assert (row.figure, row.change, row.answers) == (None, None, 3)
    assert queries.list_ratings(workspace=people.elsewhere) == []


def test_what_does_not_count_is_in_no_figure(people: People) -> None:
    rate(people, [5] * 5, [])
    first = Response.objects.order_by("pk")[:1]
    Response.objects.filter(pk__in=first).update(validity="quarantined")
    satisfaction = queries.list_ratings(workspace=people.workspace)[0]
    assert satisfaction.rows[0].counts == {5: 4}


def test_a_change_is_called_one_only_beyond_chance(people: People) -> None:
    rate(people, [5] * 30 + [2] * 30, [4, 5] * 30, at=NOW - timedelta(days=90))
    rate(people, [5] * 55 + [2] * 5, [5, 4] * 30, at=NOW)
    page = people.client(people.vic).get(PAGE).content.decode()
    assert "+42 percentage points" in page
    assert "no change beyond chance" in page
    satisfaction, effort = queries.list_ratings(workspace=people.workspace)
    assert satisfaction.rows[0].change is not None
    assert satisfaction.rows[0].change.is_beyond_chance
    assert satisfaction.rows[1].change is None
    assert not effort.rows[0].change.is_beyond_chance  # type: ignore[union-attr]


def test_another_programs_wave_is_no_wave_before(people: People) -> None:
    rate(people, [1] * 20, [], at=NOW - timedelta(days=90), program="onboarding")
    rate(people, [5] * 20, [], at=NOW)
    assert queries.list_ratings(workspace=people.workspace)[0].rows[0].change is None


def test_the_page_says_it_in_a_sentence_with_its_formula(people: People) -> None:
    rate(people, [5] * 8 + [1] * 2, [7] * 10)
    viewer = people.client(people.vic)
    page = viewer.get(PAGE).content.decode()
    seen = re.sub(r'<span class="visually-hidden">.*?</span>|<[^>]+>', "", page)
    assert "80\N{NARROW NO-BREAK SPACE}% of 10 were satisfied in wave 1 of Relationship" in seen
    assert "7.0 of 7 was the mean of 10" in seen
    assert "The formula with its values" in page
    assert viewer.get(f"{PAGE}?program=nothing").status_code == 404
    assert viewer.get(f"{PAGE}nothing/").status_code == 404


def test_without_the_questions_the_page_says_how_they_are_asked(people: People) -> None:
    answers(people, [9] * 4, at=NOW)
    page = people.client(people.vic).get(PAGE).content.decode()
    assert "Nobody is asked about satisfaction or effort" in page


def test_the_table_has_every_number_that_was_given(people: People) -> None:
    rate(people, [5] * 3 + [1], [])
    lines = people.client(people.vic).get(f"{PAGE}satisfaction/").getvalue().decode("utf-8-sig")
    header, row = lines.splitlines()
    assert header.endswith("satisfied_ratio,low,high,gave_1,gave_2,gave_3,gave_4,gave_5")
    assert row.startswith("Relationship,1,2026-05-04,4,4,0.7500,")
    assert row.endswith(",1,0,0,0,3")


def test_machines_read_the_same(people: People) -> None:
    rate(people, [5] * 3 + [1], [6, 6])
    machine = key_of(people, Role.VIEWER)
    read = machine.get("/api/v1/satisfaction").json()
    assert [each["kind"] for each in read] == ["satisfaction", "effort"]
    wave = read[0]["waves"][0]
    assert (wave["value"], wave["n"], wave["scores"], wave["counts"]) == (
        0.75,
        4,
        4,
        {"1": 1, "5": 3},
    )
    assert machine.get("/api/v1/satisfaction?program=relationship").status_code == 200
    assert machine.get("/api/v1/satisfaction?program=nothing").status_code == 404


def test_one_wave_more_is_no_query_more(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        rate(people, [5], [5], at=NOW - timedelta(days=90 * number))
    with django_assert_max_num_queries(8):
        queries.list_ratings(workspace=people.workspace)
