"""A program as it is written down: in a YAML or JSON file, or by the form.

Pure: text and mappings in, a checked `Definition` out. See docs/programs.md.
"""

from __future__ import annotations

from afterscore.programs.schemas.cautions import Caution, cautions_of
from afterscore.programs.schemas.definition import (
    ACCOUNT_OWNER,
    CADENCES,
    LIMITS,
    NAMED,
    SEND_WINDOWS,
    Definition,
    DefinitionError,
)
from afterscore.programs.schemas.parsing import parse, read_text
from afterscore.programs.schemas.writing import to_data, write_text

__all__ = [
    "ACCOUNT_OWNER",
    "CADENCES",
    "LIMITS",
    "NAMED",
    "SEND_WINDOWS",
    "Caution",
    "Definition",
    "DefinitionError",
    "cautions_of",
    "parse",
    "read_text",
    "to_data",
    "write_text",
]
