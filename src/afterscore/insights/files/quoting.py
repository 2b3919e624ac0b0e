"""Names and texts as SQL writes them.

A file's own texts go into statements this way, not as parameters: at the first parameter it is
given DuckDB loads pandas, a quarter of a second that nobody needs.
"""

from __future__ import annotations


def quoted(name: str) -> str:
    """Of a column."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A statement ends at the sign zero, which files hold here and there."""
    return "'" + text.replace("'", "''").replace("\0", "' || chr(0) || '") + "'"
