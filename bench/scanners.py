"""What the visitors of survey links leave behind: fetchers, clicking programs, and people.

    python -m bench.scanners [--mails 10000] [--clicked 1200] [--read 2000] [--seed 1]

Every request goes through the product's own doors, with the links of composed mails, against a
PostgreSQL of its own. Ends with 1 where a goal is missed (docs/algorithms/scanners.md).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scanners.outcome import Outcome

LEAST_QUARANTINED = 0.95
MOST_PEOPLE_QUARANTINED = 0.005
TITLES = {
    "fetchers": "Fetch only",
    "disguised": "Run scripts in disguise and only look",
    "clickers": "Press buttons",
    "imitators": "Beyond what signs can tell (in no ratio)",
    "readers": "People",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mails", type=int, default=10_000, help="of fetchers")
    arguments.add_argument("--clicked", type=int, default=1_200, help="mails of clicking programs")
    arguments.add_argument("--read", type=int, default=2_000, help="mails of people")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    _start()
    from tests.people import invite_everybody
    from tests.scanners import mails, outcome

    started = time.perf_counter()
    sizes = {"fetched": given.mails, "clicked": given.clicked, "read": given.read}
    sent = mails.send(invite_everybody(), outcome.mails_needed(**sizes))
    outcomes = outcome.visit_all(sent, **sizes, seed=given.seed)
    for group, rows in outcomes.items():
        _print(TITLES[group], rows)
    print(f"\nseed {given.seed}, {len(sent):,} mails, {time.perf_counter() - started:.0f} s")
    sys.exit(_judge({group: sum_of(rows) for group, rows in outcomes.items()}))


def _start() -> None:
    """A private server, as the tests have it, and every table."""
    import tests.database  # noqa: F401 - it starts the server

    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def sum_of(rows: Sequence[Outcome]) -> Outcome:
    first, *others = rows
    for other in others:
        first = first + other
    return first


def _print(title: str, rows: Sequence[Outcome]) -> None:
    print(f"\n{title:42} {'mails':>7} {'counted':>8} {'provis.':>8} {'quarant.':>9}")
    for row in [*rows, sum_of(rows)]:
        name = "all" if row.mails != rows[0].mails and row not in rows else row.kind
        print(
            f"  {name:40} {row.mails:7,} {row.counted:8,} {row.provisional:8,}"
            f" {row.quarantined:9,} {row.quarantine_ratio:7.2%}"
        )


def _judge(sums: dict[str, Outcome]) -> int:
    goals = {
        "false scores of fetchers: 0": sums["fetchers"].worth.total() == 0,
        "counted of those who only look: 0": sums["disguised"].counted == 0,
        f"clicking programs in quarantine: at least {LEAST_QUARANTINED:.0%}": sums[
            "clickers"
        ].quarantine_ratio
        >= LEAST_QUARANTINED,
        f"people in quarantine: at most {MOST_PEOPLE_QUARANTINED:.1%}": sums[
            "readers"
        ].quarantine_ratio
        <= MOST_PEOPLE_QUARANTINED,
    }
    for goal, is_met in goals.items():
        print(f"{'met ' if is_met else 'MISSED'} {goal}")
    return 0 if all(goals.values()) else 1


if __name__ == "__main__":
    main()
