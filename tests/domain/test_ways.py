"""Other ways to count the same answers, and what is said where one cannot be told."""

from __future__ import annotations

import pytest

from afterscore.domain import voices, ways
from afterscore.domain.nps import Tally
from afterscore.domain.ways import Counted, Untold, Voice, Way

UP, DOWN = Tally(0, 0, 1), Tally(1, 0, 0)
PEOPLE = ({"pro": 300.0, "basic": 700.0}, {"boss": 100.0, "user": 900.0})


def company(role: str = "user", revenue: float | None = None, *, up: int, down: int) -> Voice:
    plan = "pro" if up > down else "basic"
    return Voice({(plan, role): Tally(down, 0, up)}, is_account=True, revenue=revenue)


def test_by_account_by_role_and_by_revenue_by_hand() -> None:
    """Twelve happy companies of one boss, who pay 1 each, and twelve unhappy ones of three users,
    who pay 3: one voice each gives 0, roles alike 0, revenue (12 - 36) / 48."""
    heard = [company("boss", 1.0, up=1, down=0) for _ in range(12)]
    heard += [company("user", 3.0, up=0, down=3) for _ in range(12)]
    found = {each.way: each for each in ways.count(heard, PEOPLE)}
    scores = {way: each.score for way, each in found.items() if isinstance(each, Counted)}
    assert scores[Way.ACCOUNTS] == pytest.approx(0)
    assert scores[Way.ROLES] == pytest.approx(0)
    assert scores[Way.REVENUE] == pytest.approx(-50)
    # Of everybody: no other answers than these have been seen, so the margins settle it.
    everybody = found[Way.EVERYBODY]
    assert isinstance(everybody, Counted)
    assert -100 < everybody.score < 0
    assert everybody.worth is not None
    assert everybody.worth < everybody.answers


def test_each_way_that_cannot_be_gone_says_what_to_do() -> None:
    alone = [Voice({("", ""): UP}, is_account=False), Voice({("", ""): DOWN}, is_account=False)]
    found = ways.count(alone, ({"": 10.0}, {"": 10.0}))
    assert all(isinstance(each, Untold) for each in found)
    reasons = {each.way: each.reason for each in found if isinstance(each, Untold)}
    assert "Import your customers with their accounts" in reasons[Way.ACCOUNTS]
    assert "with their role" in reasons[Way.ROLES]
    assert "recurring revenue" in reasons[Way.REVENUE]
    assert "too few" in reasons[Way.EVERYBODY]


def test_few_answers_do_not_stand_for_everybody() -> None:
    heard = [company(up=1, down=0) for _ in range(ways.FEWEST_TO_RAKE - 1)]
    assert isinstance(ways.by_everybody(heard, PEOPLE, ""), Untold)
    told = ways.by_everybody([*heard, company(up=0, down=1)], PEOPLE, "")
    assert isinstance(told, Counted)
    assert "boss" in told.note


def test_a_plan_that_nobody_has_any_more_is_named() -> None:
    heard = [Voice({("gone", "user"): UP}, is_account=False)] * 50
    told = ways.by_everybody(heard, PEOPLE, "")
    assert isinstance(told, Untold)
    assert "no customer has today" in told.reason


def test_with_too_few_accounts_there_is_a_score_and_no_interval() -> None:
    told = ways.by_account([company(up=1, down=0) for _ in range(voices.FEWEST_ACCOUNTS - 1)])
    assert isinstance(told, Counted)
    assert (told.score, told.low, told.worth) == (100, None, None)
    assert "too few for an interval" in told.note
