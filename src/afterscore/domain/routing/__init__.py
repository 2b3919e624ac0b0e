"""Who gets a case, and why.

The owner of the account first, unless a rule says otherwise; then the first rule that fits; then
whoever has the most room. Each decision carries its reasons, those passed over included. See
docs/algorithms/routing.md.
"""

from __future__ import annotations

from afterscore.domain.routing.choosing import Decision, Keeper, route
from afterscore.domain.routing.describing import Names, describe
from afterscore.domain.routing.rules import (
    EVERYBODY,
    Answer,
    Criteria,
    CriteriaError,
    Rule,
    parse,
    to_data,
)
from afterscore.domain.routing.team import Away, Person, Team

__all__ = [
    "EVERYBODY",
    "Answer",
    "Away",
    "Criteria",
    "CriteriaError",
    "Decision",
    "Keeper",
    "Names",
    "Person",
    "Rule",
    "Team",
    "describe",
    "parse",
    "route",
    "to_data",
]
