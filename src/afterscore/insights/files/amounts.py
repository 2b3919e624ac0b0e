"""Amounts of money in a file, as an expression that reads a million of them in one pass.

`customers.importers.amounts` says what the marks mean; this reads the same in SQL, and also
amounts below zero, which are returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from afterscore.customers.importers.amounts import Marks

_PLAIN = r"^-?[0-9]+(\.([0-9]{1,2}|[0-9]{4,}))?$"  # most cells: told apart first, as it is cheap
_ONE_FIGURE = r"^[^0-9]*[0-9]([0-9.,]*[0-9])?[^0-9]*$"
_BELOW_ZERO = r"^[^0-9]*[-−][^0-9]*[0-9]|[0-9]-$|^\(.*\)$"
_SCIENTIFIC = r"^[+-]?[0-9.]+[eE][+-]?[0-9]+$"
# "12k" and "1,5 Mio. €" are rounded by whoever wrote them: no figure to add up.
_ROUNDED = r"(?i)[0-9]\s*(k|m|mm|mn|mio|mill?|mrd|tsd|bn?)\b"
_SPACES = "[\\s\u00a0\u2009\u202f''’_]"
_DECIMAL_COMMA = r"^[0-9.]*,[0-9]*$"


def decimal_mark(cells: Iterable[str]) -> str:
    """The one that a column uses; "" where it shows none or both."""
    marks = Marks()
    for cell in cells:
        marks.add(cell.lstrip("-−"))
    return marks.mark


def is_amount(cell: str) -> bool:
    """Whether one figure and at most a currency stand there."""
    bare = re.sub(_SPACES, "", cell)
    return re.search(_ONE_FIGURE, bare) is not None and not re.search(_ROUNDED, cell)


def expression(cell: str, mark: str) -> str:
    """SQL for the number in `cell`, itself SQL for a text; NULL where there is none.

    Three figures behind a single mark are thousands, unless the column's other cells show that
    mark to be the decimal one: "1.234" beside "12.50" is one and a bit.
    """
    bare = f"regexp_replace({cell}, '{_SPACES}', '', 'g')"
    figure = f"regexp_extract({bare}, '[0-9]([0-9.,]*[0-9])?')"
    number = f"""CASE
        WHEN regexp_matches({figure}, '{_grouped(".", mark)}') THEN replace({figure}, '.', '')
        WHEN regexp_matches({figure}, '{_grouped(",", mark)}') THEN replace({figure}, ',', '')
        WHEN regexp_matches({figure}, '{_DECIMAL_COMMA}')
            THEN replace(replace({figure}, '.', ''), ',', '.')
        ELSE replace({figure}, ',', '') END"""
    return f"""CASE
        WHEN regexp_matches({cell}, '{_PLAIN}') THEN try_cast({cell} AS DOUBLE)
        WHEN regexp_matches({bare}, '{_SCIENTIFIC}') THEN try_cast({bare} AS DOUBLE)
        WHEN regexp_matches({bare}, '{_ONE_FIGURE}') AND NOT regexp_matches({cell}, '{_ROUNDED}')
            THEN try_cast({number} AS DOUBLE)
                * CASE WHEN regexp_matches({bare}, '{_BELOW_ZERO}') THEN -1 ELSE 1 END
        END"""


def _grouped(separator: str, mark: str) -> str:
    """Figures in groups of three; two groups at least where the separator is the decimal mark."""
    return rf"^[1-9][0-9]{{0,2}}([{separator}][0-9]{{3}}){{{2 if separator == mark else 1},}}$"
