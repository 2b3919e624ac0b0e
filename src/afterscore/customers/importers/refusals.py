"""The rows that did not go in, as a file to mend and import again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

EXTRA_COLUMNS = ("Refused in row", "Refused because")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file whose writes come back as their text, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def lines(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]
) -> Iterator[str]:
    """CSV lines with a mark for spreadsheets; each row is its number, its cells, the reasons.

    No cell can be taken for a formula: one that starts like one gets a ' in front, which an
    import takes away again.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*map(defused, header), *EXTRA_COLUMNS])
    for number, cells, reasons in rows:
        fitting = [*cells, *[""] * len(header)][: max(len(header), len(cells))]
        yield writer.writerow([*map(defused, fitting), number, defused(" ".join(reasons))])


def write(
    file: TextIO, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]
) -> None:
    file.writelines(lines(header, rows))


def defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
