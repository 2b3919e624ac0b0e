"""Tables as docs/performance.md shows them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench.insights.found import BARE, EXACT, FRESH, PANDAS, PLAIN, POSTGRES, PRODUCT, Line, Size

BESIDE = (FRESH, BARE, EXACT, PLAIN, POSTGRES, PANDAS)


def print_size(size: Size) -> None:
    _print_row(["milliseconds", "product", "first", *BESIDE, "others busy"])
    _print_row(["---"] * (4 + len(BESIDE)))
    for name in dict.fromkeys([*size.chosen, size.slowest]):
        _print_line(name, size.lines[name], is_slowest=name == size.slowest)
    times = sorted(size.lines[name].best[PRODUCT] for name in size.pairs)
    print(
        f"\n{len(times)} pairs of attributes: {times[0]:.0f} to {times[-1]:.0f} ms, "
        f"half of them below {median(times):.0f} ms."
    )
    ratios = [ratio for line in size.lines.values() for ratio in line.width_ratios()]
    if ratios:
        how = "from lots of accounts" if size.are_lots else "from each account"
        print(
            f"Limits {how} beside bare ones from each account, {len(ratios):,} cells: "
            f"{min(ratios):.2f} to {max(ratios):.2f} times as wide, half below "
            f"{median(ratios):.3f}."
        )
    peaks = ", ".join(f"{side} {peak:,.0f}" for side, peak in size.peaks.items())
    print(f"Memory of the process at its peak, MiB: {peaks}.", flush=True)


def _print_line(name: str, line: Line, *, is_slowest: bool) -> None:
    shown = name
    for part in ("account.", "contact.", "attribute."):
        shown = shown.replace(part, "")
    beside = [_beside(line, side) for side in BESIDE]
    ours = [f"{line.best[PRODUCT]:.0f}", f"{line.first[PRODUCT]:.0f}"]
    _print_row([f"slowest: {shown}" if is_slowest else shown, *ours, *beside, f"{line.others:.1f}"])


def _beside(line: Line, side: str) -> str:
    times = line.times(side)
    return "" if times is None else f"{line.best[side]:,.0f} ({times:.1f}x)"


def print_costs(found: Sequence[Size]) -> None:
    print("\nCost against size, milliseconds in the product\n")
    _print_row(["answers", "pulse", "score", "slowest pair", "memory, MiB"])
    _print_row(["---"] * 5)
    for size in found:
        times = [size.lines[name].best[PRODUCT] for name in ("pulse", "score", size.slowest)]
        shown = [f"{each:.0f}" for each in (*times, size.peaks[PRODUCT])]
        _print_row([f"{size.rows:,}", *shown])


def _print_row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)
