"""A file that says who is of which company: intervals allow for colleagues thinking alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from afterscore.domain import alike, nps, voices
from afterscore.insights.files import analysing, speaking, telling
from afterscore.insights.files.analysing import Wishes
from afterscore.insights.files.findings import Mix
from afterscore.insights.files.guessing import Given


@pytest.fixture
def rows() -> list[tuple[str, int, str]]:
    """Forty companies of three who say nearly the same, and ten people of none."""
    lots = random.Random(5)
    told = []
    for company in range(40):
        mood = lots.choice([3, 8, 10])
        told += [
            (
                f"Company {company}",
                max(0, mood - lots.randrange(2)),
                lots.choice(["north", "south"]),
            )
            for _person in range(3)
        ]
    return told + [("", lots.randrange(11), "north") for _person in range(10)]


def sums(rows: list[tuple[str, int, str]]) -> alike.Sums:
    held: dict[object, list[int]] = {}
    for number, (company, score, _region) in enumerate(rows):
        held.setdefault(company or number, []).append(score)
    return voices.sums_of([nps.tally(nps.histogram_of(scores)) for scores in held.values()])


def test_the_score_and_each_group_count_for_what_their_answers_are_worth(
    tmp_path: Path, rows: list[tuple[str, int, str]]
) -> None:
    file = tmp_path / "answers.csv"
    lines = [f"{company},{score},{region}" for company, score, region in rows]
    file.write_text("Company,Score,Region\n" + "\n".join(lines))
    found = analysing.analyse(
        file, Wishes(Given(score="Score", account="Company", segments=("Region",)))
    )
    worth = alike.weigh(sums(rows)).effective_n
    assert found.overall.effective_n == pytest.approx(worth)
    assert worth < 90
    for segment in found.segments[0].segments:
        mine = [row for row in rows if row[2] == segment.value]
        assert segment.figure.effective_n == pytest.approx(alike.weigh(sums(mine)).effective_n)
    assert f"130 answers are worth {round(worth)} independent ones" in " ".join(
        " ".join(telling.tell(found, speaking.choose())).split()
    )


def dated(moods: dict[int, list[int]]) -> list[tuple[str, str, int, str]]:
    """Of each month fifteen people of each of eight companies, half of them in the north; people of
    a company say what it says that month."""
    return [
        (f"2026-{month:02}-{1 + person:02}", f"Company {company}", mood, region)
        for month, said in moods.items()
        for company, mood in enumerate(said)
        for person in range(15)
        for region in (("north", "south")[person % 2],)
    ]


def why(path: Path, account: str = "") -> Mix | None:
    given = Given(score="Score", date="Day", account=account, segments=("Region",))
    return analysing.analyse(path, Wishes(given)).mix


def test_a_change_that_two_companies_make_is_real_by_heads_and_not_by_companies(
    tmp_path: Path,
) -> None:
    file = tmp_path / "answers.csv"
    usual = [10, 10, 10, 10, 10, 8, 8, 3]
    rows = dated({1: usual, 2: usual, 3: usual, 4: [10, 10, 10, 3, 3, 8, 8, 3]})
    lines = [",".join(map(str, row)) for row in rows]
    file.write_text("Day,Company,Score,Region\n" + "\n".join(lines))
    by_heads, by_companies = why(file), why(file, "Company")
    assert by_heads is not None
    assert by_companies is not None
    assert by_heads.verdict == "real"
    assert by_companies.verdict == "not_enough"
    assert by_companies.rate == pytest.approx(by_heads.rate)


def test_a_change_of_many_companies_is_real_by_both(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    usual = [10] * 7 + [8]
    rows = dated({1: usual, 2: usual, 3: usual, 4: [3] * 7 + [8]})
    lines = [",".join(map(str, row)) for row in rows]
    file.write_text("Day,Company,Score,Region\n" + "\n".join(lines))
    found = why(file, "Company")
    assert found is not None
    assert found.verdict == "real"
