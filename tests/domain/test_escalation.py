from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import escalation
from afterscore.domain.departments import Department
from afterscore.domain.escalation import Late, Leader

MAX = Leader("max", Department.FINANCE)
OLIVIA = Leader("olivia")


@pytest.mark.parametrize(
    ("department", "leaders"),
    [
        (Department.FINANCE, [MAX]),
        (Department.SALES, [MAX, OLIVIA]),
        (None, [MAX, OLIVIA]),
    ],
)
def test_whoever_leads_the_department_hears_of_it_else_all_who_lead(department, leaders):
    assert escalation.leaders_for(department, [MAX, OLIVIA]) == leaders


def late(number: int, priority: int, *, is_ours: bool = True) -> Late:
    return Late(f"case_{number}", priority, is_ours=is_ours)


def test_urgent_cases_are_told_one_by_one_and_calm_ones_as_a_sum():
    urgent, calm = late(1, 2), late(2, 1)
    told = escalation.tell_leaders([urgent, calm])
    assert (told.alone, told.summed) == ((urgent,), (calm,))


@pytest.mark.parametrize(("number", "alone"), [(3, 3), (4, 0)])
def test_many_urgent_ones_at_a_time_are_a_sum_too(number, alone):
    told = escalation.tell_leaders([late(each, 3) for each in range(number)])
    assert (len(told.alone), len(told.summed)) == (alone, number - alone)


def test_what_waits_for_the_customer_is_its_owners_affair():
    told = escalation.tell_leaders([late(1, 3, is_ours=False)])
    assert (told.alone, told.summed) == ((), ())


cases = st.lists(
    st.builds(Late, st.uuids().map(str), st.integers(0, 3), is_ours=st.booleans()),
    unique_by=lambda one: one.id,
)


@given(cases)
def test_each_case_in_which_the_customer_waits_is_told_exactly_once(late_ones):
    told = escalation.tell_leaders(late_ones)
    assert sorted((*told.alone, *told.summed), key=lambda one: one.id) == sorted(
        (one for one in late_ones if one.is_ours), key=lambda one: one.id
    )
    assert len(told.alone) <= escalation.FEW
