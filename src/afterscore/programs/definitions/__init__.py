"""A program as it is written down: in a YAML or JSON file, or by the form.

Pure: text and mappings in, a checked `Definition` out. See docs/programs.md.
"""

from __future__ import annotations

from afterscore.programs.definitions.cautions import Caution, cautions_of, mail_cautions
from afterscore.programs.definitions.parsing import parse, read_text
from afterscore.programs.definitions.shape import (
    ACCOUNT_OWNER,
    CADENCES,
    HEADS_UPS,
    LIMITS,
    NAMED,
    SEND_WINDOWS,
    WORKSPACE,
    Definition,
    DefinitionError,
)
from afterscore.programs.definitions.writing import own_prompts, to_data, write_text

__all__ = [
    "ACCOUNT_OWNER",
    "CADENCES",
    "HEADS_UPS",
    "LIMITS",
    "NAMED",
    "SEND_WINDOWS",
    "WORKSPACE",
    "Caution",
    "Definition",
    "DefinitionError",
    "cautions_of",
    "mail_cautions",
    "own_prompts",
    "parse",
    "read_text",
    "to_data",
    "write_text",
]
