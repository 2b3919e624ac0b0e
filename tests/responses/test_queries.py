from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterscore.customers.models import Account
from afterscore.domain import nps
from afterscore.kit.errors import NotFound, Refused
from afterscore.programs.models import Enrolment
from afterscore.responses import queries
from afterscore.responses.models import Response
from tests.builders import answer, enrol, launch_wave
from tests.people import NOW, People


def bins(**scores: int) -> nps.Histogram:
    """bins(s9=2): two nines."""
    return tuple(scores.get(f"s{score}", 0) for score in range(11))


def asked(people: People, number: int, *, plan: str = "", region: str = "") -> Enrolment:
    enrolment = enrol(people, email=f"p{number}@quayside.example", account=f"Customer {number}")
    account = company_of(enrolment)
    account.plan = plan
    account.attributes = {"region": region} if region else {}
    account.save()
    return Enrolment.objects.get(pk=enrolment.pk)


def company_of(enrolment: Enrolment) -> Account:
    assert enrolment.account is not None
    return enrolment.account


def test_a_histogram_counts_each_score(people: People):
    for number, score in enumerate([9, 9, 0, 10]):
        answer(asked(people, number), score=score)

    assert queries.histogram(workspace=people.workspace) == bins(s0=1, s9=2, s10=1)


def test_without_answers_all_bins_are_empty(people: People):
    workspace = people.workspace

    assert queries.histogram(workspace=workspace) == nps.empty_histogram()
    assert queries.histograms_by(workspace=workspace, attribute="account.plan") == {}
    assert queries.histograms_by_month(workspace=workspace, zone=UTC) == {}
    assert queries.histograms_by_wave(workspace=workspace) == {}


def test_answers_of_another_workspace_are_not_counted(people: People):
    answer(asked(people, 1), score=9)

    assert queries.histogram(workspace=people.elsewhere) == nps.empty_histogram()
    assert not queries.list_responses(workspace=people.elsewhere).exists()


def test_since_is_within_and_until_is_not(people: People):
    for number in range(3):
        answer(asked(people, number), score=number, now=NOW + timedelta(days=number))

    counted = queries.histogram(
        workspace=people.workspace,
        since=NOW + timedelta(days=1),
        until=NOW + timedelta(days=2),
    )

    assert counted == bins(s1=1)


def test_histograms_by_an_attribute_as_it_was_at_the_answer(people: People):
    first = asked(people, 1, plan="enterprise")
    answer(first, score=9)
    answer(asked(people, 2, plan="enterprise"), score=3)
    answer(asked(people, 3), score=7)
    account = company_of(first)
    account.plan = "starter"
    account.save()

    found = queries.histograms_by(workspace=people.workspace, attribute="account.plan")

    assert list(found.items()) == [
        ("enterprise", bins(s3=1, s9=1)),
        (queries.UNKNOWN, bins(s7=1)),
    ]


def test_histograms_by_an_attribute_of_ones_own(people: People):
    answer(asked(people, 1, region="EMEA"), score=10)
    answer(asked(people, 2), score=1)

    found = queries.histograms_by(workspace=people.workspace, attribute="account.attribute.region")

    assert found == {"EMEA": bins(s10=1), queries.UNKNOWN: bins(s1=1)}


@pytest.mark.parametrize(
    "attribute",
    ["", "score", "account", "account.password", "account.plan__in", "account.attribute.",
     "account.attribute.a'b", "frozen.account.plan"],
)  # fmt: skip
def test_an_attribute_that_does_not_exist_is_refused(people: People, attribute: str):
    with pytest.raises(Refused):
        queries.histograms_by(workspace=people.workspace, attribute=attribute)


def test_answers_may_be_chosen_by_attributes(people: People):
    answer(asked(people, 1, plan="enterprise", region="EMEA"), score=9)
    answer(asked(people, 2, plan="enterprise", region="APAC"), score=3)
    answer(asked(people, 3, region="EMEA"), score=7)

    def counted(**matching: str) -> nps.Histogram:
        names = {f"account.{name.replace('_', '.')}": value for name, value in matching.items()}
        return queries.histogram(workspace=people.workspace, matching=names)

    assert counted(plan="enterprise") == bins(s3=1, s9=1)
    assert counted(plan="enterprise", attribute_region="EMEA") == bins(s9=1)
    assert counted(plan="") == bins(s7=1)
    assert counted(plan="' OR 1=1 --") == nps.empty_histogram()


