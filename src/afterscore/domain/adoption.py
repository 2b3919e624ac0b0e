"""What a customer does not use yet and others do. See docs/algorithms/adoption.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

DAYS = 90
"""Who has not used something for so long does not use it."""

LEAST_SHARE = 0.2
"""Of the accounts with usage: what fewer use is no advice."""

MOST = 3


@dataclass(frozen=True, slots=True)
class Unused:
    """A feature, and the share of the other accounts that use it."""

    feature: str
    share: float


def unused(
    *, theirs: Collection[str], accounts_by_feature: Mapping[str, int], accounts: int
) -> tuple[Unused, ...]:
    """What others use and they do not, the most common first; at most three.

    `accounts` counts the other accounts with any usage; names decide between equals.
    """
    if accounts < 1:
        return ()
    found = [
        Unused(feature, count / accounts)
        for feature, count in accounts_by_feature.items()
        if feature not in theirs and count / accounts >= LEAST_SHARE
    ]
    return tuple(sorted(found, key=lambda each: (-each.share, each.feature))[:MOST])
