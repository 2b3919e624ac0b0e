from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import segments
from afterscore.domain.segments import FilterError, Kind, Operator

TODAY = date(2026, 4, 1)


def holds(data: object, facts: dict[str, object]) -> bool:
    return segments.matches(segments.parse(data), facts, TODAY)


DEEP: object = {"field": "account.plan", "is": "x"}
for _ in range(5):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        (3, "", "Expected a test"),
        ("plan is x", "", "Expected a test"),
        ([3], "[0]", "Expected a test"),
        ({"al": []}, "", "Did you mean all"),
        ({"_connector": "OR"}, "", "Choose all, any or not"),
        ({"all": [], "any": []}, "", "exactly one of all, any and not"),
        ({"all": {}}, "all", "list of conditions"),
        ({"any": []}, "any", "at least one"),
        ({"not": None}, "not", "Expected a test"),
        ({"all": [{"any": [{"field": "plan", "is": "x"}]}]}, "all[0].any[0].field", "account.plan"),
        ({"field": "account.plann", "is": "x"}, "field", "Did you mean account.plan"),
        ({"field": "name", "is": "x"}, "field", "contact.name or account.name"),
        ({"field": "password__startswith", "is": "x"}, "field", "is not a field"),
        ({"field": "account__plan", "is": "x"}, "field", "Did you mean account.plan"),
        ({"field": 7, "is": "x"}, "field", "is not a field"),
        ({"field": ["account.plan"], "is": "x"}, "field", "is not a field"),
        ({"field": "contact.attribute.", "is": "x"}, "field", "key has letters"),
        ({"field": "contact.attribute.a__b", "is": "x"}, "field", "key has letters"),
        ({"field": "contact.attribute.a b", "is": "x"}, "field", "key has letters"),
        ({"field": "contact.attribute._a", "is": "x"}, "field", "key has letters"),
        ({"field": "contact.attribute." + "a" * 65, "is": "x"}, "field", "key has letters"),
        ({"field": "account.plan"}, "", "exactly one operator; found 0"),
        ({"field": "account.plan", "is": "x", "is_not": "y"}, "", "exactly one operator; found 2"),
        ({"field": "account.plan", "iss": "x"}, "iss", "Did you mean is"),
        ({"field": "account.plan", "above": "x"}, "above", "not an operator of a text field"),
        ({"field": "account.recurring_revenue", ">": 1}, ">", "Did you mean above"),
        ({"field": "account.recurring_revenue", "contains": 1}, "contains", "of a number field"),
        ({"field": "account.renewal_on", "before": "x"}, "before", "Did you mean below"),
        ({"field": "account.plan", "equals": "x"}, "equals", "Did you mean is"),
        ({"field": "account.plan", True: "x"}, "True", "not an operator"),
        ({"field": "account.plan", "is": True}, "is", "Expected a text"),
        ({"field": "account.plan", "is": None}, "is", "Expected a text"),
        ({"field": "account.plan", "is": " "}, "is", "Expected a text"),
        ({"field": "account.plan", "is": 1.5}, "is", "Expected a text"),
        ({"field": "account.plan", "is": {"a": 1}}, "is", "Expected a text"),
        ({"field": "account.plan", "is": "x" * 201}, "is", "at most 200"),
        ({"field": "account.plan", "is": "a\x00b"}, "is", "invisible"),
        ({"field": "account.plan", "in": "free"}, "in", "list of values"),
        ({"field": "account.plan", "in": []}, "in", "1 to 200"),
        ({"field": "account.plan", "in": ["x"] * 201}, "in", "1 to 200"),
        ({"field": "account.plan", "in": ["x", None]}, "in[1]", "Expected a text"),
        ({"field": "account.plan", "known": "yes"}, "known", "true or false"),
        ({"field": "account.recurring_revenue", "is": "many"}, "is", "Expected a number"),
        ({"field": "account.recurring_revenue", "is": True}, "is", "Expected a number"),
        ({"field": "account.recurring_revenue", "is": float("nan")}, "is", "Expected a number"),
        ({"field": "account.recurring_revenue", "is": float("inf")}, "is", "Expected a number"),
        ({"field": "account.recurring_revenue", "is": 10**16}, "is", "15 digits"),
        ({"field": "account.recurring_revenue", "is": "0." + "1" * 30}, "is", "15 digits"),
        ({"field": "account.recurring_revenue", "between": [1]}, "between", "two values"),
        ({"field": "account.recurring_revenue", "between": [2, 1]}, "between", "not be above"),
        ({"field": "account.recurring_revenue", "between": 3}, "between", "list of values"),
        ({"field": "account.renewal_on", "is": "tomorrow"}, "is", "Expected a date"),
        ({"field": "account.renewal_on", "is": "2026-02-30"}, "is", "Expected a date"),
        ({"field": "account.renewal_on", "is": 20260401}, "is", "Expected a date"),
        ({"field": "account.renewal_on", "within_days": 1.5}, "within_days", "whole number"),
        ({"field": "account.renewal_on", "within_days": True}, "within_days", "whole number"),
        ({"field": "account.renewal_on", "within_days": 36_501}, "within_days", "whole number"),
        ({"field": "contact.attribute.x", "above": "high"}, "above", "Expected a number"),
        ({"field": "contact.attribute.x", "above": True}, "above", "Expected a number"),
        ({"field": "contact.attribute.x", "is": [1]}, "is", "Expected a number"),
        (
            {"field": "contact.attribute.x", "between": [1, "2026-01-01"]},
            "between",
            "both dates",
        ),
        ([DEEP], "[0][0][0][0][0]", "nested 5 deep"),
        ({"not": DEEP}, "not[0][0][0][0]", "nested 5 deep"),
        ([{"field": "account.plan", "is": "x"}] * 51, "", "at most 50 tests; this one has 51"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_its_place(data, path, message):
    with pytest.raises(FilterError, match=message) as refusal:
        segments.parse(data)
    assert refusal.value.path == path
    assert len(str(refusal.value)) < 600


def test_five_groups_and_fifty_tests_are_allowed():
    assert isinstance(segments.parse(DEEP), segments.All)
    fifty = [{"field": "account.plan", "is": "enterprise"}] * 50
    assert isinstance(segments.parse(fifty), segments.All)


@pytest.mark.parametrize(
    "largest",
    [
        {"field": "account.plan", "is": "x" * 200},
        {"field": "account.plan", "in": ["x"] * 200},
        {"field": "account.recurring_revenue", "is": 10**15},
        {"field": "account.renewal_on", "within_days": -36_500},
        {"field": "contact.attribute." + "a" * 64, "is": "x"},
    ],
)
def test_the_largest_of_each_is_allowed(largest):
    assert segments.to_data(segments.parse(largest)) == largest


def test_whole_numbers_are_written_back_without_a_fraction():
    data = {"field": "account.recurring_revenue", "between": [1.0, 2.5]}
    assert json.dumps(segments.to_data(segments.parse(data))).endswith("[1, 2.5]}")


def test_a_hostile_depth_is_refused_without_ado():
    data: object = []
    for _ in range(100_000):
        data = [data]
    with pytest.raises(FilterError, match="nested"):
        segments.parse(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "is", "in", "above"]) | st.text(),
            inner | st.sampled_from(["account.plan", "contact.attribute.x"]),
            max_size=3,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_data_is_read_or_refused_but_never_breaks(data):
    try:
        condition = segments.parse(data)
    except FilterError:
        return
    segments.matches(condition, {"account.plan": "x"}, TODAY)
    assert segments.describe(condition)


