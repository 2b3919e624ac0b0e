"""The audience filter: a small typed language over what is known of a contact and its account.

`parse` turns data (from YAML, JSON or a form) into a condition and refuses, with the path to it,
everything that is not in the grammar. Nothing a person writes ever becomes a column name: fields
and operators come from fixed lists. See docs/algorithms/audience-filter.md.
"""

from __future__ import annotations

from afterscore.domain.segments.describing import describe
from afterscore.domain.segments.grammar import (
    ATTRIBUTE_PREFIXES,
    EVERYONE,
    FIELDS,
    MAX_DEPTH,
    MAX_TESTS,
    OPERATORS,
    All,
    Any,
    Condition,
    FilterError,
    Kind,
    Not,
    Operator,
    Test,
    Value,
    attribute_key,
    kind_of,
)
from afterscore.domain.segments.matching import matches
from afterscore.domain.segments.parsing import parse, to_data

__all__ = [
    "ATTRIBUTE_PREFIXES",
    "EVERYONE",
    "FIELDS",
    "MAX_DEPTH",
    "MAX_TESTS",
    "OPERATORS",
    "All",
    "Any",
    "Condition",
    "FilterError",
    "Kind",
    "Not",
    "Operator",
    "Test",
    "Value",
    "attribute_key",
    "describe",
    "kind_of",
    "matches",
    "parse",
    "to_data",
]
