"""Whose silence one should know of: people who decide, where much depends on them."""

from __future__ import annotations

import re
from decimal import Decimal

from afterscore.domain.casework import DEFAULT_PRIORITY_POLICY, PriorityPolicy

DAYS = 14
"""After somebody was asked: by then the reminder of the usual plan has had its time too."""

_DECIDES = re.compile(
    r"\b(decision|decides|decider|buyer|sponsor|executive|champion|key|owner|director|head|chief"
    r"|c[eftio]o|vp|president|founder)\b"
)


def decides(persona: str) -> bool:
    """Whether the words for somebody's role say that the decision is theirs."""
    return bool(_DECIDES.search(re.sub(r"[_\W]+", " ", persona.casefold())))


def why_it_matters(
    *,
    persona: str,
    revenue: Decimal | None,
    renewal_in_days: int | None,
    policy: PriorityPolicy = DEFAULT_PRIORITY_POLICY,
) -> str:
    """Why the silence of this person should be known, in a few words; "" where it need not be.

    Somebody who decides, at an account that renews soon or is large.
    """
    if not decides(persona):
        return ""
    if renewal_in_days is not None and 0 <= renewal_in_days <= policy.renewal_window_days:
        return "renews today" if renewal_in_days == 0 else _in_days(renewal_in_days)
    if revenue is not None and revenue >= policy.large_revenue:
        return "large account"
    return ""


def _in_days(days: int) -> str:
    return f"renews in {days} day{'' if days == 1 else 's'}"
