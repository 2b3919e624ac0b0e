"""What stands above the answers in a file: titles, the names of its columns, and rows below them
that are names once more."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median_high
from typing import TextIO

from afterscore.customers.importers import delimiters, files
from afterscore.insights.files import days

SAMPLE_ROWS = 60
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f]")
_CODED = '"ImportId"'  # Qualtrics: codes, then questions, then this
_SUBHEADED = {"respondent id", "collector id"}  # SurveyMonkey: questions, then their choices
_SAYS_NOTHING = {"", "response", "open-ended response"}


@dataclass(frozen=True, slots=True)
class Top:
    """`names` are unique and never empty; `lines` are those of the file before its first answer."""

    names: tuple[str, ...]
    lines: int
    is_plain: bool  # nothing but one row of names in the first line


@dataclass(frozen=True, slots=True)
class _Record:
    cells: list[str]
    first_line: int
    last_line: int

    @property
    def filled(self) -> int:
        return sum(bool(cell) for cell in self.cells)

    @property
    def has_numbers(self) -> bool:
        return any(map(_is_number, self.cells))


def read_top(path: Path, encoding: str, delimiter: str) -> Top:
    """Raises FileError where there is no row of names."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        records = list(islice(_records(file, delimiter), SAMPLE_ROWS))
    if not records:
        raise files.FileError("The file has no row of column names. Its first row must name them.")
    _refuse_unreadable(records[0].cells)
    if _has_no_names(records):
        nameless = files.unique_names([""] * len(records[0].cells))
        return Top(nameless, records[0].first_line - 1, is_plain=False)
    first = _header(records)
    names, below = _names(records[first:])
    last = records[first + below - 1].last_line
    unique = files.unique_names(names)
    is_plain = first == 0 and below == 1 and records[0].first_line == 1
    return Top(unique, last, is_plain)


def _records(file: TextIO, delimiter: str) -> Iterator[_Record]:
    """Rows in which anything stands, a declaration of the delimiter apart."""
    declared = bool(delimiters.declared_delimiter(file.readline(100)))
    if not declared:
        file.seek(0)
    reader = csv.reader(file, delimiter=delimiter)
    before = int(declared)
    try:
        for row in reader:
            cells, last = [cell.strip() for cell in row], reader.line_num + declared
            if any(cells):
                yield _Record(cells, before + 1, last)
            before = last
    except csv.Error:  # a cell too long to be one: what came before it is enough
        return


def _refuse_unreadable(names: Sequence[str]) -> None:
    text = "".join(names)
    if text.startswith("<"):
        raise files.FileError(
            "This is a web page and no table, whatever it is called. Open it in a spreadsheet and "
            "save it as CSV or xlsx."
        )
    if _CONTROLS.search(text):
        raise files.FileError(
            "This is no text that holds a table. Files of SPSS, Stata, SAS and the like cannot be "
            "read: save the table as CSV, xlsx or Parquet."
        )


def _header(records: Sequence[_Record]) -> int:
    """The first row, or the one below titles: these fill far fewer cells than rows do, and what
    follows them are names, not numbers."""
    usual = median_high(record.filled for record in records)
    first = next(place for place, each in enumerate(records) if 2 * each.filled > usual)
    return 0 if records[first].has_numbers else first


def _has_no_names(records: Sequence[_Record]) -> bool:
    """Whether the first row is an answer: numbers and days, and texts that come again below."""
    values = [cell for cell in records[0].cells if _is_number(cell) or days.is_day(cell)]
    return bool(values) and all(
        cell in values or any(cell in record.cells[place : place + 1] for record in records[1:])
        for place, cell in enumerate(records[0].cells)
        if cell
    )


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _names(records: Sequence[_Record]) -> tuple[list[str], int]:
    """The names, and how many rows they take."""
    header, below = records[0].cells, [record.cells for record in records[1:3]]
    if len(below) > 1 and any(_CODED in cell for cell in below[1]):
        return _with_questions(header, below[0]), 3
    if _SUBHEADED & {cell.casefold() for cell in header} and below and not below[0][0]:
        return _with_choices(header, below[0]), 2
    return header, 1


def _with_questions(codes: list[str], questions: list[str]) -> list[str]:
    """ "Q1: How likely are you to …"; a code that its question merely spells out stays alone."""
    return [
        code if _letters(code) == _letters(question) or not question else f"{code}: {question}"
        for code, question in zip(codes, _as_long(questions, codes), strict=True)
    ]


def _with_choices(questions: list[str], choices: list[str]) -> list[str]:
    """ "Which do you use?: Phone"; a question stands above the first of its choices alone."""
    names, asked = [], ""
    for question, choice in zip(questions, _as_long(choices, questions), strict=True):
        asked = question or asked
        says_more = choice.casefold() not in _SAYS_NOTHING
        names.append(f"{asked}: {choice}" if says_more else question)
    return names


def _as_long(cells: list[str], model: list[str]) -> list[str]:
    return (cells + [""] * len(model))[: len(model)]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
