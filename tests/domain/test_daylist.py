"""The order of one's day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.daylist import ORDER, Item, Section, cap_pool, in_order, section_of

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 5, 4, 22, 0, tzinfo=UTC)
SOON, LATER, BEFORE = NOW + timedelta(hours=1), NOW + timedelta(days=2), NOW - timedelta(hours=1)

MOMENTS = st.integers(-200, 200).map(lambda hours: NOW + timedelta(hours=hours))
ITEMS = st.builds(
    Item,
    key=st.integers(1, 10_000),
    next_due_at=MOMENTS,
    priority=st.integers(0, 3),
    draw=st.none() | st.floats(0, 1),
    customer_wrote_at=st.none() | MOMENTS,
    is_waiting=st.booleans(),
    is_mentioned=st.booleans(),
    is_ours=st.booleans(),
    work_due_at=st.none() | MOMENTS,
    is_pool=st.booleans(),
)


def place(**values: object) -> Section:
    item = replace(Item(key=1, next_due_at=LATER), **values)  # type: ignore[arg-type]
    return section_of(item, now=NOW, day_ends_at=NIGHT)


@pytest.mark.parametrize(
    ("values", "section"),
    [
        ({}, Section.COMING),
        ({"next_due_at": SOON}, Section.TODAY),
        ({"next_due_at": NOW}, Section.TODAY),
        ({"next_due_at": BEFORE}, Section.LATE),
        ({"next_due_at": NIGHT}, Section.COMING),
        ({"customer_wrote_at": BEFORE, "is_waiting": True}, Section.WROTE),
        ({"customer_wrote_at": BEFORE, "next_due_at": BEFORE}, Section.WROTE),
        ({"is_waiting": True}, Section.WAITING),
        ({"is_waiting": True, "next_due_at": BEFORE}, Section.TODAY),
        ({"is_mentioned": True}, Section.MENTIONED),
        ({"is_mentioned": True, "next_due_at": SOON}, Section.TODAY),
        ({"is_mentioned": True, "is_waiting": True}, Section.MENTIONED),
        ({"is_ours": False, "next_due_at": BEFORE, "is_mentioned": True}, Section.MENTIONED),
        ({"is_ours": False, "customer_wrote_at": BEFORE, "is_mentioned": True}, Section.MENTIONED),
        ({"is_ours": False, "work_due_at": SOON}, Section.TODAY),
        ({"is_ours": False, "work_due_at": BEFORE}, Section.LATE),
        ({"is_waiting": True, "work_due_at": BEFORE}, Section.LATE),
    ],
)
def test_a_case_stands_where_its_first_reason_puts_it(
    values: dict[str, object], section: Section
) -> None:
    assert place(**values) is section


def test_the_more_urgent_and_then_the_lot_decide_within_a_section() -> None:
    calm = Item(key=1, next_due_at=BEFORE - timedelta(days=9), priority=0)
    urgent = Item(key=2, next_due_at=BEFORE, priority=3)
    lucky = Item(key=3, next_due_at=BEFORE, priority=3, draw=0.1)
    unlucky = Item(key=4, next_due_at=BEFORE - timedelta(days=1), priority=3, draw=0.9)
    listed = in_order([calm, urgent, unlucky, lucky], now=NOW, day_ends_at=NIGHT)
    assert [item.key for item, _section in listed] == [3, 4, 2, 1]


def test_whoever_wrote_first_waits_first() -> None:
    first = Item(key=1, next_due_at=LATER, customer_wrote_at=BEFORE)
    second = Item(key=2, next_due_at=LATER, customer_wrote_at=NOW, priority=3)
    listed = in_order([second, first], now=NOW, day_ends_at=NIGHT)
    assert [item.key for item, _section in listed] == [1, 2]


@given(st.lists(ITEMS, unique_by=lambda item: item.key))
def test_nothing_is_lost_and_sections_stand_in_their_order(items: list[Item]) -> None:
    listed = in_order(items, now=NOW, day_ends_at=NIGHT)
    assert {item.key for item, _section in listed} == {item.key for item in items}
    places = [ORDER[section] for _item, section in listed]
    assert places == sorted(places)


@given(st.lists(ITEMS, unique_by=lambda item: item.key), st.randoms())
def test_the_order_does_not_depend_on_how_they_come(items: list[Item], random: object) -> None:
    mixed = list(items)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert in_order(items, now=NOW, day_ends_at=NIGHT) == in_order(
        mixed, now=NOW, day_ends_at=NIGHT
    )


@given(items=st.lists(ITEMS), most=st.integers(0, 5))
def test_the_pool_is_capped_and_nothing_of_ones_own_is_ever_left_out(
    items: list[Item], most: int
) -> None:
    placed = in_order(items, now=NOW, day_ends_at=NIGHT)
    kept, left = cap_pool(placed, most=most)
    assert len(kept) + left == len(placed)

    def pooled(rows: list[tuple[Item, Section]]) -> list[tuple[Item, Section]]:
        return [
            row for row in rows if row[0].is_pool and not (row[0].is_ours or row[0].is_mentioned)
        ]

    assert pooled(kept) == pooled(placed)[:most]
    assert [row for row in kept if row not in pooled(placed)] == [
        row for row in placed if row not in pooled(placed)
    ]
