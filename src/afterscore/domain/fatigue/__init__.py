"""Who may be asked: one verdict, with a reason a manager understands, for each person."""

from __future__ import annotations

from afterscore.domain.fatigue.accounts import in_order_of_lots, lot, seed_of, spread
from afterscore.domain.fatigue.budget import Budget, fits, fits_from
from afterscore.domain.fatigue.judging import (
    REFUSALS,
    Candidate,
    Eligible,
    Excluded,
    Policy,
    Quarantine,
    Verdict,
    judge,
)
from afterscore.domain.fatigue.reasons import Reason, label_of

__all__ = [
    "REFUSALS",
    "Budget",
    "Candidate",
    "Eligible",
    "Excluded",
    "Policy",
    "Quarantine",
    "Reason",
    "Verdict",
    "fits",
    "fits_from",
    "in_order_of_lots",
    "judge",
    "label_of",
    "lot",
    "seed_of",
    "spread",
]
