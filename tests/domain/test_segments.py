from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from afterscore.domain import segments
from afterscore.domain.segments import Operator

TODAY = date(2026, 4, 1)
ANA = {
    "contact.email": "ana@acme.example",
    "contact.name": "Ana Lima",
    "contact.language": "FR",
    "contact.created_at": datetime(2025, 12, 1, 23, 30, tzinfo=UTC),
    "account.plan": " Enterprise",
    "account.recurring_revenue": Decimal("12000.50"),
    "account.renewal_on": date(2026, 4, 30),
    "contact.attribute.seats": "12",
    "contact.attribute.vip": True,
    "contact.attribute.since": "2024-02-29",
    "contact.attribute.empty": " ",
    "account.attribute.score": 7.5,
    "account.country": None,
}


def holds(data: object, facts: Mapping[str, object] = ANA, today: date = TODAY) -> bool:
    return segments.matches(segments.parse(data), facts, today)


# --- what matches


@pytest.mark.parametrize("everyone", [None, {}, [], {"all": []}])
def test_an_empty_filter_means_everyone(everyone):
    assert segments.parse(everyone) == segments.EVERYONE
    assert holds(everyone, {})
    assert segments.describe(segments.parse(everyone)) == "everyone"


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("account.plan", "is", "enterprise", True),
        ("account.plan", "is", "ENTERPRISE ", True),
        ("account.plan", "is", "free", False),
        ("account.plan", "is_not", "free", True),
        ("account.plan", "is_not", "Enterprise", False),
        ("account.plan", "in", ["free", "enterprise"], True),
        ("account.plan", "in", ["free"], False),
        ("account.plan", "not_in", ["free"], True),
        ("account.plan", "not_in", ["free", "enterprise"], False),
        ("account.plan", "contains", "PRISE", True),
        ("account.plan", "contains", "price", False),
        ("account.plan", "starts_with", "enter", True),
        ("account.plan", "starts_with", "prise", False),
        ("account.plan", "known", True, True),
        ("account.plan", "known", False, False),
        ("account.recurring_revenue", "is", 12000.5, True),
        ("account.recurring_revenue", "is", "12000.50", True),
        ("account.recurring_revenue", "at_least", 12000.5, True),
        ("account.recurring_revenue", "at_least", 12000.51, False),
        ("account.recurring_revenue", "at_most", 12000.5, True),
        ("account.recurring_revenue", "at_most", 12000.49, False),
        ("account.recurring_revenue", "above", 12000.5, False),
        ("account.recurring_revenue", "above", 12000, True),
        ("account.recurring_revenue", "below", 12000.5, False),
        ("account.recurring_revenue", "below", 12001, True),
        ("account.recurring_revenue", "between", [12000.5, 12001], True),
        ("account.recurring_revenue", "between", [12000, 12000.5], True),
        ("account.recurring_revenue", "between", [1, 2], False),
        ("account.renewal_on", "is", "2026-04-30", True),
        ("account.renewal_on", "at_least", date(2026, 4, 30), True),
        ("account.renewal_on", "above", "2026-04-30", False),
        ("account.renewal_on", "below", "2026-05-01", True),
        ("account.renewal_on", "between", ["2026-04-01", "2026-04-30"], True),
        ("account.renewal_on", "within_days", 29, True),
        ("account.renewal_on", "within_days", 28, False),
        ("account.renewal_on", "within_days", -365, False),
        ("contact.created_at", "is", "2025-12-01", True),
        ("contact.created_at", "within_days", -121, True),
        ("contact.created_at", "within_days", -120, False),
        ("contact.created_at", "within_days", 365, False),
        ("contact.attribute.seats", "is", 12, True),
        ("contact.attribute.seats", "is", "12", True),
        ("contact.attribute.seats", "above", 9, True),
        ("contact.attribute.seats", "above", "9", True),
        ("contact.attribute.seats", "contains", "1", True),
        ("contact.attribute.seats", "above", "2026-01-01", False),
        ("contact.attribute.vip", "is", True, True),
        ("contact.attribute.vip", "is", False, False),
        ("contact.attribute.vip", "is", "true", True),
        ("contact.attribute.vip", "above", 0, False),
        ("contact.attribute.since", "is", "2024-02-29", True),
        ("contact.attribute.since", "below", "2024-03-01", True),
        ("contact.attribute.since", "within_days", -1000, True),
        ("account.attribute.score", "is", 7.5, True),
        ("account.attribute.score", "in", ["7.5", "x"], True),
    ],
)
def test_each_operator_does_what_it_says(field, operator, value, expected):
    assert holds({"field": field, operator: value}) is expected


def test_an_identifier_may_be_written_as_a_number():
    assert holds({"field": "account.external_id", "is": 1042}, {"account.external_id": "1042"})


@pytest.mark.parametrize(("days", "inside"), [(0, True), (1, True), (-1, True)])
def test_today_lies_within_any_number_of_days(days, inside):
    assert holds({"field": "account.renewal_on", "within_days": days}, ANA, date(2026, 4, 30))
    tomorrow = date(2026, 5, 1)
    behind = {"field": "account.renewal_on", "within_days": days}
    assert holds(behind, ANA, tomorrow) is (inside and days < 0)


