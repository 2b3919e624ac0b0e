from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import adoption
from afterscore.domain.adoption import Unused, unused

features = st.sampled_from(("alerts", "export", "import", "reports", "teams"))


def test_what_most_others_use_and_they_do_not_comes_first() -> None:
    found = unused(
        theirs={"import"}, accounts_by_feature={"import": 9, "export": 4, "alerts": 6}, accounts=10
    )
    assert found == (Unused("alerts", 0.6), Unused("export", 0.4))


@pytest.mark.parametrize(("count", "named"), [(1, False), (2, True)])
def test_what_few_use_is_no_advice(count: int, named: bool) -> None:
    assert bool(unused(theirs=(), accounts_by_feature={"export": count}, accounts=10)) is named


def test_without_others_there_is_no_advice() -> None:
    assert unused(theirs=(), accounts_by_feature={}, accounts=0) == ()


@given(st.sets(features), st.dictionaries(features, st.integers(0, 50)), st.integers(min_value=50))
def test_it_names_at_most_three_and_never_what_they_use(
    theirs: set[str], counts: dict[str, int], accounts: int
) -> None:
    found = unused(theirs=theirs, accounts_by_feature=counts, accounts=accounts)
    assert len(found) <= adoption.MOST
    assert not {each.feature for each in found} & theirs
    assert [each.share for each in found] == sorted((e.share for e in found), reverse=True)
    assert all(adoption.LEAST_SHARE <= each.share <= 1 for each in found)
