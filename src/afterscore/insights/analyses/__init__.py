"""Questions to the answers: counted over sealed files and what changed since, by Ibis.

Nothing here judges: histograms and sums come back, `domain` makes scores of them.
"""

from __future__ import annotations

from afterscore.insights.analyses.answers import list_answers
from afterscore.insights.analyses.asking import MOST_KEYS, Cell, Condition, Operator, Question
from afterscore.insights.analyses.counting import count_cells, count_many
from afterscore.insights.analyses.dimensions import Dimension, Kind, Value
from afterscore.insights.analyses.listing import list_dimensions

__all__ = [
    "MOST_KEYS",
    "Cell",
    "Condition",
    "Dimension",
    "Kind",
    "Operator",
    "Question",
    "Value",
    "count_cells",
    "count_many",
    "list_answers",
    "list_dimensions",
]