MISSING = [
    "account.country",
    "account.industry",
    "contact.attribute.empty",
    "contact.attribute.unheard-of",
]


@pytest.mark.parametrize("field", MISSING)
@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("is", "x"),
        ("in", ["x"]),
        ("contains", "x"),
        ("starts_with", "x"),
        ("known", True),
    ],
)
def test_a_missing_value_fails(field, operator, value):
    assert not holds({"field": field, operator: value})


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("at_least", -(10**9)),
        ("at_most", 10**9),
        ("above", -(10**9)),
        ("below", 10**9),
        ("between", [-(10**9), 10**9]),
        ("within_days", 36_500),
        ("is", 0),
        ("is", False),
    ],
)
def test_a_missing_value_is_neither_large_nor_small_nor_false(operator, value):
    for field in ("contact.attribute.empty", "contact.attribute.unheard-of"):
        assert not holds({"field": field, operator: value})


@pytest.mark.parametrize("field", MISSING)
@pytest.mark.parametrize(
    ("operator", "value"), [("is_not", "x"), ("not_in", ["x"]), ("known", False)]
)
def test_a_missing_value_is_not_something_else(field, operator, value):
    assert holds({"field": field, operator: value})


@pytest.mark.parametrize("odd", [[1, 2], {"a": 1}, float("nan"), object()])
def test_a_fact_that_is_no_single_value_is_missing(odd):
    facts = {"contact.attribute.odd": odd}
    assert holds({"field": "contact.attribute.odd", "known": False}, facts)
    assert not holds({"field": "contact.attribute.odd", "at_most": 5}, facts)


def test_groups_combine():
    plan = {"field": "account.plan", "is": "enterprise"}
    german = {"field": "contact.language", "is": "de"}
    assert holds([plan, {"not": german}])
    assert not holds([plan, german])
    assert holds({"any": [plan, german]})
    assert not holds({"not": {"any": [plan, german]}})
    assert holds({"not": [plan, german]})


def test_accents_may_be_composed_in_either_way():
    facts = {"account.name": "Cafe\u0301 Zoë"}
    assert holds({"field": "account.name", "is": "CAFÉ ZOË"}, facts)


# --- in words


@pytest.mark.parametrize(
    ("field", "operator", "value", "words"),
    [
        ("account.plan", "is", "enterprise", "plan is enterprise"),
        ("account.plan", "is_not", "free", "plan is not free"),
        ("contact.language", "in", ["fr", "de"], "language is one of fr, de"),
        ("account.country", "not_in", ["FR"], "country is none of FR"),
        ("account.name", "contains", "Acme", "account name contains Acme"),
        ("contact.email", "starts_with", "info@", "e-mail address starts with info@"),
        ("account.plan", "known", True, "plan is known"),
        ("contact.attribute.seat_count", "known", False, "seat count is not known"),
        ("contact.attribute.vip", "is", True, "vip is yes"),
        ("contact.attribute.vip", "is", False, "vip is no"),
        ("account.attribute.seats", "is", 1, "seats is 1"),
        ("account.attribute.seats", "at_least", 12000, "seats is at least 12,000"),
        ("account.attribute.seats", "at_most", 0.5, "seats is at most 0.5"),
        ("account.attribute.seats", "above", 1, "seats is above 1"),
        ("account.attribute.seats", "below", 1, "seats is below 1"),
        ("account.attribute.seats", "between", [1, 2], "seats is between 1 and 2"),
        ("account.renewal_on", "at_least", "2026-04-01", "renewal is on or after 1 April 2026"),
        ("account.renewal_on", "at_most", "2026-04-01", "renewal is on or before 1 April 2026"),
        ("account.renewal_on", "above", "2026-04-01", "renewal is after 1 April 2026"),
        ("account.renewal_on", "below", "2026-04-01", "renewal is before 1 April 2026"),
        ("account.renewal_on", "is", "2026-04-01", "renewal is 1 April 2026"),
        ("account.renewal_on", "within_days", 30, "renewal is within the next 30 days"),
        ("account.renewal_on", "within_days", -30, "renewal is within the last 30 days"),
        ("account.renewal_on", "within_days", 1, "renewal is within the next day"),
        ("account.renewal_on", "within_days", 0, "renewal is today"),
    ],
)
def test_a_test_reads_as_a_phrase(field, operator, value, words):
    assert segments.describe(segments.parse({"field": field, operator: value})) == words


def test_a_filter_reads_as_a_phrase():
    enterprise = {"field": "account.plan", "is": "enterprise"}
    french = {"field": "contact.language", "in": ["fr", "de"]}

    def words(data: object) -> str:
        return segments.describe(segments.parse(data))

    assert words([enterprise, french]) == "plan is enterprise and language is one of fr, de"
    assert words({"any": [enterprise, [enterprise, french]]}) == (
        "plan is enterprise or (plan is enterprise and language is one of fr, de)"
    )
    assert words([french, {"any": [enterprise]}]) == (
        "language is one of fr, de and plan is enterprise"
    )
    assert words({"not": enterprise}) == "not (plan is enterprise)"


def test_a_test_not_made_by_parse_is_an_error():
    odd = segments.Test("account.recurring_revenue", Operator.AT_LEAST, "x")
    with pytest.raises(ValueError, match="cannot compare"):
        segments.matches(odd, ANA, TODAY)
