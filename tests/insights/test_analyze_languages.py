"""A file analysed in the reader's language: everything in it, nothing in another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner, Result

from afterscore.config.cli import cli
from afterscore.insights import languages
from afterscore.insights.files import (
    analysing,
    changing,
    documents,
    findings,
    printing,
    reporting,
    speaking,
    telling,
)
from afterscore.insights.files.analysing import Wishes
from afterscore.insights.files.findings import Analysis, Figure
from afterscore.insights.files.guessing import Given

FOLDER = Path(languages.__file__).parent / "files"
ENGLISH = json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
OTHERS = [code for code in languages.available_for_files() if code != "en"]
SAME_EVERYWHERE = {"nps", "scale", "by"}
"""May be the same in two languages, however long they are."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """One with everything that can be told: every part, and most warnings."""
    lines = ["day;points;why;area;firm;price;same;gone;pays;glad;ease"]
    for number in range(480):
        month, score = 1 + number // 40, (3, 5, 9, 10, 8)[number % 5] if number < 400 else 10
        lines.append(
            f"2025-{month:02d}-{1 + number % 27:02d};{score if number % 9 else 'x'};"
            f"{'0815 4711 0815 4711' if number % 2 else '-'};{'ABC'[number % 3]};F{number % 60};"
            f"{(score + number) % 11};{(score + number) % 11 + (number == 3)};"
            f"{'1' if score < 6 else '0'};{number};{1 + number % 5};{1 + number % 7}"
        )
    file = tmp_path_factory.mktemp("file") / "4711.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    given = Given(
        score="points", comment="why", date="day", account="firm", segments=("area",),
        drivers=("price", "same"), churn="gone", revenue="pays", csat="glad", ces="ease",
    )  # fmt: skip
    return analysing.analyse(file, Wishes(given=given))


def analysed(*arguments: str, **surroundings: str) -> Result:
    clean = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG")) | surroundings
    return CliRunner(env=clean).invoke(cli, ["analyze", *arguments])


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_there_are_phrases_in_every_language_of_reports() -> None:
    assert languages.available_for_files() == languages.available()


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_there_with_its_values_and_is_translated(code: str) -> None:
    texts = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    assert texts.keys() == ENGLISH.keys()
    assert {key: names(text) for key, text in texts.items()} == {
        key: names(text) for key, text in ENGLISH.items()
    }
    assert all(text.strip() == text and text for text in texts.values())
    long = {key for key, text in ENGLISH.items() if len(text) > 24} - SAME_EVERYWHERE
    assert not {key for key in long if texts[key] == ENGLISH[key]}


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_english_is_left_in_print(found: Analysis, code: str) -> None:
    """Of the English text of the same file no line is left; names, numbers and signs are."""
    lines = telling.tell(found, speaking.choose(code))
    assert not _shared(lines, telling.tell(found, speaking.choose()))


@pytest.mark.parametrize("code", ["de", "ar", "ja"])
def test_nothing_english_is_left_in_a_report_and_its_charts(found: Analysis, code: str) -> None:
    report, english = (reporting.report_of(found, speaking.choose(each)) for each in (code, "en"))
    assert not _shared(_said(report), _said(english))


def _shared(mine: Iterable[str], theirs: Iterable[str]) -> set[str]:
    return {text for text in {*mine} & {*theirs} if len(re.findall(r"[a-z]{3}", text)) > 3}


def _said(report: reporting.Report) -> Iterator[str]:
    yield from report.in_short
    for part in report.parts:
        yield from (part.heading, *part.sentences)
        for chart in part.charts:
            yield from (chart.title, chart.note, chart.description)


def test_numbers_days_and_shares_are_as_in_the_language(found: Analysis) -> None:
    told = {code: "\n".join(telling.tell(found, speaking.choose(code))) for code in ("en", "de")}
    assert "2025 Q1" in told["en"]
    assert "Q1 2025" in told["de"]
    assert re.search(r"\d\.\d\N{NARROW NO-BREAK SPACE}%", told["en"])
    assert re.search(r"\d,\d\N{NO-BREAK SPACE}%", told["de"])
    charts = {
        chart.key: chart for chart in reporting.report_of(found, speaking.choose("de")).charts
    }
    assert charts["scores"].table.rows[-1][-1] == "33,3\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("code", ["de", "ja", "th", "hi", "ar"])
def test_lines_are_no_wider_than_a_terminal(found: Analysis, code: str) -> None:
    lines = list(telling.tell(found, speaking.choose(code)))
    assert max(map(telling.width_of, lines)) <= telling.WIDTH


def test_lines_without_spaces_are_broken_and_never_begin_with_a_full_stop() -> None:
    lines = telling.wrapped("  " + "回答。" * 30)
    assert len(lines) == 3
    assert all(telling.width_of(line) <= telling.WIDTH for line in lines)
    assert not any(line.lstrip().startswith("。") for line in lines)
    assert "".join(line.strip() for line in lines) == "回答。" * 30


def test_documents_say_which_language_they_are_in(found: Analysis) -> None:
    report = reporting.report_of(found, speaking.choose("de"))
    page = documents.to_html(report)
    assert '<html lang="de" dir="ltr">' in page
    assert "Was diese Datei nicht sagen kann" in page
    assert b"/Lang(de)" in printing.to_pdf(report, fonts_of_machine=False)


def test_from_right_to_left_drawings_stay_as_they_are_and_names_stand_alone(
    found: Analysis,
) -> None:
    speech = speaking.choose("ar")
    page = documents.to_html(reporting.report_of(found, speech))
    assert '<html lang="ar" dir="rtl">' in page
    assert "figure svg { display: block; max-width: 100%; height: auto; direction: ltr; }" in page
    assert speech.say("by", column="area") == "بحسب \u2068area\u2069"
    assert speech.points(-12.4) == "\u200e−12"


def test_a_pdf_in_other_letters_is_set_in_their_fonts_alone(found: Analysis) -> None:
    report = reporting.report_of(found, speaking.choose("hi"))
    pdf = printing.to_pdf(report)
    assert b"NotoSansDevanagari" in pdf
    assert b"Libertinus" not in pdf


def test_warnings_are_told_from_their_keys_also_when_they_were_kept(found: Analysis) -> None:
    assert {each.part for each in found.said} == {"warnings", "cannot_say"}
    kept = findings.read(json.loads(json.dumps(found.to_data())))
    assert kept.said == found.said
    german = speaking.choose("de")
    assert german.sayings(kept, "cannot_say")[0].startswith("Wer nicht geantwortet hat")
    assert speaking.choose().sayings(kept, "warnings") == found.warnings


def test_one_kept_from_before_its_sentences_had_keys_is_told_in_english(found: Analysis) -> None:
    data = json.loads(json.dumps(found.to_data()))
    del data["said"]
    older = findings.read(data)
    assert speaking.choose_for(older, "de").is_english
    assert not speaking.choose_for(found, "de").is_english


def test_the_command_speaks_as_it_is_told_or_as_the_machine_does(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("NPS\n" + "\n".join(str(number % 11) for number in range(60)))
    english, german = "What this file cannot say", "Was diese Datei nicht sagen kann"
    assert english in analysed(str(file)).output
    assert english in analysed(str(file), LANG="C.UTF-8").output
    assert german in analysed(str(file), LANG="de_DE.UTF-8").output
    assert german in analysed(str(file), LANG="en_GB.UTF-8", LC_ALL="de_AT.UTF-8").output
    assert german in analysed(str(file), "--language", "de", LANG="en_GB.UTF-8").output
    refused = analysed(str(file), "--language", "klingon")
    assert refused.exit_code == 1
    assert "There is no language “klingon”. There are:" in str(refused.exception)


def test_json_has_the_same_keys_and_english_words_in_every_language(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("NPS\n" + "\n".join(str(number % 11) for number in range(60)))
    found = [analysed(str(file), "--json", "--language", code).output for code in ("en", "de")]
    assert found[0] == found[1]
    assert json.loads(found[0])["said"][0]["key"] == "cannot_silent"


def test_what_is_not_yet_to_be_told_says_how_many_answers_it_would_take(found: Analysis) -> None:
    trend = found.trend
    assert trend is not None
    many = Figure(n=400, detractors=80, passives=120, promoters=200, score=30, low=22, high=37)
    few = Figure(n=40, detractors=10, passives=12, promoters=18, score=20, low=-5, high=42)
    points = (replace(trend.points[0], figure=each) for each in (many, few))
    short = replace(trend, points=tuple(points))
    german = changing.sentences_of(short, speaking.choose("de"))[-1]
    assert re.fullmatch(r"Noch nicht zu sagen, .*bisher 40, nötig etwa \d+\.", german)
