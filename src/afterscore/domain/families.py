"""Many comparisons at once: whoever looks at twenty segments finds one that seems to differ.

Holm (1979), Scandinavian Journal of Statistics 6, p. 65-70: the chance of even one false alarm
stays below the level, whatever depends on what. Never weaker than Bonferroni.
"""

from __future__ import annotations

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Each as it stands in its family, in the order given: below 0.05 means beyond chance there.

    ValueError for what is no probability.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise ValueError("a p-value lies between 0 and 1")
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    result = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        result[place] = highest
    return tuple(result)


def against_the_rest(p_values: Sequence[float], *, groups: int) -> tuple[float, ...]:
    """The same where each of `groups` is compared with all the others: two groups are one
    comparison, seen from either side, and not two."""
    return tuple(p_values) if groups == 2 else adjusted(p_values)
