"""Files as they come: encodings, delimiters, row numbers."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.customers.importers import delimiters, encodings, files
from afterscore.customers.importers.files import FileError
from afterscore.customers.importers.ledger import Ledger

WESTERN = (
    "E-Mail;Name;Stadt\nzoe@example.com;Zoë Müller;Köln\nandre@example.com;André Brûlé;Béziers\n"
)
CYRILLIC = "Email;Имя\nivan@example.com;Иван Петров\nolga@example.com;Ольга Смирнова\n" * 5
POLISH = (
    "Email;Imię\nlukasz@example.com;Łukasz Wiśniewski żółć\njan@example.com;Święty Gąsior\n" * 5
)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "customers.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "utf-8"),
        (WESTERN, "utf-8-sig"),
        (WESTERN, "utf-16"),
        (WESTERN, "utf-16-le"),
        (WESTERN, "utf-16-be"),
        (WESTERN, "cp1252"),
        (WESTERN, "latin-1"),
        (CYRILLIC, "cp1251"),
        (POLISH, "cp1250"),
        ("Email,Note\na@example.com,“quoted” – 5 €\n", "cp1252"),
    ],
)
def test_the_encoding_is_found_out(tmp_path: Path, text: str, encoding: str) -> None:
    path = _file(tmp_path, text.encode(encoding))
    assert path.read_bytes().decode(encodings.detect_encoding(path)) == text.lstrip("\ufeff")


def test_a_far_accent_is_found_too(tmp_path: Path) -> None:
    content = (
        b"Email,Name\n" + b"a@example.com,Ana\n" * 200_000 + "b@example.com,Zoë\n".encode("cp1252")
    )
    assert encodings.detect_encoding(_file(tmp_path, content)) == "cp1252"


def test_one_broken_character_does_not_spoil_the_others(tmp_path: Path) -> None:
    content = ("Email,Name\n" + "a@example.com,Zoë\n" * 50).encode() + b"b@example.com,Zo\xeb\n"
    assert encodings.detect_encoding(_file(tmp_path, content)) == "utf-8"


def test_a_nul_in_a_cell_does_not_make_it_utf_16(tmp_path: Path) -> None:
    content = b"Email,Name\na@example.com,Ana\x00\n"
    assert encodings.detect_encoding(_file(tmp_path, content)) == "utf-8"


@pytest.mark.parametrize("delimiter", delimiters.CANDIDATES)
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    rows = [["Email", "Name", "Note"], ["a@example.com", "Lima, Ana; Dr.", "one\ntwo | three"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    layout = files.read_layout(_file(tmp_path, text.encode()))
    assert layout.delimiter == delimiter
    assert layout.columns == ("Email", "Name", "Note")


def test_a_spreadsheet_may_declare_its_delimiter(tmp_path: Path) -> None:
    path = _file(tmp_path, b"sep=|\nEmail|Name\na@example.com|Lima, Ana, Dr.\n")
    layout = files.read_layout(path)
    assert layout.columns == ("Email", "Name")
    assert [row.cells for row in files.read_rows(path, layout)] == [
        ["a@example.com", "Lima, Ana, Dr."]
    ]


def test_a_file_of_one_column_is_a_table_too(tmp_path: Path) -> None:
    layout = files.read_layout(_file(tmp_path, b"Email\na@example.com\n"))
    assert layout.columns == ("Email",)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    text = 'Email,Note\na@example.com,"two\nlines"\n\n,\nb@example.com,x\nc@example.com\n'
    path = _file(tmp_path, text.encode())
    rows = list(files.read_rows(path, files.read_layout(path)))
    assert [row.number for row in rows] == [2, 5, 6]
    assert rows[2].fault == "This row has 1 cell, the header has 2."


def test_old_line_ends_are_line_ends(tmp_path: Path) -> None:
    path = _file(tmp_path, b"Email,Name\ra@example.com,Ana\rb@example.com,Bo\r")
    assert len(list(files.read_rows(path, files.read_layout(path)))) == 2


def test_an_unclosed_quotation_mark_is_named(tmp_path: Path) -> None:
    body = "".join(f"user{n}@example.com,Name\n" for n in range(1000))
    path = _file(tmp_path, f'Email,Name\na@example.com,"Ana\n{body}'.encode())
    rows = list(files.read_rows(path, files.read_layout(path)))
    assert [row.number for row in rows] == [2]
    assert "quotation mark" in rows[0].fault


def test_a_cell_larger_than_can_be_read_is_refused_and_the_next_row_is_read(tmp_path: Path) -> None:
    huge = "x" * (files.LARGEST_CELL + 1)
    path = _file(tmp_path, f"Email,Note\na@example.com,{huge}\nb@example.com,y\n".encode())
    rows = list(files.read_rows(path, files.read_layout(path)))
    assert bool(rows[0].fault)
    assert rows[-1].cells == ["b@example.com", "y"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (codecs.BOM_UTF8, "no row of column names"),
        (b"\n\n", "no row of column names"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "a spreadsheet or a ZIP file"),
        (b",".join(b"c%d" % n for n in range(501)) + b"\n", "501 columns"),
    ],
)
def test_a_file_that_is_no_table_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        files.read_layout(_file(tmp_path, content))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=60), st.randoms())
def test_the_ledger_remembers_what_a_dictionary_would(
    statements: list[tuple[int, int]], chance: random.Random
) -> None:
    ledger, known = Ledger(), dict[str, tuple[int, int]]()
    for row, (number, value) in enumerate(statements, start=2):
        key = f"key {number}"
        first = known.get(key)
        assert ledger.first_row(key) == (first[0] if first else None)
        assert ledger.says(key, value) == (first is not None and first[1] == value)
        contradicted = first[0] if first and first[1] != value else None
        assert ledger.contradicted_row(key, value) == contradicted
        ledger.add(key, row, value)
        known.setdefault(key, (row, value))
        if chance.random() < 0.2:
            ledger.settle()
