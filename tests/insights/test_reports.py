"""A report on a file: what stands in it, as one page that needs nothing, and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from afterscore.config.cli import cli
from afterscore.insights.files import analysing, documents, printing, reporting, speaking
from afterscore.insights.files.analysing import Wishes
from afterscore.insights.files.guessing import Given
from afterscore.insights.files.parts import Part
from afterscore.insights.files.reporting import Report

HOSTILE = "</script><script>alert(1)</script>"
HEADER = "Date,NPS,Why?,Region,Left"


def written(folder: Path, *extra: str, region: str = "Süd") -> Path:
    """Four quarters of 60 answers; the last is better, and the south is worse."""
    lines = [HEADER]
    for number in range(240):
        quarter, is_south = number // 60, number % 3 == 0
        score = 3 if is_south and number % 2 else 10 if quarter == 3 or number % 4 else 5
        lines.append(
            f"2025-{1 + 3 * quarter + number % 3:02d}-{1 + number % 27:02d},{score},"
            f"{'It took far too long' if number % 2 else ''},{region if is_south else 'North'},"
            f"{'yes' if score < 7 and number % 5 else 'no'}"
        )
    path = folder / "answers.csv"
    path.write_text("\n".join([*lines, *extra]) + "\n", encoding="utf-8")
    return path


def report_on(path: Path, **said: Any) -> Report:
    return reporting.report_of(
        analysing.analyse(path, Wishes(given=Given(**said))), speaking.choose()
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    extra = ("2025-02-03,eleven,,North,no", "2025-02-03,,,North,no", "2025-02-03,42,,North,no")
    return report_on(written(tmp_path_factory.mktemp("answers"), *extra), churn="Left")


def part(report: Report, key: str) -> Part:
    return next(each for each in report.parts if each.key == key)


def test_it_begins_with_the_answer(report: Report) -> None:
    assert (report.name, report.score) == ("answers.csv", "+29")
    assert report.in_short[0].startswith("The score is +29. Chance alone could have moved it from")
    assert "Changes beyond chance: 2025 Q4 (rise)." in report.in_short
    assert "By Region: North (above the rest) and Süd (below the rest)" in report.in_short


def test_every_row_is_accounted_for(report: Report) -> None:
    ((_, rows), (_, columns)) = part(report, "counted").tables
    assert rows.rows[0] == ("with a score", 240, "")
    assert set(rows.rows[1:]) == {
        ("empty", 1, ""), ("not a number", 1, "eleven"), ("not on the scale", 1, "42"),
    }  # fmt: skip
    assert ("Score", "NPS", "guessed") in columns.rows
    assert ("Who left", "Left", "said") in columns.rows


def test_a_period_in_which_nobody_answered_is_a_gap(tmp_path: Path) -> None:
    lines = ["Date,NPS"]
    for month in ("2025-01", "2025-02", "2025-04"):
        lines += [f"{month}-{1 + number % 27:02d},{number % 11}" for number in range(90)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (chart,) = part(report_on(path), "trend").charts
    assert [(row[0], row[1]) for row in chart.table.rows] == [
        ("2025-01", 90), ("2025-02", 90), ("2025-03", 0), ("2025-04", 90),
    ]  # fmt: skip


def test_many_empty_scores_are_a_warning(tmp_path: Path) -> None:
    silent = [f"2025-05-{1 + number % 27:02d},,,North,no" for number in range(100)]
    said = part(report_on(written(tmp_path, *silent)), "mind").sentences
    assert any("29\N{NARROW NO-BREAK SPACE}% of the rows hold no score" in each for each in said)


def test_the_page_needs_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = documents.to_html(report_on(written(tmp_path, region=HOSTILE)))
    assert HOSTILE not in page
    assert "<script" not in page
    assert "&lt;/script&gt;" in page
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!#)[\w/.:]+""", page)
    assert "default-src 'none'" in page
    named = re.findall(r'\bid="([^"]+)"', page)
    assert len(named) == len(set(named))


def test_the_page_follows_the_theme_of_its_reader(report: Report) -> None:
    page = documents.to_html(report)
    assert "--promoter:light-dark(#0f7d77,#45b9ad);" in page
    assert 'fill="var(--promoter)"' in page
    assert page.count('class="wide"') == page.count('class="narrow"') == len(report.charts)


def test_paper_is_tagged_for_readers_who_do_not_see(report: Report) -> None:
    pdf = printing.to_pdf(report)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf
    assert b"/StructTreeRoot" in pdf


def test_letters_without_a_font_do_not_stop_the_press(tmp_path: Path) -> None:
    report = report_on(written(tmp_path, region="日本語の会社 한국 🎉"))
    data = printing.to_pdf(report, fonts_of_machine=False)
    assert data.startswith(b"%PDF-1.7")
    assert len(data) > 20_000


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["analyze", *arguments])


def test_the_command_writes_both(tmp_path: Path) -> None:
    path, html, pdf = written(tmp_path), tmp_path / "out.html", tmp_path / "out.pdf"
    ran = run(str(path), "--html", str(html), "--pdf", str(pdf))
    assert ran.exit_code == 0, ran.output
    assert f"Written: {html}" in ran.output
    assert "+29" in html.read_text(encoding="utf-8")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_answers_are_never_written_over(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    ran = run(str(path), "--html", str(path))
    assert ran.exit_code == 1
    assert "is the file of answers" in str(ran.exception)
    assert path.read_bytes() == before
