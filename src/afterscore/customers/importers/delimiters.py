"""What separates the cells of a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import islice
from statistics import mode

CANDIDATES = (",", ";", "\t", "|")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
SAMPLE_ROWS = 200


def detect_delimiter(lines: Iterable[str]) -> str:
    """The candidate that cuts most rows into equally many cells; a comma if none cuts at all."""
    sample = list(islice(lines, SAMPLE_ROWS))
    declared = declared_delimiter(sample[0]) if sample else ""
    if declared:
        return declared
    return max(CANDIDATES, key=lambda candidate: _fitness(sample, candidate))


def declared_delimiter(line: str) -> str:
    """ ";" of a first line "sep=;", which spreadsheets write; "" otherwise."""
    text = line.strip('\r\n\ufeff"')
    is_declared = len(text) == 5 and text.lower().startswith("sep=")
    return text[-1] if is_declared and text[-1] in CANDIDATES else ""


def _fitness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How many rows agree on their number of cells, then how many cells that is."""
    try:
        rows = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0.0, 0)
    if not rows:
        return (0.0, 0)
    cells = mode(rows)
    agreement = round(rows.count(cells) / len(rows), 1) if cells > 1 else 0.0
    return (agreement, cells)
