"""How often 95 % limits hold the truth where people of one account think alike, and how often
re-weighted ones do: `python bench/alike.py [worlds]`. The tables of docs/algorithms/alike.md and
voices.md."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from afterscore.domain import alike, intervals, mentions, nps, voices, weighting
from afterscore.domain.health import Rate
from afterscore.domain.nps import Tally

SHARES = (0.25, 0.30, 0.45)  # detractors, passives, promoters
TRUTH = 100 * (SHARES[2] - SHARES[0])
RAISED = 0.1
Sizes = Callable[[np.random.Generator, int], np.ndarray]
SIZES: dict[str, Sizes] = {
    "8 answers each": lambda _lots, m: np.full(m, 8),
    "1 to many, 4 on average": lambda lots, m: lots.geometric(0.25, m),
    "a few very large ones": lambda lots, m: np.clip((lots.pareto(1.3, m) * 2), 1, 60).astype(int),
}
PLANS, ROLES = ("starter", "business", "enterprise"), ("user", "administrator", "decision maker")


def draw(lots: np.random.Generator, sizes: np.ndarray, alikeness: float) -> list[Tally]:
    """Accounts whose people share this part of what makes them happy."""
    cuts = [NormalDist().inv_cdf(share) for share in (SHARES[0], SHARES[0] + SHARES[1])]
    found = []
    for size in sizes:
        own = lots.normal(size=int(size)) * math.sqrt(1 - alikeness)
        loyalty = own + lots.normal() * math.sqrt(alikeness)
        down, up = int((loyalty < cuts[0]).sum()), int((loyalty >= cuts[1]).sum())
        found.append(Tally(down, int(size) - down - up, up))
    return found


def hold(found: intervals.Interval | None, truth: float) -> bool:
    return found is not None and found.low <= truth <= found.high


def alikeness_table(drawn: int) -> None:
    print(f"{'accounts':34}{'alike':>7}{'shown':>8}{'plain':>8}{'width':>8}{'plain':>8}")
    for name, sizes in SIZES.items():
        for accounts in (3, 9, 20, 60, 200):
            for part in (0.0, 0.3, 0.6):
                lots = np.random.default_rng((accounts, int(10 * part)))
                held, width = np.zeros(2), np.zeros(2)
                for _world in range(drawn):
                    each = draw(lots, sizes(lots, accounts), part)
                    plain = nps.merge(each)
                    effect = alike.design_effect(voices.sums_of(each))
                    for place, tally in enumerate((replace(plain, design_effect=effect), plain)):
                        found = intervals.score_interval(tally)
                        held[place] += hold(found, TRUTH)
                        width[place] += found.high - found.low if found else 200
                held, width = 100 * held / drawn, width / drawn
                print(
                    f"{accounts:4} of {name:26}{part:7.1f}{held[0]:8.1f}{held[1]:8.1f}"
                    f"{width[0]:8.1f}{width[1]:8.1f}",
                    flush=True,
                )


def lots_table(drawn: int) -> None:
    """As where a workspace has very many answers: each lot of accounts is taken for one."""
    print(f"\n{'accounts in lots':34}{'alike':>7}{'shown':>8}{'width':>8}{'of each':>8}")
    for accounts in (60, 300, 3_000):
        for part in (0.0, 0.3, 0.6):
            lots = np.random.default_rng((accounts, int(10 * part)))
            held, widths = 0, np.zeros(2)
            for _world in range(drawn):
                each = draw(lots, lots.geometric(0.25, accounts), part)
                whole = nps.merge(each)
                put = [nps.merge(each[lot :: alike.LOTS]) for lot in range(alike.LOTS)]
                for place, of in enumerate((put, each)):
                    effect = alike.design_effect(voices.sums_of(of))
                    found = intervals.score_interval(replace(whole, design_effect=effect))
                    held += place == 0 and hold(found, TRUTH)
                    widths[place] += found.high - found.low if found else 200
            widths /= drawn
            print(
                f"{accounts:4} of 1 to many, 4 on average{part:11.1f}{100 * held / drawn:8.1f}"
                f"{widths[0]:8.1f}{widths[1]:8.1f}",
                flush=True,
            )


def themes_table(drawn: int) -> None:
    """A theme that one in ten raises; and how often two periods in which nothing changed, of other
    people each, are told to differ."""
    head = "".join(f"{name:>8}" for name in ("shown", "plain", "false", "plain"))
    print(f"\n{'a theme of one in ten':34}{'alike':>7}{head}")
    for accounts in (9, 20, 60, 200):
        for part in (0.0, 0.3, 0.6):
            lots = np.random.default_rng((accounts, int(10 * part)))
            held, false = np.zeros(2), np.zeros(2)
            for _world in range(drawn):
                rates = [_theme_rates(lots, accounts, part) for _period in range(2)]
                for place, (before, after) in enumerate(zip(*rates, strict=True)):
                    held[place] += after.low <= RAISED <= after.high
                    told = mentions.changes({"theme": (before, after)})["theme"]
                    false[place] += told in (mentions.Change.MORE, mentions.Change.FEWER)
            held, false = 100 * held / drawn, 100 * false / drawn
            print(
                f"{accounts:4} of 1 to many, 4 on average{part:11.1f}{held[0]:8.1f}{held[1]:8.1f}"
                f"{false[0]:8.1f}{false[1]:8.1f}",
                flush=True,
            )


def _theme_rates(lots: np.random.Generator, accounts: int, part: float) -> tuple[Rate, Rate]:
    """One that allows for accounts, and the plain one."""
    cut = NormalDist().inv_cdf(1 - RAISED)
    n = lots.geometric(0.25, accounts)
    shared = lots.normal(size=accounts) * math.sqrt(part)
    own = lots.normal(size=int(n.sum())) * math.sqrt(1 - part)
    raises = np.repeat(shared, n) + own > cut
    b = np.bincount(np.repeat(np.arange(accounts), n), weights=raises, minlength=accounts)
    b = b.astype(int)
    sums = alike.Sums(
        *map(int, (n.sum(), b.sum(), b.sum(), n @ n, b @ b, n @ b, accounts, n.max()))
    )
    plain = Rate(sums.balance, sums.answers)
    return replace(plain, design_effect=alike.design_effect(sums)), plain


def raking_table(drawn: int) -> None:
    """Enterprise customers and decision makers are happier, and answer more often."""
    plans, roles = np.array([0.5, 0.35, 0.15]), np.array([0.7, 0.2, 0.1])
    happy = [(-0.7, 0.1, 0.9), (-0.2, 0.1, 0.4)]
    eager = [(0.5, 1.0, 2.0), (0.7, 1.5, 1.5)]
    cells = [(plan, role) for plan in range(3) for role in range(3)]
    share = np.array([plans[plan] * roles[role] for plan, role in cells])
    chances = [_groups(7.3 + happy[0][plan] + happy[1][role]) for plan, role in cells]
    truth = 100 * sum(s * (c[2] - c[0]) for s, c in zip(share, chances, strict=True))
    heard = share * np.array([eager[0][plan] * eager[1][role] for plan, role in cells])
    population = [
        dict(zip(PLANS, 10_000 * plans, strict=True)),
        dict(zip(ROLES, 10_000 * roles, strict=True)),
    ]
    print(
        f"\n{'answers':>8}{'re-weighted':>13}{'plain':>8}{'nobody of a group':>19}"
        f"{'held at five':>14}"
    )
    for n in (15, 20, 25, 30, 40, 60, 100, 200):
        lots = np.random.default_rng(n)
        held = plain = missing = trimmed = 0
        for _world in range(drawn):
            counts = lots.multinomial(n, heard / heard.sum())
            tallies = {
                (PLANS[plan], ROLES[role]): Tally(*map(int, lots.multinomial(count, chance)))
                for (plan, role), count, chance in zip(cells, counts, chances, strict=True)
                if count
            }
            raked = weighting.rake({cell: t.n for cell, t in tallies.items()}, population)
            found = weighting.weighted_score(tallies, raked)
            held += found is not None and found.low <= truth <= found.high
            plain += hold(intervals.score_interval(nps.merge(tallies.values())), truth)
            missing, trimmed = missing + bool(raked.missing), trimmed + bool(raked.trimmed)
        rates = [100 * each / drawn for each in (held, plain, missing, trimmed)]
        print(f"{n:8}{rates[0]:13.1f}{rates[1]:8.1f}{rates[2]:19.1f}{rates[3]:14.1f}", flush=True)


def _groups(mean: float) -> tuple[float, float, float]:
    loyalty = NormalDist(mean, 1.9)
    down, below = loyalty.cdf(6.5), loyalty.cdf(8.5)
    return down, below - down, 1 - below


def main() -> None:
    drawn = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    alikeness_table(drawn)
    lots_table(drawn)
    themes_table(drawn)
    raking_table(drawn)


if __name__ == "__main__":
    main()
