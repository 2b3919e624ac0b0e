"""Tables for spreadsheets: sent a line at a time, and with nothing in them that would be run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-\d{1,15}(\.\d{1,15})?")


def without_formula(text: str) -> str:
    """A cell that a spreadsheet shows and does not run; a number below 0 stays one."""
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Echo:
    """A file that hands each written line on."""

    def write(self, line: str) -> str:
        return line


def download(rows: Iterable[Iterable[str]], *, name: str) -> StreamingHttpResponse:
    """The rows as a CSV file of that name; the first of them is the header."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\N{BYTE ORDER MARK}"  # spreadsheets take it as UTF-8 then
        for row in rows:
            yield writer.writerow(without_formula(cell) for cell in row)

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
