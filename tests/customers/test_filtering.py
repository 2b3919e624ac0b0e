"""The database judges a filter exactly as the domain does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from afterscore.customers import queries
from afterscore.customers.models import Account, Contact
from afterscore.domain import segments
from tests.people import NOW, People

TODAY = NOW.date()
# Words that meet: other cases, spaces around, sharp s and final sigma, numbers and days in words.
WORDS = (
    "", " ", "pro", " Pro ", "PRO", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος", "Émile", "émile",
    "yes", "No", "true", "FALSE", "7", " 7 ", "07", "7.0", "-7", "1e2", "1_000", ".5", "7.", "+8",
    "2026-05-04", "2026-05-10", "2026-02-30", "0000-01-01", "2026-05-04T10:30", "2026-05-04 10:30",
    "2026-05-04T10:30:00+02:00", "2026-05-4", " 2026-05-04", "%", "_", "o", "\u2003pro", "inf",
    "NaN", "2026-05-04T10", "x" * 40, "100", "0.5", "ﬁn", "FIN", "İ", "i̇", "\\", "'", '"',
)  # fmt: skip
words = st.sampled_from(WORDS)
days = st.dates(date(2026, 4, 1), date(2026, 6, 1))
numbers = st.sampled_from([Decimal(n) for n in ("-7", "0", "0.5", "7", "8", "100", "1000.00")])
KEYS = ("seats", "2024", "beta-user", "region")
keys = st.sampled_from(KEYS)
attribute_values = st.one_of(
    words,
    st.booleans(),
    st.integers(-10, 10),
    st.sampled_from([0.5, 7.0, -7.25, 1000.0]),
    days.map(date.isoformat),
    st.none(),
    st.just(["pro"]),
    st.just({"pro": 7}),
)
attributes = st.dictionaries(keys, attribute_values, max_size=4)
contacts = st.fixed_dictionaries(
    {
        "name": words,
        "persona": words,
        "language": words.filter(lambda word: len(word) <= 16),
        "attributes": attributes,
    },
    optional={
        "external_id": words,
        "created_at": st.datetimes(
            datetime(2026, 4, 1), datetime(2026, 6, 1), timezones=st.just(UTC)
        ),
    },
)
accounts = st.fixed_dictionaries(
    {"plan": words, "industry": words, "attributes": attributes},
    optional={"recurring_revenue": numbers, "renewal_on": days},
)


def _tests() -> st.SearchStrategy[dict[str, Any]]:
    texts = [f for f, kind in segments.FIELDS.items() if kind is segments.Kind.TEXT]
    dates = [f for f, kind in segments.FIELDS.items() if kind is segments.Kind.DATE]
    spoken = words.filter(lambda word: bool(word.strip()) and word.isprintable())
    ranges = {
        True: st.tuples(days, days).map(sorted).map(list),
        False: st.tuples(numbers, numbers).map(sorted).map(list),
    }

    def of(fields: list[str], value: st.SearchStrategy[Any], *, parts: bool, orders: bool) -> Any:
        values: dict[str, st.SearchStrategy[Any]] = {
            "is": value, "is_not": value, "in": st.lists(value, min_size=1, max_size=4),
            "not_in": st.lists(value, min_size=1, max_size=4), "known": st.booleans(),
        }  # fmt: skip
        if parts:
            values |= {"contains": spoken, "starts_with": spoken}
        if orders:
            limit = st.one_of(days, numbers) if parts else value
            values |= dict.fromkeys(("at_least", "at_most", "above", "below"), limit)
            pairs = st.one_of(*ranges.values()) if parts else ranges[fields == dates]
            values["between"] = pairs
        if orders and (parts or fields == dates):
            values["within_days"] = st.integers(-40, 40)
        return st.sampled_from(sorted(values)).flatmap(
            lambda name: st.fixed_dictionaries(
                {"field": st.sampled_from(fields), name: values[name]}
            )
        )

    anything = st.one_of(spoken, st.booleans(), numbers, days)
    keyed = [f"{owner}.attribute.{key}" for owner in ("contact", "account") for key in KEYS]
    return st.one_of(
        of(texts, spoken, parts=True, orders=False),
        of(["account.recurring_revenue"], numbers, parts=False, orders=True),
        of(dates, days, parts=False, orders=True),
        of(keyed, anything, parts=True, orders=True),
    )


conditions = st.recursive(
    _tests(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=4,
)
people_known = st.lists(st.tuples(contacts, st.none() | accounts), min_size=1, max_size=4)


def _store(people: People, known: list[tuple[dict[str, Any], dict[str, Any] | None]]) -> None:
    for number, (person, company) in enumerate(known):
        account = None
        if company is not None:
            account = Account.objects.create(
                workspace=people.workspace, name=f"Pro {number}", name_key=f"pro {number}",
                created_at=NOW, updated_at=NOW, **company,
            )  # fmt: skip
        values = {"created_at": NOW, **person}
        if "external_id" in values:
            values["external_id"] += str(number)
        Contact.objects.create(
            workspace=people.workspace, account=account, email=f"pro{number}@example.com",
            updated_at=NOW, **values,
        )  # fmt: skip


def _picked_by_database(people: People, condition: segments.Condition) -> set[str]:
    picked = queries.filter_contacts(workspace=people.workspace, condition=condition, today=TODAY)
    return {str(contact.email) for contact in picked}


def _picked_by_domain(people: People, condition: segments.Condition) -> set[str]:
    everybody = queries.list_contacts(workspace=people.workspace)
    return {
        str(contact.email)
        for contact in everybody
        if segments.matches(condition, queries.facts_of(contact), TODAY)
    }


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(known=people_known, filters=st.lists(conditions, min_size=1, max_size=8))
@example(
    known=[({"name": "", "persona": "", "language": "", "attributes": {}}, None)],
    filters=[{"not": {"field": "account.plan", "is": "pro"}}],
)
def test_the_database_and_the_domain_pick_the_same_people(
    people: People,
    known: list[tuple[dict[str, Any], dict[str, Any] | None]],
    filters: list[Any],
) -> None:
    with transaction.atomic():
        _store(people, known)
        for data in filters:
            condition = segments.parse(data)
            expected = _picked_by_domain(people, condition)
            assert _picked_by_database(people, condition) == expected, segments.describe(condition)
        transaction.set_rollback(True)


LATER = TODAY + timedelta(days=30)
EDGES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"field": "account.plan", "is": "strasse"}, {"plan": "Straße"}, True),
    ({"field": "account.plan", "is_not": "pro"}, {"plan": ""}, True),
    ({"field": "account.attribute.seats", "at_least": 7}, {"attributes": {"seats": "7.0"}}, True),
    ({"field": "account.attribute.seats", "at_least": 7}, {"attributes": {"seats": "x"}}, False),
    ({"field": "account.attribute.2024", "is": "7"}, {"attributes": {"2024": 7}}, True),
    ({"field": "account.attribute.a", "known": True}, {"attributes": {"a": "2026-02-30"}}, True),
    ({"field": "account.attribute.a", "above": TODAY}, {"attributes": {"a": "2026-06-31"}}, False),
    ({"field": "account.attribute.a", "is": True}, {"attributes": {"a": "Yes"}}, True),
    ({"field": "account.attribute.a", "known": True}, {"attributes": {"a": ["pro"]}}, False),
    ({"field": "account.renewal_on", "within_days": 30}, {"renewal_on": LATER}, True),
    ({"field": "account.renewal_on", "within_days": 29}, {"renewal_on": LATER}, False),
    ({"field": "account.renewal_on", "within_days": -30}, {"renewal_on": LATER}, False),
]


@pytest.mark.parametrize(("data", "company", "is_picked"), EDGES)
def test_the_edges_of_a_filter(
    people: People, data: dict[str, Any], company: dict[str, Any], is_picked: bool
) -> None:
    person: dict[str, Any] = {"name": "", "persona": "", "language": "", "attributes": {}}
    _store(people, [(person, {"industry": "", "attributes": {}, **company})])
    assert bool(_picked_by_database(people, segments.parse(data))) is is_picked


def test_a_filter_sees_only_its_own_workspace_and_nobody_who_was_erased(people: People) -> None:
    _store(people, [({"name": "Ada", "attributes": {}}, None)])
    Contact.objects.create(
        workspace=people.elsewhere, email="eve@example.com", created_at=NOW, updated_at=NOW
    )
    Contact.objects.create(
        workspace=people.workspace, erased_at=NOW, created_at=NOW, updated_at=NOW
    )
    assert _picked_by_database(people, segments.EVERYONE) == {"pro0@example.com"}


def test_a_frozen_copy_names_the_customer_but_not_the_person(people: People) -> None:
    _store(
        people,
        [
            (
                {"name": "Ada Lovelace", "language": "en", "attributes": {"seats": 3}},
                {"plan": "pro", "attributes": {"region": "EMEA"}, "renewal_on": TODAY},
            )
        ],
    )
    contact = Contact.objects.select_related("account").get()
    assert contact.account is not None
    assert queries.freeze(contact) == {
        "contact": {"language": "en", "attribute": {"seats": 3}},
        "account": {
            "id": contact.account.public_id,
            "name": "Pro 0",
            "plan": "pro",
            "renewal_on": "2026-05-04",
            "attribute": {"region": "EMEA"},
        },
    }