# --- conditions that parse makes

texts = st.from_regex(r"[A-Za-zéß0-9]{1,10}( [a-z]{1,5})?", fullmatch=True)
numbers = st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
days = st.dates(date(2000, 1, 1), date(2050, 1, 1)).map(date.isoformat)
SCALARS = {
    Kind.TEXT: texts,
    Kind.NUMBER: numbers,
    Kind.DATE: days,
    Kind.ATTRIBUTE: st.one_of(texts, numbers, days, st.booleans()),
}
ORDERED = {Kind.NUMBER: numbers, Kind.DATE: days, Kind.ATTRIBUTE: numbers | days}


def values_for(kind: Kind, operator: Operator) -> st.SearchStrategy[object]:
    between = days if kind is Kind.DATE else numbers
    special: dict[Operator, st.SearchStrategy[object]] = {
        Operator.KNOWN: st.booleans(),
        Operator.WITHIN_DAYS: st.integers(-400, 400),
        Operator.CONTAINS: texts,
        Operator.STARTS_WITH: texts,
        Operator.IN: st.lists(SCALARS[kind], min_size=1, max_size=5),
        Operator.NOT_IN: st.lists(SCALARS[kind], min_size=1, max_size=5),
        Operator.BETWEEN: st.lists(between, min_size=2, max_size=2).map(sorted),
        Operator.IS: SCALARS[kind],
        Operator.IS_NOT: SCALARS[kind],
    }
    return special[operator] if operator in special else ORDERED[kind]


@st.composite
def single_tests(draw) -> dict[str, object]:
    field = draw(
        st.sampled_from([*segments.FIELDS, "contact.attribute.seats", "account.attribute.tier-2"])
    )
    kind = segments.kind_of(field)
    assert kind is not None
    operator = draw(st.sampled_from(sorted(segments.OPERATORS[kind])))
    return {"field": field, operator.value: draw(values_for(kind, operator))}


filters = st.recursive(
    single_tests(),
    lambda inner: st.one_of(
        st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3)),
        st.builds(lambda items: {"any": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
    ),
    max_leaves=4,
)


def readable(data: object) -> segments.Condition | None:
    """Generated data may nest too deep; nothing else may be wrong with them."""
    try:
        return segments.parse(data)
    except FilterError as refusal:
        if "nested" in refusal.message:
            return None
        raise


people = st.dictionaries(
    st.sampled_from([*segments.FIELDS, "contact.attribute.seats", "account.attribute.tier-2"]),
    st.one_of(st.none(), texts, numbers, days, st.dates(), st.booleans(), st.just("")),
)


@given(filters)
def test_what_is_read_is_written_back_the_same(data):
    condition = readable(data)
    if condition is not None:
        again = json.loads(json.dumps(segments.to_data(condition)))
        assert segments.parse(again) == condition


@given(filters, people)
def test_not_turns_every_answer_round(data, facts):
    condition = readable(data)
    if condition is not None:
        there = segments.matches(condition, facts, TODAY)
        assert segments.matches(segments.Not(condition), facts, TODAY) is not there


@given(single_tests(), people)
def test_opposite_operators_never_agree(data, facts):
    opposites = {"is": "is_not", "in": "not_in"}
    operator = next(key for key in data if key != "field")
    if operator in opposites:
        opposite = {"field": data["field"], opposites[operator]: data[operator]}
        assert holds(data, facts) is not holds(opposite, facts)


@given(single_tests())
def test_a_person_of_whom_nothing_is_known_passes_only_what_asks_for_that(data):
    operator = next(key for key in data if key != "field")
    asks_for_absence = operator in ("is_not", "not_in") or data.get("known") is False
    assert holds(data, {}) is asks_for_absence
