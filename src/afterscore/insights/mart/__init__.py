"""The mart: every answer as one row of plain columns, for counting.

`columns` says what a row consists of; `reading` brings the rows that a question needs; a `look`
around several questions lets them all see one state.
"""

from __future__ import annotations

from afterscore.insights.mart.columns import ATTRIBUTE_PATHS, EVERY, Column, column, schema
from afterscore.insights.mart.contents import Contents, FilesGone
from afterscore.insights.mart.looks import Look, look
from afterscore.insights.mart.reading import attributes, read, state

__all__ = [
    "ATTRIBUTE_PATHS",
    "EVERY",
    "Column",
    "Contents",
    "FilesGone",
    "Look",
    "attributes",
    "column",
    "look",
    "read",
    "schema",
    "state",
]
