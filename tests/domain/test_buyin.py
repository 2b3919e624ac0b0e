from __future__ import annotations

from typing import Any

import pytest

from afterscore.domain import buyin
from afterscore.domain.buyin import Facts, Finding, Subject
from afterscore.domain.departments import Department
from afterscore.domain.health import Rate


def checked(**changes: Any) -> dict[Subject, Finding]:
    """Of a program with which all is well, but for what is named."""
    facts: dict[str, Any] = {
        "sponsors_missing": [],
        "acts": {Department.SUCCESS: 40, Department.PRODUCT: 3},
        "executives": 1,
        "executives_reading": 1,
        "loops": Rate(95, 100),
    }
    return {each.subject: each for each in buyin.check(Facts(**(facts | changes)))}


def test_where_all_is_well_nothing_is_to_do():
    found = checked()
    assert set(found) == set(Subject)
    assert all(each.is_well and not each.remedy for each in found.values())


@pytest.mark.parametrize(
    ("subject", "changes", "text"),
    [
        (Subject.SPONSOR, {"sponsors_missing": ["Relationship"]}, "“Relationship” has no sponsor"),
        (
            Subject.SPONSOR,
            {"sponsors_missing": ["A", "B", "C", "D"]},
            "“A” and “B” and 2 more programs have no sponsor",
        ),
        (Subject.DEPARTMENTS, {"acts": {Department.SUCCESS: 50, None: 5}}, "alone acts"),
        (Subject.EXECUTIVES, {"executives": 0, "executives_reading": 0}, "Nobody of Leadership"),
        (Subject.EXECUTIVES, {"executives_reading": 0}, "No executive has looked"),
        (Subject.LOOPS, {"loops": Rate(50, 100)}, "50 of 100 loops that had time are closed (50%)"),
    ],
)
def test_what_is_not_well_is_warned_of_with_what_to_do(
    subject: Subject, changes: dict[str, Any], text: str
):
    finding = checked(**changes)[subject]
    assert finding.is_well is False
    assert text in finding.text
    assert finding.remedy


@pytest.mark.parametrize(
    ("subject", "changes"),
    [
        (Subject.DEPARTMENTS, {"acts": {Department.SUCCESS: 9}}),
        (Subject.DEPARTMENTS, {"acts": {None: 50}}),
        (Subject.DEPARTMENTS, {"acts": {}}),
        (Subject.LOOPS, {"loops": Rate(0, 19)}),
        (Subject.LOOPS, {"loops": Rate(15, 20)}),  # 75 %, but 80 % is within its interval
    ],
)
def test_nobody_is_warned_of_what_cannot_be_told_yet(subject: Subject, changes: dict[str, Any]):
    assert checked(**changes)[subject].is_well is None


def test_warnings_come_first_and_what_is_well_last():
    facts = Facts(
        sponsors_missing=["A"], acts={}, executives=1, executives_reading=1, loops=Rate(9, 100)
    )
    assert [each.is_well for each in buyin.check(facts)] == [False, False, None, True]
