"""Files as survey tools, spreadsheets and people in several countries write them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from afterscore.customers.importers.cells import CellError
from afterscore.customers.importers.files import FileError
from afterscore.insights.files import (
    amounts,
    analysing,
    days,
    inspecting,
    leaving,
    speaking,
    telling,
)
from afterscore.insights.files.analysing import NotAScore, Wishes
from afterscore.insights.files.counting import Ambiguous
from afterscore.insights.files.findings import Analysis
from afterscore.insights.files.guessing import Given, Role, Unclear

SCORES = (10, 9, 9, 8, 7, 6, 3, 0)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Sequence[object], name: str = "answers.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


def analyse(path: Path, *, dates: str = "", **said: Any) -> Analysis:
    return analysing.analyse(path, Wishes(given=Given(**said), dates=dates))


def told(found: Analysis) -> str:
    return "\n".join(telling.tell(found, speaking.choose()))


def scored(count: int = 80) -> list[int]:
    return [SCORES[number % len(SCORES)] for number in range(count)]


# --- what stands above the answers ---------------------------------------------------------------


def test_titles_above_the_names_are_passed_over(write: Callable[..., Path]) -> None:
    titles = (["NPS, all regions"], ["Made on 2025-07-01, confidential"], [""])
    rows = [[number, score, "NS"[number % 2]] for number, score in enumerate(scored())]
    found = analyse(write(*titles, ["id", "NPS", "Region"], *rows))
    assert (found.columns["score"], found.file["rows"], found.overall.n) == ("NPS", 80, 80)
    assert found.missing == ()


def test_titles_in_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["Our survey"],
        [],
        ["Who", "NPS"],
        *([f"P{n}", score] for n, score in enumerate(scored())),
    ):
        book.active.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    found = analyse(path)
    assert (found.columns["score"], found.overall.n, found.missing) == ("NPS", 80, ())


def test_sheets_of_the_same_names_are_one_table_and_others_are_counted(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["What this is"], ["Answers of two quarters"]):
        book.active.append(row)
    for name in ("Q1", "Q2"):
        sheet = book.create_sheet(name)
        sheet.append(["nps", "region"])
        for score in scored(40):
            sheet.append([score, "North; South"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    found = analyse(path)
    assert (found.overall.n, found.missing) == (80, ())
    assert found.file["written"] == "spreadsheet, sheets “Q1”, “Q2”, of 3"


def test_text_that_is_called_a_spreadsheet_is_read_as_text(write: Callable[..., Path]) -> None:
    rows = [[score, "N"] for score in scored()]
    assert analyse(write(["nps", "region"], *rows, name="answers.xls")).overall.n == 80


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><table><tr><td>nps</td></tr></table></html>\n", "a web page and no table"),
        (b"$FL2@(#) SPSS DATA FILE\x02\x00\x00\x03\x04,1\n1,2\n", "no text that holds a table"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(FileError, match=message):
        analyse(path)


def test_rows_that_an_open_quotation_mark_swallowed_are_refused(tmp_path: Path) -> None:
    lines = [f"{score},fine" for score in scored()]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["nps,comment", *lines[:40], '3,"open', *lines[40:]]))
    with pytest.raises(FileError, match="“comment” is not closed, so that 40 rows"):
        analyse(path)


def test_a_long_comment_is_no_swallowed_row(write: Callable[..., Path]) -> None:
    long = "\n".join(["It was slow, and dear.", "Then, at last, somebody came."] * 8)
    assert analyse(write(["nps", "comment"], *([s, long] for s in scored()))).overall.n == 80


def test_a_nameless_first_column_is_no_title(write: Callable[..., Path]) -> None:
    found = analyse(write(["", "nps"], *enumerate(scored())))
    assert (found.columns["score"], found.overall.n) == ("nps", 80)


def test_questions_below_the_codes_of_qualtrics_are_names_and_no_answers(
    write: Callable[..., Path],
) -> None:
    codes = ["StartDate", "Q1_GROUP", "Q1", "Q2"]
    questions = [
        "Start Date",
        "Recommend us? - Group",
        "How likely are you to recommend us?",
        "Why?",
    ]
    imports = [f'{{"ImportId":"QID{number}"}}' for number in range(4)]
    rows = [
        [f"2025-0{1 + n % 3}-10 10:00:00", "Promoter", score, f"It was good the {n}th time, mostly"]
        for n, score in enumerate(scored())
    ]
    path = write(codes, questions, imports, *rows)
    found = analyse(path)
    assert found.columns["score"] == "Q1: How likely are you to recommend us?"
    assert (found.columns["comment"], found.columns["date"]) == ("Q2: Why?", "StartDate")
    assert (found.overall.n, found.missing) == (80, ())
    assert analyse(path, score="q1").overall == found.overall


def test_choices_below_the_questions_of_surveymonkey_are_names_and_no_answers(
    write: Callable[..., Path],
) -> None:
    questions = ["Respondent ID", "How likely is it that you would recommend us?", "Which?", ""]
    rows = [[118_000 + n, score, "Web", ""] for n, score in enumerate(scored(40))]
    rows += [[119_000 + n, score, "", "Shop"] for n, score in enumerate(scored(40))]
    path = write(questions, ["", "", "Web", "Shop"], *rows)
    found = analyse(path, segments=("Which?: Web", "Which?: Shop"))
    assert (found.overall.n, found.missing) == (80, ())
    assert [each.segments[0].value for each in found.segments] == ["Web", "Shop"]


@pytest.mark.parametrize("name", ["answers.csv", "answers.tsv"])
def test_a_file_without_names_loses_no_answer(write: Callable[..., Path], name: str) -> None:
    rows = [[f"2026-0{1 + n % 6}-11", s, "NS"[n % 2]] for n, s in enumerate(scored())]
    found = analyse(write(*rows, name=name))
    assert (found.columns["score"], found.columns["date"]) == ("Column 2", "Column 1")
    assert (found.overall.n, found.file["rows"]) == (80, 80)


def test_names_that_are_numbers_stay_names(write: Callable[..., Path]) -> None:
    found = analyse(write(["nps", "2025", "2026"], *([score, 1, 2] for score in scored())))
    assert (found.columns["score"], found.overall.n) == ("nps", 80)


def test_a_declared_delimiter_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["sep=;", "nps;region", *(f"{score};N" for score in scored())]))
    found = analyse(path)
    assert (found.columns["score"], found.file["rows"], found.missing) == ("nps", 80, ())


def test_rows_that_an_unquoted_comma_made_wider_are_left_out_and_counted(tmp_path: Path) -> None:
    lines = ["comment,nps", *(f"fine,{score}" for score in scored()), "slow, and dear,2", "good,9,"]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines))
    found = analyse(path)
    assert (found.file["rows"], found.file["broken_rows"], found.overall.n) == (81, 1, 81)
    assert "left out: 1" in told(found)


def test_names_without_rows_are_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(FileError, match=r"answers.csv names its columns and has no rows"):
        analyse(write(["nps", "region"]))


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/25", "dmy", date(2025, 4, 3)),
        ("3/4/25 10:22", "mdy", date(2025, 3, 4)),
        ("25-04-03", "ymd", date(2025, 4, 3)),
        ("1. März 2025", "", date(2025, 3, 1)),
        ("12 de mayo de 2025", "", date(2025, 5, 12)),
        ("décembre 2025", "", date(2025, 12, 1)),
        ("2025-02", "", date(2025, 2, 1)),
        ("02.2025", "", date(2025, 2, 1)),
        ("Q3 2025", "", date(2025, 7, 1)),
        ("45658.5", "", date(2025, 1, 1)),
        ("2025-04-03T10:00:00Z", "ymd", date(2025, 4, 3)),
    ],
)
def test_days_are_read_as_exports_write_them(text: str, order: str, day: date) -> None:
    assert days.read_day(text, order) == day


@pytest.mark.parametrize("text", ["2025", "13/2025", "Q5 2025", "Version 2025", "99999", "12.50"])
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert not days.is_day(text)
    with pytest.raises(CellError):
        days.read_day(text, "dmy")


def test_spreadsheet_days_are_taken_for_days_where_the_name_says_so(
    write: Callable[..., Path],
) -> None:
    rows = [[45_658 + number, score] for number, score in enumerate(scored())]
    assert analyse(write(["Date", "nps"], *rows)).columns["date"] == "Date"
    assert analyse(write(["Number", "nps"], *rows)).columns["date"] is None


def test_two_figures_that_may_be_the_year_are_asked_about(write: Callable[..., Path]) -> None:
    path = write(["date", "nps"], *([f"25-04-{1 + n % 28:02d}", s] for n, s in enumerate(scored())))
    with pytest.raises(Ambiguous, match="--dates ymd"):
        analyse(path)
    trend = analyse(path, dates="ymd").trend
    assert trend is not None
    assert {point.start[:4] for point in trend.points} == {"2025"}


def test_a_column_without_a_day_is_refused_and_not_passed_over(write: Callable[..., Path]) -> None:
    path = write(["when", "nps"], *(["soon", score] for score in scored()))
    with pytest.raises(Unclear, match=r"No cell in “when” can be read as a day.*“soon”"):
        analyse(path, date="when")


def test_the_day_of_the_answer_comes_before_the_day_of_the_question(
    write: Callable[..., Path],
) -> None:
    rows = [[f"2025-01-1{n % 9}", f"2025-0{1 + n % 6}-11", s] for n, s in enumerate(scored())]
    found = analyse(write(["Created At", "Completed At", "nps"], *rows))
    assert found.columns["date"] == "Completed At"
    assert found.columns["segments"] == []


def test_waves_of_a_quarter_are_told_by_quarters(write: Callable[..., Path]) -> None:
    rows = [[f"Q{1 + n % 4} 2025", score] for n, score in enumerate(scored(400))]
    trend = analyse(write(["Wave", "nps"], *rows)).trend
    assert trend is not None
    assert (trend.window, len(trend.points)) == ("quarter", 4)


def test_the_sign_zero_and_quotation_marks_are_read_in_a_cell_a_name_and_a_path(
    write: Callable[..., Path],
) -> None:
    """As text files of other machines and careless exports hold them."""
    rows = [["3 April 2026, \0it's noon", score] for score in scored()]
    path = write(['it\'s "the" day', "nps"], *rows, name="it's.csv")
    found = analyse(path, dates="dmy", date='it\'s "the" day')
    assert found.columns["date"] == 'it\'s "the" day'
    assert found.trend is not None
    assert found.trend.undated == 0


# --- amounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("€ 1.234,50", "1.234", "12,5", "-3,00"), (1234.5, 1234, 12.5, -3)),
        (("$1,234.50", "1,234", "12.5", "(500)"), (1234.5, 1234, 12.5, -500)),
        (("9.123 €", "999", "12.500 €"), (9123, 999, 12500)),
        (("0.123", "1.234"), (0.123, 1.234)),
        (("1'234.50 CHF", "1 234,50 kr", "1.5E+03", "100-"), (1234.5, 1234.5, 1500, -100)),
        (("12k", "1,5 Mio. €", "2 x 500", "n/a", ""), (None,) * 5),
    ],
)
def test_amounts_are_read_by_the_decimal_mark_of_their_column(
    cells: tuple[str, ...], values: tuple[float | None, ...]
) -> None:
    read = amounts.expression("$cell", amounts.decimal_mark(cells))
    found = [duckdb.execute(f"SELECT {read}", {"cell": cell}).fetchone() for cell in cells]
    assert [row[0] for row in found if row] == [pytest.approx(value) for value in values]


def test_revenue_is_guessed_and_what_cannot_be_read_of_it_is_told(
    write: Callable[..., Path],
) -> None:
    rows = [[score, "€ 1.234,50"] for score in scored(79)]
    found = analyse(write(["nps", "Umsatz"], *rows, [9, "viel"]))
    assert found.columns["revenue"] == "Umsatz"
    assert Role.REVENUE in found.guessed
    assert sum(row["revenue"] for row in found.revenue) == pytest.approx(79 * 1234.5)
    assert "Without “Umsatz”: 1." in told(found)


def test_a_column_without_an_amount_is_refused(write: Callable[..., Path]) -> None:
    path = write(["nps", "paid"], *([score, "much"] for score in scored()))
    with pytest.raises(Unclear, match=r"“paid” can be read as an amount.*“much”"):
        analyse(path, revenue="paid")


# --- who left ------------------------------------------------------------------------------------


def test_yes_and_no_are_understood_however_they_are_written(write: Callable[..., Path]) -> None:
    words = ("yes", "FALSE", "1", "0", "TRUE", "No", "Gekündigt", "aktiv")
    rows = [[score, words[n // 8 % 8]] for n, score in enumerate(scored(128))]
    found = analyse(write(["nps", "churned"], *rows))
    assert found.columns["churn"] == "churned"
    assert found.leaving is not None
    assert sum(rate["left"] for rate in found.leaving["rates"]) == 64
    assert found.leaving["unknown"] == 0


def test_those_of_whom_it_is_not_known_are_told(write: Callable[..., Path]) -> None:
    rows = [[score, ("yes", "no", "perhaps")[n % 3]] for n, score in enumerate(scored(90))]
    assert "Without “left”: 30." in told(analyse(write(["nps", "left"], *rows), churn="left"))


def test_a_column_that_says_nothing_of_leaving_is_refused(write: Callable[..., Path]) -> None:
    path = write(["nps", "plan"], *([score, "gold"] for score in scored()))
    with pytest.raises(Unclear, match=r"“plan” can be read as who left.*“gold”"):
        analyse(path, churn="plan")


def test_no_word_means_both() -> None:
    assert not leaving.YES & leaving.NO


# --- the score -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        [10 * score for score in scored()],
        [f"{10 * score}%" for score in scored()],
        [score + 0.5 for score in scored()],
        ["Likely", "Unlikely"] * 40,
    ],
)
def test_a_column_that_is_mostly_no_score_is_refused_with_what_it_holds(
    write: Callable[..., Path], cells: list[object]
) -> None:
    path = write(["answer"], *([cell] for cell in cells))
    with pytest.raises(NotAScore, match="“answer” is no score from 0 to 10: of 80 cells"):
        analyse(path, score="answer")


def test_a_page_asks_for_what_its_form_can_say(write: Callable[..., Path]) -> None:
    path = write(["answer", "when"], *([10 * score, "25-04-03"] for score in scored()))
    for said, refusal in (
        ({"score": "answer", "date": "when"}, Ambiguous),
        ({"score": "answer", "is_complete": True}, NotAScore),
    ):
        with pytest.raises(refusal) as told:
            analyse(path, **said)
        assert "--" in str(told.value)
        assert "--" not in inspecting.for_page(str(told.value))


def test_what_a_column_called_so_holds_is_shown_where_it_is_no_score(
    write: Callable[..., Path],
) -> None:
    path = write(["nps", "x"], *([f"{10 * score}%", "a"] for score in scored()))
    with pytest.raises(Unclear, match="“nps” holds “90%”, “0%”"):
        analyse(path)


@pytest.mark.parametrize("scores", [[9], [10] * 200, [0, 10] * 3])
def test_few_different_scores_are_known_by_the_name_of_their_column(
    write: Callable[..., Path], scores: list[int]
) -> None:
    found = analyse(write(["nps", "region"], *([score, "N"] for score in scores)))
    assert (found.columns["score"], found.overall.n) == ("nps", len(scores))


def test_a_column_may_be_named_by_how_its_name_begins(write: Callable[..., Path]) -> None:
    names = ["How likely are you to recommend us?", "How happy are you?"]
    path = write(names, *([score, score] for score in scored()))
    assert analyse(path, score="how likely").columns["score"] == names[0]
    with pytest.raises(Unclear, match=r"“How” may be “How likely .*” or “How happy"):
        analyse(path, score="How")


# --- rows ----------------------------------------------------------------------------------------


def test_people_who_stand_there_twice_are_told(write: Callable[..., Path]) -> None:
    rows = [[f"P{n % 60}@example.org", score] for n, score in enumerate(scored())]
    found = analyse(write(["E-Mail", "nps"], *rows))
    assert found.overall.n == 80
    assert any("repeat an earlier “E-Mail”: 20" in line for line in found.warnings)
    once = analyse(write(["E-Mail", "nps"], *rows[:60]))
    assert not any("repeat" in line for line in once.warnings)


def test_fields_within_fields_are_columns_of_their_own(tmp_path: Path) -> None:
    rows = [
        {"id": n, "answers": {"nps": score, "more": {"plan": "ab"[n % 2]}}, "tags": ["x", "y"]}
        for n, score in enumerate(scored())
    ]
    lines, wrapped = tmp_path / "answers.jsonl", tmp_path / "answers.json"
    lines.write_text("\n".join(json.dumps(row) for row in rows))
    wrapped.write_text(json.dumps({"data": rows, "meta": {"total": len(rows)}}))
    for path in (lines, wrapped):
        found = analyse(path)
        assert (found.columns["score"], found.overall.n) == ("answers.nps", 80)
        assert found.columns["segments"] == ["answers.more.plan"]


# --- ratings, and how it is told -----------------------------------------------------------------


def test_labels_of_ratings_are_understood(write: Callable[..., Path]) -> None:
    rows = [[s, f"{1 + s // 3} - ok", 1 + n % 5] for n, s in enumerate(scored(160))]
    found = analyse(write(["nps", "price", "service"], *rows), drivers=("price", "service"))
    assert found.drivers is not None
    assert (found.drivers["n"], found.drivers["incomplete"]) == (160, 0)


def test_a_rating_without_a_number_is_refused(write: Callable[..., Path]) -> None:
    path = write(["nps", "price"], *([score, "dear"] for score in scored()))
    with pytest.raises(Unclear, match=r"“price” can be read as a number.*“dear”"):
        analyse(path, drivers=("price",))


def test_much_silence_is_told_in_print_too(write: Callable[..., Path]) -> None:
    rows = [[n, score if n % 4 == 0 else ""] for n, score in enumerate(scored())]
    assert "of the rows hold no score." in told(analyse(write(["id", "nps"], *rows)))


def test_long_values_do_not_push_the_numbers_out_of_their_columns(
    write: Callable[..., Path],
) -> None:
    values = ("I decide on my own which products we buy", "I recommend and somebody else decides")
    rows = [[score, values[n // 8 % 2]] for n, score in enumerate(scored())]
    lines = told(analyse(write(["nps", "role"], *rows))).splitlines()
    assert sum(line.endswith(" 40") and "…" in line for line in lines) == 2


def test_two_groups_are_compared_once(write: Callable[..., Path]) -> None:
    """Their p-value is 0.03: twice that would be called chance."""
    groups = {"yes": (80, 60, 60), "no": (97, 60, 43)}
    rows = [
        [score, group]
        for group, counts in groups.items()
        for score, times in zip((3, 8, 10), counts, strict=True)
        for _ in range(times)
    ]
    found = analyse(write(["nps", "member"], *rows), segments=("member",))
    assert {each.value: each.differs for each in found.segments[0].segments} == {
        "yes": "above", "no": "below",
    }  # fmt: skip


def test_what_takes_long_to_load_is_not_loaded_for_a_file(write: Callable[..., Path]) -> None:
    """Somebody waits for it, each time."""
    rows = [["2026-04-03", score, number % 3] for number, score in enumerate(scored(160))]
    path = write(["day", "nps", "ease"], *rows)
    asked = f"""
import sys
from afterscore.config.cli import main
sys.argv = ["afterscore", "analyze", {str(path)!r}, "--driver", "ease", "--json"]
try:
    main()
finally:
    print({{"pandas", "scipy.stats"}} & set(sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["drivers"]["n"] == 160
    assert done.stderr.splitlines()[-1] == "set()"