def test_a_month_is_the_month_of_the_zone(people: People):
    wave = launch_wave(people.workspace, launched_at=datetime(2026, 4, 20, tzinfo=UTC))
    enrolment = enrol(people, wave=wave)
    answer(enrolment, score=9, now=datetime(2026, 4, 30, 23, 30, tzinfo=UTC))

    def months(zone: str) -> dict[date, nps.Histogram]:
        return queries.histograms_by_month(workspace=people.workspace, zone=ZoneInfo(zone))

    assert months("UTC") == {date(2026, 4, 1): bins(s9=1)}
    assert months("Europe/Berlin") == {date(2026, 5, 1): bins(s9=1)}
    assert months("America/New_York") == {date(2026, 4, 1): bins(s9=1)}


def test_histograms_by_wave(people: People):
    spring, autumn = launch_wave(people.workspace), launch_wave(people.workspace)
    answer(enrol(people, wave=spring), score=4)
    answer(enrol(people, wave=autumn), score=8)

    found = queries.histograms_by_wave(workspace=people.workspace)
    only = queries.histogram(workspace=people.workspace, waves=[autumn])

    assert found == {spring.public_id: bins(s4=1), autumn.public_id: bins(s8=1)}
    assert only == bins(s8=1)
    assert queries.histogram(workspace=people.workspace, waves=[]) == nps.empty_histogram()


def test_the_newest_answer_comes_first(people: People):
    first = answer(asked(people, 1), score=9)
    second = answer(asked(people, 2), score=2, now=NOW + timedelta(hours=1))

    assert list(queries.list_responses(workspace=people.workspace)) == [second, first]
    assert list(queries.list_responses(workspace=people.workspace, scores=[9])) == [first]


def test_every_word_of_a_search_must_be_found(people: People):
    late = answer(asked(people, 1), score=2, comment="Two late ships")
    answer(asked(people, 2), score=2, comment="Late invoices")

    def found(search: str) -> list[Response]:
        return list(queries.list_responses(workspace=people.workspace, search=search))

    assert found("LATE ships") == [late]
    assert found("customer 1 late") == [late]
    assert found("100%") == []


def test_the_answers_of_a_person_and_of_a_company(people: People):
    nora = enrol(people)
    omar = enrol(people, email="omar@quayside.example")
    hers, his = answer(nora, score=9), answer(omar, score=2)
    answer(asked(people, 1), score=5)

    of_nora = queries.list_responses_of(workspace=people.workspace, contact=nora.contact)
    of_quayside = queries.list_responses_of(workspace=people.workspace, account=nora.account)

    assert list(of_nora) == [hers]
    assert set(of_quayside) == {hers, his}


def test_a_response_is_found_in_its_own_workspace_only(people: People):
    nora = enrol(people)
    assert queries.find_response_to(enrolment=nora) is None
    response = answer(nora, score=9)

    found = queries.get_response(workspace=people.workspace, public_id=response.public_id)
    assert found == response
    assert queries.find_response_to(enrolment=nora) == response
    with pytest.raises(NotFound):
        queries.get_response(workspace=people.elsewhere, public_id=response.public_id)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(scores=st.lists(st.integers(0, 10), max_size=12), plans=st.randoms(use_true_random=False))
def test_all_ways_of_counting_add_up_to_the_same(people: People, scores: list[int], plans):
    Response.objects.all().delete()
    Enrolment.objects.all().delete()
    for number, score in enumerate(scores):
        plan = plans.choice(["", "starter", "enterprise"])
        answer(asked(people, number, plan=plan), score=score)
    workspace = people.workspace
    expected = nps.histogram_of(scores)

    parts: list[Mapping[Any, nps.Histogram]] = [
        queries.histograms_by(workspace=workspace, attribute="account.plan"),
        queries.histograms_by_month(workspace=workspace, zone=UTC),
        queries.histograms_by_wave(workspace=workspace),
    ]

    assert queries.histogram(workspace=workspace) == expected
    for part in parts:
        total = nps.empty_histogram()
        for histogram in part.values():
            total = nps.add(total, histogram)
        assert total == expected
