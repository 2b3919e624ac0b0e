"""How often 95 % limits hold the demo's truth: `python bench/worlds.py [worlds]`.

Customers and answers are drawn again and again from the truth that `make demo` is drawn from. Ends
with 1 where limits that allow for accounts hold it in fewer than 93 or more than 97 of 100 worlds.
"""

from __future__ import annotations

import sys

from afterscore.config.demo.recovering import PLAIN, recover
from afterscore.config.demo.truth import TRUTH

FEWEST, MOST = 0.93, 0.97


def main() -> None:
    drawn = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print(f"{drawn:,} worlds of {TRUTH.accounts} accounts and {TRUTH.contacts:,} people")
    print(f"{'':56}{'truth':>8}{'held in %':>11}{'width':>8}")
    failed = False
    for line in recover(TRUTH, worlds_drawn=drawn):
        is_meant_to_hold = PLAIN not in line.figure
        failed |= is_meant_to_hold and not FEWEST <= line.covered <= MOST
        print(f"{line.figure:56}{line.truth:8.1f}{100 * line.covered:11.1f}{line.width:8.1f}")
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
