from __future__ import annotations

from functools import partial
from itertools import product

import pytest

from afterscore.domain import check_backs
from afterscore.domain.casework import Outcome
from afterscore.domain.check_backs import Answer, Ask, Result, Skip
from afterscore.domain.nps import Group


@pytest.mark.parametrize(("group", "outcome"), list(product(Group, [None, *Outcome])))
def test_only_whoever_was_told_that_something_is_better_is_asked(
    group: Group, outcome: Outcome | None
) -> None:
    verdict = check_backs.may_ask(group=group, outcome=outcome, days=5, was_asked=False)
    claims = outcome in {Outcome.SOLVED, Outcome.FEATURE_SHOWN}
    assert isinstance(verdict, Ask) == (claims and group is not Group.PROMOTER)


def test_nobody_is_asked_twice_or_where_the_settings_say_never() -> None:
    solved = partial(check_backs.may_ask, group=Group.DETRACTOR, outcome=Outcome.SOLVED)
    assert solved(days=5, was_asked=True) == Skip()
    assert solved(days=0, was_asked=False) == Skip("the settings say so")


def test_whatever_is_not_solved_wakes_the_case() -> None:
    assert [answer for answer in Answer if answer.wakes] == [Answer.PARTLY, Answer.NO]


def test_silence_says_neither_yes_nor_no() -> None:
    assert Result(asked=20).confirmed_ratio is None
    assert Result(asked=20).limits == (0.0, 1.0)
    result = Result(asked=20, yes=3, partly=1, no=1)
    assert (result.answered, result.confirmed_ratio) == (5, 0.6)
    low, high = result.limits
    assert 0.2 < low < 0.6 < high < 0.9
