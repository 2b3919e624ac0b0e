"""Satisfaction and effort in a file: figures of their own, each with its limits and its scale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from afterscore.config.cli import cli
from afterscore.domain.scales import Scale
from afterscore.insights.files import (
    analysing,
    findings,
    inspecting,
    printing,
    reporting,
    speaking,
    telling,
)
from afterscore.insights.files.analysing import Wishes
from afterscore.insights.files.findings import Analysis
from afterscore.insights.files.guessing import Given


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Forty rows: 24 satisfied of 36 who said, one 9 on a scale of five; effort by everybody."""
    lines = ["NPS,Content,Ease"]
    for number in range(40):
        content = "" if number < 3 else "9" if number == 3 else "5" if number < 28 else "3"
        lines.append(f"{number % 11},{content},{2 + number % 6}")
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def analyse(file: Path, **scales: Scale) -> Analysis:
    return analysing.analyse(file, Wishes(given=Given(csat="Content", ces="Ease"), **scales))


def test_the_satisfied_are_the_two_best_boxes_with_their_limits(file: Path) -> None:
    found = analyse(file, csat_scale=Scale.ONE_TO_FIVE).satisfaction
    assert found is not None
    assert (found["satisfied"], found["n"], found["boxes"]) == (24, 36, [4, 5])
    assert found["low"] == pytest.approx(0.5029, abs=5e-4)  # Wilson, 24 of 36
    assert found["high"] == pytest.approx(0.7976, abs=5e-4)
    assert (found["off_scale"], found["missing"]) == (1, {"blank": 3})


def test_effort_is_a_mean_on_a_scale_that_is_guessed_and_told(file: Path) -> None:
    found = analyse(file, csat_scale=Scale.ONE_TO_FIVE)
    assert found.effort is not None
    assert found.effort["mean"] == pytest.approx(sum(2 + n % 6 for n in range(40)) / 40)
    assert found.effort["low"] < found.effort["mean"] < found.effort["high"]
    assert found.effort["scale"] == "1-7"
    lines = "\n".join(telling.tell(found, speaking.choose()))
    assert "Scale 1 to 7 (guessed)." in lines
    assert "Scale 1 to 5 (said)." in lines
    assert "Satisfied: 66.7" in lines


def test_a_scale_that_cannot_be_told_is_asked_for_and_nothing_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("NPS,Content,Ease\n" + "9,5,9\n8,4,9\n2,4,8\n" * 9, encoding="utf-8")
    found = analyse(path)
    assert found.effort is None
    assert any("--ces-scale says it." in each for each in found.warnings)


def test_it_stands_in_the_json_the_report_and_the_findings_that_are_kept(file: Path) -> None:
    said = ["--csat", "Content", "--ces", "Ease", "--csat-scale", "1-5", "--json"]
    data = json.loads(CliRunner().invoke(cli, ["analyze", str(file), *said]).stdout)
    assert data["version"] == "afterscore.analysis/1"
    assert data["columns"]["csat"] == "Content"
    assert data["satisfaction"]["satisfied"] == 24
    kept: dict[str, Any] = {k: v for k, v in data.items() if k not in {"satisfaction", "effort"}}
    kept["columns"] = {k: v for k, v in kept["columns"].items() if k not in {"csat", "ces"}}
    older = reporting.report_of(findings.read(kept), speaking.choose())
    assert "Satisfaction" not in [part.heading for part in older.parts]
    report = reporting.report_of(findings.read(data), speaking.choose())
    assert {"Satisfaction", "Effort"} <= {part.heading for part in report.parts}
    assert b"pdfuaid" in printing.to_pdf(report, fonts_of_machine=False)


def test_a_column_is_said_to_be_of_satisfaction_or_effort_on_the_page() -> None:
    given = inspecting.given_of({"NPS": "score", "Content": "csat", "Ease": "ces"})
    assert (given.csat, given.ces) == ("Content", "Ease")
