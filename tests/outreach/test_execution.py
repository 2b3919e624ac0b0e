"""What the queue's statements are given arrives in the database as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from afterscore.outreach.sender import execution

pytestmark = pytest.mark.django_db

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def read_back(written: str, kind: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [written])
        found: list[object] = cursor.fetchone()[0]
        return found


@given(st.lists(st.none() | texts | st.sampled_from(["NULL", "{}", ",", '"', "\\", " a ", ""])))
def test_texts(values) -> None:
    assert read_back(execution.array(values), "text") == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_numbers(values) -> None:
    assert read_back(execution.array(values), "bigint") == values


@given(st.lists(st.none() | instants))
def test_instants(values) -> None:
    assert read_back(execution.array(values), "timestamptz") == values
