"""A file of answers analysed: the figures, what was guessed, and what is refused with a way out."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from afterscore.config.cli import cli
from afterscore.customers.importers.files import FileError
from afterscore.domain.scales import Scale
from afterscore.insights.files import analysing, findings, reading, reporting, speaking, telling
from afterscore.insights.files.analysing import NotAScore, Wishes
from afterscore.insights.files.counting import Ambiguous
from afterscore.insights.files.findings import Analysis, Figure
from afterscore.insights.files.guessing import Given, Unclear

HEADER = "Date,How likely are you to recommend us?,Why?,Region,Company"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def rows(count: int = 300) -> Iterator[str]:
    """Sixty scores a month, for five months of 2026, in three regions and a dozen companies."""
    for number in range(count):
        score = (10, 9, 9, 8, 7, 6, 3, 0)[number % 8]
        comment = f"“Short on staff: visit {number} took too long”" if number % 3 else ""
        yield (
            f"2026-{1 + number // 60:02d}-{1 + number % 28:02d},{score},{comment},"
            f"{('North', 'South', 'Ärmelkanal')[number % 3]},Firm {number % 12}"
        )


def text(*extra: str, count: int = 300) -> str:
    return "\n".join([HEADER, *rows(count), *extra]) + "\n"


def analyse(path: Path, **said: Any) -> Analysis:
    scale, dates = said.pop("scale", None), said.pop("dates", "")
    return analysing.analyse(path, Wishes(given=Given(**said), scale=scale, dates=dates))


def counts(figure: Figure) -> tuple[int, int, int, int]:
    return (figure.n, figure.promoters, figure.passives, figure.detractors)


# --- real files ----------------------------------------------------------------------------------

REAL = [
    ("garden_fr_nps.csv.gz", "nps", "overall", {}),
    ("carpentries_longterm_nps.csv", "recommendation_score", "all", {}),
    ("skytrax_seat.csv.gz", "overall_rating", "overall", {}),
    ("skytrax_airline_sample.csv.gz", "overall_rating", "overall", {}),
    ("rpkg_nps_testdata.csv", "REC", "overall", {}),
    ("ecsi_mobi.csv", "CUSL3", "recommend_CUSL3", {"score": "CUSL3"}),
]


@pytest.mark.parametrize(("name", "column", "block", "said"), REAL)
def test_real_files_need_nothing_but_their_name(  # noqa: PLR0917 (a table's row)
    real_data: Path, name: str, column: str, block: str, said: dict[str, Any]
) -> None:
    expected = json.loads((real_data / "golden.json").read_text())[name.partition(".")[0]][block]
    found = analyse(real_data / "datasets" / name, **said)
    assert found.columns["score"] == column
    assert counts(found.overall) == (
        expected["n"], expected["promoters"], expected["passives"], expected["detractors"],
    )  # fmt: skip
    assert found.overall.score == pytest.approx(expected["nps"], abs=1e-9)
    assert found.overall.n + sum(each.count for each in found.missing) == found.file["rows"]


def test_columns_may_have_any_name(write: Callable[..., Path]) -> None:
    header = "cell,Score,day,source,Answers"
    lines = [f"x{n % 3},{n % 11},2025-01-{1 + n % 28:02d},y{n % 2},z{n % 4}" for n in range(300)]
    found = analyse(write("\n".join([header, *lines])), score="score")
    assert found.overall.n == 300
    assert found.columns["date"] == "day"
    assert [each.column for each in found.segments] == ["cell", "source", "Answers"]


def test_a_file_that_needs_too_much_memory_says_so(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MEMORY", "1MB")
    path = write(text(count=60_000))
    with pytest.raises(FileError, match=r"answers.csv (needs more than|cannot be read)"):
        analyse(path)


def test_comments_of_the_garden_centres(real_data: Path) -> None:
    expected = json.loads((real_data / "golden.json").read_text())["garden_fr_nps"]["verbatim"]
    found = analyse(real_data / "datasets" / "garden_fr_nps.csv.gz")
    assert found.comments is not None
    assert found.comments.ratio == pytest.approx(expected["rate_among_scored"], abs=1e-9)
    groups = [expected["by_group"][group]["rate"] for group in ("promoter", "passive", "detractor")]
    assert found.comments.by_group == pytest.approx(groups, abs=1e-9)
    assert found.comments.says_nothing > 60  # "RAS", nothing to report


def test_months_and_regions_of_a_published_package(real_data: Path) -> None:
    golden = json.loads((real_data / "golden.json").read_text())["rpkg_nps_testdata"]
    found = analyse(real_data / "datasets" / "rpkg_nps_testdata.csv")
    assert found.trend is not None
    assert found.trend.window == "month"
    months = {point.start[:7]: point.figure.score for point in found.trend.points}
    assert months == pytest.approx({m: each["nps"] for m, each in golden["by_month"].items()})
    (regions,) = [each for each in found.segments if each.column == "Region"]
    scores = {each.value: each.figure.score for each in regions.segments}
    assert scores == pytest.approx({r: each["nps"] for r, each in golden["by_Region"].items()})
    assert not any(each.differs for each in regions.segments)


def test_drivers_of_the_airline_seats(real_data: Path) -> None:
    expected = json.loads((real_data / "golden.json").read_text())["skytrax_seat"]["drivers"]
    found = analyse(
        real_data / "datasets" / "skytrax_seat.csv.gz", drivers=tuple(expected["predictors"])
    )
    assert found.drivers is not None
    assert found.drivers["n"] == expected["n"]
    shares = {each["name"]: each["lmg"] for each in found.drivers["drivers"]}
    assert shares == pytest.approx(expected["lmg"], abs=1e-9)
    assert all(each["low"] < each["lmg"] < each["high"] for each in found.drivers["drivers"])


def test_who_left_a_telephone_company(real_data: Path) -> None:
    golden = json.loads((real_data / "golden.json").read_text())["ibm_telco_v11"]
    found = analyse(
        real_data / "datasets" / "ibm_telco_v11.csv.gz",
        score="Satisfaction Score", churn="Churn Value", scale=Scale.ONE_TO_FIVE,
    )  # fmt: skip
    assert found.leaving is not None
    assert found.leaving["auc"] == pytest.approx(golden["auc_low_satisfaction_for_churn"], abs=1e-9)
    assert found.leaving["relation"] == "lower_leave"
    assert sum(rate["left"] for rate in found.leaving["rates"]) == golden["churned"]


def test_dates_of_1970_are_told_as_missing(real_data: Path) -> None:
    found = analyse(real_data / "datasets" / "skytrax_seat.csv.gz")
    assert found.trend is not None
    assert found.trend.points[0].start == "2007-01-01"
    assert found.trend.undated == 26
    assert any("1970-01-01" in line for line in found.cannot_say)


# --- any way a file may be written ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("iso8859-15", "|")],
)
def test_the_same_answers_in_any_encoding_and_with_any_delimiter(
    write: Callable[..., Path], encoding: str, delimiter: str
) -> None:
    plain = text().replace(",", delimiter)
    if encoding not in {"utf-8", "utf-8-sig", "utf-16"}:
        plain = plain.replace("“", "'").replace("”", "'")
    found = analyse(write(plain, encoding=encoding))
    assert counts(found.overall) == (300, 114, 75, 111)
    (regions,) = found.segments
    assert {each.value for each in regions.segments} == {"North", "South", "Ärmelkanal"}
    assert found.columns["comment"] == "Why?"


def test_comments_that_repeat_themselves_are_still_comments(write: Callable[..., Path]) -> None:
    lines = ["score,comment,plan"]
    for number in range(600):
        text = "" if number % 3 else f"The report of site {number % 50} came too late"
        lines.append(
            f"{number % 11},{text},{'basic' if number % 2 else 'the plan for large firms'}"
        )
    found = analyse(write("\n".join(lines) + "\n"))
    assert found.columns["comment"] == "comment"


def test_parquet_json_lines_and_packed_files(write: Callable[..., Path], tmp_path: Path) -> None:
    plain = write(text())
    expected = analyse(plain)
    parquet, lines, packed = (tmp_path / f"a.{kind}" for kind in ("parquet", "jsonl", "csv.gz"))
    duckdb.execute(f"COPY (FROM '{plain}') TO '{parquet}'")
    duckdb.execute(f"COPY (FROM '{plain}') TO '{lines}' (FORMAT json)")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (parquet, lines, packed):
        found = analyse(path)
        assert found.overall == expected.overall
        assert found.trend == expected.trend


def test_a_spreadsheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Answers")
    for row in csv.reader(text().splitlines()):
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    found = analyse(path)
    assert counts(found.overall) == (300, 114, 75, 111)
    assert "Answers" in found.file["written"]


def test_line_breaks_and_quotes_within_a_comment(write: Callable[..., Path]) -> None:
    odd = '2026-05-30,9,"They said ""fine"",\nand then, nothing",North,Firm 1'
    found = analyse(write(text(odd)))
    assert found.overall.n == 301
    assert found.file["broken_rows"] == 0


# --- nothing is lost without a word --------------------------------------------------------------


def test_every_cell_without_a_score_is_counted_with_its_reason(write: Callable[..., Path]) -> None:
    extra = [f"2026-05-01,{cell},x,North,F" for cell in ("", "n/a", "great", "7.5", "11", "-1")]
    found = analyse(write(text(*extra)))
    assert {each.reason: each.count for each in found.missing} == {
        "blank": 2, "not_a_number": 1, "fraction": 1, "out_of_range": 2,
    }  # fmt: skip
    by_reason = {each.reason: each.examples for each in found.missing}
    assert by_reason["out_of_range"] == ("-1", "11")
    assert by_reason["fraction"] == ("7.5",)
    assert found.overall.n == 300


def test_labels_are_understood(write: Callable[..., Path]) -> None:
    extra = ["2026-05-01,10 - Extremely likely,,North,F", "2026-05-01,0 = not at all,,North,F"]
    found = analyse(write(text(*extra)))
    assert found.overall.n == 302
    assert found.missing == ()


def test_dates_that_can_be_read_in_two_ways_are_asked_about(write: Callable[..., Path]) -> None:
    lines = [f"{1 + n % 12:02d}/{1 + n % 9:02d}/2026,{n % 11}" for n in range(1200)]
    path = write("\n".join(["Date,NPS", *lines]))
    with pytest.raises(Ambiguous, match="--dates dmy or --dates mdy"):
        analyse(path)
    first, second = analyse(path, dates="dmy"), analyse(path, dates="mdy")
    assert first.overall == second.overall
    assert first.trend != second.trend


def test_a_scale_of_five_is_refused_until_it_is_declared(write: Callable[..., Path]) -> None:
    path = write("\n".join(["rating", *(str(1 + n % 5) for n in range(100))]))
    with pytest.raises(NotAScore, match="it looks like 1 to 5"):
        analyse(path)
    assert counts(analyse(path, scale=Scale.ONE_TO_FIVE).overall) == (100, 20, 20, 60)


def test_a_scale_of_seven_never_makes_such_a_score(write: Callable[..., Path]) -> None:
    with pytest.raises(NotAScore, match="makes no net promoter score"):
        analyse(write("\n".join(["rating", *(str(1 + n % 7) for n in range(140))])))


def test_a_scale_that_changes_in_the_middle_is_noticed(write: Callable[..., Path]) -> None:
    lines = [f"2026-0{1 + n // 100}-{1 + n % 28:02d},{1 + n % 5}" for n in range(300)]
    lines += [f"2026-0{4 + n // 100}-{1 + n % 28:02d},{n % 11}" for n in range(300)]
    found = analyse(write("\n".join(["date,nps", *lines])))
    assert any("From April 2026 on" in line for line in found.warnings)


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        ("a,b\nx,y\n", {}, "No column looks like a score"),
        ("q1,q2\n" + "1,2\n3,4\n5,6\n7,8\n", {}, "More than one column could be the score"),
        ("nps\n9\n", {"score": "NPSS"}, "There is no column “NPSS”. There are: nps."),
        ("nps\n9\n", {"comment": "why"}, "There is no column “why”"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_asked_for(
    write: Callable[..., Path], content: str, said: dict[str, str], message: str
) -> None:
    with pytest.raises(Unclear, match=message):
        analyse(write(content), **said)


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("a.parquet", b"PAR1no"), ("a.xlsx", b"PK\x03\x04no"), ("a.gz", b"no")],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError):
        analyse(path)


def test_a_real_change_and_a_real_difference_are_found(write: Callable[..., Path]) -> None:
    """From April on the South falls by far; the others stay as they are."""
    lines = []
    for number in range(3000):
        month, region = 1 + number // 500, ("North", "South", "West")[number % 3]
        bad = region == "South" and month >= 4
        score = (3, 6, 8)[number % 7 % 3] if bad else (9, 10, 8)[number % 7 % 3]
        lines.append(f"2026-{month:02d}-{1 + number % 28:02d},{score},{region}")
    found = analyse(write("\n".join(["date,nps,region", *lines])), segments=("region",))
    assert found.trend is not None
    assert [point.change for point in found.trend.points[-13:]].count("fall") >= 1
    (regions,) = found.segments
    assert {each.value: each.differs for each in regions.segments}["South"] == "below"


def test_a_slow_rise_is_told_of_all_periods_together(write: Callable[..., Path]) -> None:
    """Of fourteen months none differs beyond chance from the one before."""
    lines = [
        f"{2025 + month // 12}-{1 + month % 12:02d}-15,{10 if answer < 20 + 2 * month else 4}"
        for month in range(14)
        for answer in range(60)
    ]
    found = analyse(write("\n".join(["date,nps", *lines])))
    assert found.trend is not None
    assert not {"rise", "fall"} & {point.change for point in found.trend.points}
    assert found.trend.through is not None
    assert found.trend.through.change == "rise"
    assert found.trend.through.difference == pytest.approx(13 * 400 / 60, rel=0.01)
    assert findings.read(json.loads(json.dumps(found.to_data()))) == found
    report = reporting.report_of(found, speaking.choose())
    said = [each for each in report.in_short if each.startswith("All periods together")]
    assert len(said) == 1
    assert re.search(r": A real change: \+8\d points \(\+\d+ to \+\d+\)\.", said[0]), said[0]


def test_what_an_earlier_version_found_is_read_without_what_it_did_not_know(write) -> None:
    lines = [f"2026-0{month}-15,{score}" for month in range(1, 8) for score in (0, 9, 10)]
    found = analyse(write("\n".join(["date,nps", *lines])))
    data = json.loads(json.dumps(found.to_data()))
    del data["trend"]["through"]
    again = findings.read(data)
    assert again.trend is not None
    assert again.trend.through is None
    assert reporting.report_of(again, speaking.choose()).in_short


@given(st.lists(st.sampled_from(["10", "9", "8", "0", "", "x", "5.5", "12"]), min_size=1))
def test_scores_and_reasons_add_up_to_the_rows(tmp_path_factory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("file") / "a.csv"
    path.write_text("\n".join(["id,nps", *(f"{n},{cell}" for n, cell in enumerate(cells))]))
    found = analyse(path, score="nps", scale=Scale.ZERO_TO_TEN)
    assert found.overall.n + sum(each.count for each in found.missing) == len(cells)


# --- how it is told ------------------------------------------------------------------------------


def test_the_text_is_no_wider_than_a_terminal(real_data: Path) -> None:
    for name, _, _, said in REAL:
        for line in telling.tell(analyse(real_data / "datasets" / name, **said), speaking.choose()):
            assert len(line) <= telling.WIDTH, line


def test_the_command_needs_no_database(write: Callable[..., Path], monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere.invalid/none")
    result = CliRunner().invoke(cli, ["analyze", str(write(text())), "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    assert data["version"] == "afterscore.analysis/1"
    assert data["overall"]["score"] == pytest.approx(1)
    told = CliRunner().invoke(cli, ["analyze", str(write(text()))])
    assert "Net promoter score  +1  [" in told.output
    assert "What this file cannot say" in told.output
