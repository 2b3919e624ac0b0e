"""How often the alarm of a falling score rings: `python bench/drops.py [waves]`.

Worlds in which nothing changed, and worlds in which the score fell, each with its waves: the wave
before, and one whose answers come in one by one and that is looked at as the product does. Every
verdict is the domain's own. Ends with 1 where a world without a change rings too often.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np

from afterscore.domain import drops
from afterscore.domain.nps import Tally

WORLDS = {
    "typical: 50/30/20": (0.50, 0.30, 0.20),
    "loved: 80/15/5": (0.80, 0.15, 0.05),
    "nearly all: 97/2/1": (0.97, 0.02, 0.01),
    "hated: 5/15/80": (0.05, 0.15, 0.80),
    "divided: 50/0/50": (0.50, 0.00, 0.50),
    "lukewarm: 10/80/10": (0.10, 0.80, 0.10),
}
SIZES = (25, 60, 200, 1_000)
FALLS = (10, 20, 30)
Groups = Sequence[float]


def main() -> None:
    waves = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    chance = np.random.default_rng(20260504)
    print(f"Rings in so many of 100 waves ({waves:,} each; at most {100 * drops.FALSE_ALARMS:g}).")
    print(f"{'nothing changed':24}" + "".join(f"{size:>10,}" for size in SIZES))
    worst = 0.0
    for name, world in WORLDS.items():
        rates = [ring_rate(world, world, size, waves=waves, chance=chance) for size in SIZES]
        worst = max(worst, *rates)
        print(f"{name:24}" + "".join(f"{100 * rate:>10.2f}" for rate in rates))
    print(f"\n{'typical, fell by':24}" + "".join(f"{size:>10,}" for size in SIZES))
    typical = WORLDS["typical: 50/30/20"]
    for points in FALLS:
        fallen = (typical[0] - points / 200, typical[1], typical[2] + points / 200)
        rates = [
            ring_rate(typical, fallen, size, waves=waves // 4, chance=chance) for size in SIZES
        ]
        print(f"{f'{points} points':24}" + "".join(f"{100 * rate:>10.1f}" for rate in rates))
    # What chance adds to a rate that is just allowed, three standard errors of it.
    allowed = drops.FALSE_ALARMS + 3 * math.sqrt(drops.FALSE_ALARMS / waves)
    sys.exit(worst > allowed)


def ring_rate(
    before: Groups, now: Groups, size: int, *, waves: int, chance: np.random.Generator
) -> float:
    """How many of the waves ring at any look; both waves have `size` answers in the end."""
    return sum(rings(before, now, size, chance) for _ in range(waves)) / waves


def rings(before: Groups, now: Groups, size: int, chance: np.random.Generator) -> bool:
    earlier = chance.choice(3, size, p=before)
    current = chance.choice(3, size, p=now)
    looks = range(1, (drops.look_at(size) or 0) + 1)
    for look in looks:
        count = drops.FIRST_LOOK * 2 ** (look - 1)
        if drops.judge(tally(earlier[:count]), tally(current[:count]), look=look):
            return True
    return drops.judge(tally(earlier), tally(current), look=drops.LAST) is not None


def tally(groups: np.ndarray) -> Tally:
    promoters, passives, detractors = np.bincount(groups, minlength=3).tolist()
    return Tally(promoters=promoters, passives=passives, detractors=detractors)


if __name__ == "__main__":
    main()
