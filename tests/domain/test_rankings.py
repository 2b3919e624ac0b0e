from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import families, rankings
from afterscore.domain.nps import Tally
from afterscore.domain.rankings import FEWEST_TO_RANK, Stands

TALLIES = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.builds(Tally, *(st.integers(0, 60) for _ in range(3))),
    max_size=8,
)


def test_the_highest_comes_first_and_small_ones_last() -> None:
    rows = rankings.rank(
        {
            "small but perfect": Tally(0, 0, FEWEST_TO_RANK - 1),
            "low": Tally(40, 20, 40),
            "high": Tally(5, 15, 80),
        }
    )
    assert [row.key for row in rows] == ["high", "low", "small but perfect"]
    assert [row.stands for row in rows] == [Stands.ABOVE, Stands.BELOW, Stands.TOO_FEW]


def test_equal_segments_stand_like_the_others() -> None:
    rows = rankings.rank({name: Tally(20, 30, 50) for name in "abc"})
    assert {row.stands for row in rows} == {Stands.LIKE_OTHERS}


def test_one_segment_alone_has_nothing_to_stand_beside() -> None:
    (row,) = rankings.rank({"only": Tally(10, 10, 80)})
    assert (row.stands, row.against) == (Stands.LIKE_OTHERS, None)


def test_a_perfect_small_segment_is_drawn_towards_the_middle() -> None:
    rows = {row.key: row for row in rankings.rank({**_camp("x", 6), "tiny": Tally(0, 0, 3)})}
    pooled = rows["tiny"].pooled
    assert pooled is not None
    assert pooled.score < 80


def _camp(name: str, parts: int) -> dict[str, Tally]:
    return {f"{name}{part}": Tally(25, 25, 50) for part in range(parts)}


def test_twenty_alike_segments_are_judged_as_a_family() -> None:
    tallies = _camp("segment", 19) | {"unlucky": Tally(35, 25, 40)}
    row = next(row for row in rankings.rank(tallies) if row.key == "unlucky")
    assert row.against is not None
    assert row.against.p_value < 0.05
    assert row.stands is Stands.LIKE_OTHERS


def test_two_segments_are_one_comparison_and_no_family() -> None:
    rows = rankings.rank({"yes": Tally(80, 60, 60), "no": Tally(97, 60, 43)})
    assert [row.stands for row in rows] == [Stands.ABOVE, Stands.BELOW]
    for row in rows:
        assert row.against is not None
        assert row.chance == row.against.p_value
        assert 0.025 < row.against.p_value < 0.05  # twice that would be called chance


@given(TALLIES)
def test_nothing_below_the_minimum_is_ever_ranked(tallies: dict[str, Tally]) -> None:
    rows = rankings.rank(tallies)
    assert sorted(row.key for row in rows) == sorted(tallies)
    for row in rows:
        assert row.is_ranked == (row.tally.n >= FEWEST_TO_RANK)
    ranked = [row for row in rows if row.is_ranked]
    assert rows[: len(ranked)] == ranked
    scores = [row.tally.score or 0 for row in ranked]
    assert scores == sorted(scores, reverse=True)


@given(TALLIES)
def test_what_stands_apart_is_beyond_chance_in_its_family(tallies: dict[str, Tally]) -> None:
    rows = [row for row in rankings.rank(tallies) if row.against is not None]
    chances = families.against_the_rest(
        [row.against.p_value for row in rows if row.against],
        groups=sum(tally.n > 0 for tally in tallies.values()),
    )
    for row, chance in zip(rows, chances, strict=True):
        assert (row.stands in {Stands.ABOVE, Stands.BELOW}) == (chance < 0.05)
