"""How each figure came about: the formula, the same with its values, and the result.

What a page shows when somebody presses a number. Each function takes what the statistic itself
takes and gives an `Explanation`, all of plain text: nothing in it is markup. A step's `filled` can
be reckoned by hand, and is, by the tests.
"""

from __future__ import annotations

from afterscore.domain.explaining.alike import accounts, people
from afterscore.domain.explaining.brought import contrast, kept
from afterscore.domain.explaining.changes import difference, mix, noticeable
from afterscore.domain.explaining.counts import (
    MOST_ADDENDS,
    counted,
    groups,
    minutes,
    part_of_total,
    share,
    total,
)
from afterscore.domain.explaining.crowds import mean, standardised
from afterscore.domain.explaining.fairness import care
from afterscore.domain.explaining.figures import effort, satisfaction, target, thresholds
from afterscore.domain.explaining.leaving import area, odds
from afterscore.domain.explaining.mentions import theme_change
from afterscore.domain.explaining.parts import Explanation, Step, Table
from afterscore.domain.explaining.ratings import effort_change, satisfaction_change
from afterscore.domain.explaining.scores import bounds, interval, score
from afterscore.domain.explaining.segments import shrinkage, weighting
from afterscore.domain.explaining.silent import lateness
from afterscore.domain.explaining.tendencies import tendency
from afterscore.domain.explaining.trials import lots, spells
from afterscore.domain.explaining.voices import by_accounts, by_group, by_revenue
from afterscore.domain.explaining.waiting import stairs, waiting

__all__ = [
    "MOST_ADDENDS",
    "Explanation",
    "Step",
    "Table",
    "accounts",
    "area",
    "bounds",
    "by_accounts",
    "by_group",
    "by_revenue",
    "care",
    "contrast",
    "counted",
    "difference",
    "effort",
    "effort_change",
    "groups",
    "interval",
    "kept",
    "lateness",
    "lots",
    "mean",
    "minutes",
    "mix",
    "noticeable",
    "odds",
    "part_of_total",
    "people",
    "satisfaction",
    "satisfaction_change",
    "score",
    "share",
    "shrinkage",
    "spells",
    "stairs",
    "standardised",
    "target",
    "tendency",
    "theme_change",
    "thresholds",
    "total",
    "waiting",
    "weighting",
]
