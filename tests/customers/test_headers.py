"""Columns are recognised by name, in the languages and spellings of real exports."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.customers.importers import fields, files, headers, maps
from afterscore.customers.importers.headers import MappingError
from afterscore.domain import segments


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("E-Mail", "contact.email"),
        ("email_address", "contact.email"),
        ("Adresse e-mail", "contact.email"),
        ("Correo electrónico", "contact.email"),
        ("Firma", "account.name"),
        ("Société", "account.name"),
        ("Organisation", "account.name"),
        ("accountId", "account.external_id"),
        ("Customer ID", "contact.external_id"),
        ("Währung", "account.currency"),
        ("ARR", "account.recurring_revenue"),
        ("MRR", "account.monthly_revenue"),
        ("Renewal Date", "account.renewal_on"),
        ("Job Title", "contact.persona"),
        ("Zeitzone", "contact.time_zone"),
        ("Legal basis", "contact.consent_basis"),
        ("account.plan", "account.plan"),
        ("account.Region", "account.attribute.region"),
        ("Anzahl Plätze", "contact.attribute.anzahl_platze"),
        ("会社", "contact.attribute.column_3"),
    ],
)
def test_a_column_is_recognised(column: str, field: str) -> None:
    mapping = headers.suggest(
        ["Kontaktadresse", "Company" if "account" not in field else "x", column]
    )
    if field == "account.name":
        mapping = headers.suggest([column])
    elif field.startswith("account.") and field != "account.external_id":
        mapping = headers.suggest(["Company", "x", column])
    assert mapping[column] == field


def test_facts_about_accounts_stay_with_the_contact_where_no_account_is_named() -> None:
    assert headers.suggest(["email", "plan", "MRR"]) == {
        "email": "contact.email",
        "plan": "contact.attribute.plan",
        "MRR": "contact.attribute.mrr",
    }


def test_one_half_of_a_name_alone_is_the_whole_name() -> None:
    assert headers.suggest(["Nom"])["Nom"] == "contact.name"
    both = headers.suggest(["Nom", "Prénom"])
    assert both == {"Nom": "contact.last_name", "Prénom": "contact.first_name"}


def test_a_field_is_given_once_and_revenue_is_not_counted_twice() -> None:
    mapping = headers.suggest(["Email", "Mail", "Company", "ARR", "MRR"])
    assert mapping["Mail"] == "contact.attribute.mail"
    assert mapping["MRR"] == "account.attribute.mrr"


def test_repeated_and_nameless_columns_are_left_out() -> None:
    columns = files.unique_names(["Email", "Note", "note", "", " "])
    assert columns == ("Email", "Note", "note (2)", "Column 4", "Column 5")
    left_out = [column for column, field in headers.suggest(columns).items() if field == ""]
    assert left_out == ["note (2)", "Column 4", "Column 5"]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=20))
def test_whatever_the_columns_are_called_the_suggestion_can_be_used(names: list[str]) -> None:
    columns = files.unique_names(["Email", *names])
    mapping = headers.suggest(columns)
    given_fields = [field for field in mapping.values() if field]
    assert len(given_fields) == len(set(given_fields))
    assert list(mapping) == list(columns)
    assert all(fields.is_field(field) for field in given_fields)
    if "contact.email" in given_fields:
        headers.check(mapping)


@given(st.text())
def test_a_slug_is_a_key_of_the_audience_filter(text: str) -> None:
    key = headers.slug(text)
    assert not key or segments.kind_of(f"contact.attribute.{key}") is not None


def test_a_file_is_known_again_whatever_the_order_and_case_of_its_columns() -> None:
    first = headers.fingerprint(["Email", "Plan", "Sitze"])
    assert headers.fingerprint(["plan", "SITZE", "e mail".replace(" ", "")]) == first
    assert (
        headers.fingerprint(["Email", "Plan", "Sitze", "Refused in row", "Refused because"])
        == first
    )
    assert headers.fingerprint(["Email", "Plan"]) != first


def test_a_remembered_mapping_is_used_again() -> None:
    remembered = {"Segment": "account.attribute.segment", "Notes": ""}
    mapping = headers.suggest(["email", "company", "SEGMENT", "Notes"], remembered=remembered)
    assert mapping["SEGMENT"] == "account.attribute.segment"
    assert mapping["Notes"] == ""


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"a": "contact.name"}, "No column holds the e-mail address"),
        ({"a": "contact.email", "b": "contact.email"}, "both go to E-mail address"),
        ({"a": "contact.email", "b": "contact.wealth"}, "is not a field"),
        ({"a": "contact.email", "b": "account.plan"}, "no column names the account"),
        (
            {
                "a": "contact.email",
                "b": "account.recurring_revenue",
                "c": "account.monthly_revenue",
            },
            "Leave one of them out",
        ),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(MappingError, match=re.escape(message)):
        headers.check(mapping)


def test_a_mapping_can_be_written_by_hand() -> None:
    text = "E-MAIL: email\nFirma: account.name\nRegion: account.attribute.region\nNotiz:\n"
    assert maps.read_map(text, ["E-Mail", "Firma", "Region", "Notiz"]) == {
        "E-Mail": "contact.email",
        "Firma": "account.name",
        "Region": "account.attribute.region",
        "Notiz": "",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n- b", "one line a column"),
        ("Mail: email", "no column “Mail”"),
        ("E-Mail: emial", "Did you mean email"),
        ("E-Mail: [", "not YAML"),
    ],
)
def test_a_mapping_written_wrongly_says_where(text: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        maps.read_map(text, ["E-Mail"])
