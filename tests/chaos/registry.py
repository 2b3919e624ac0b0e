"""One line a scenario. Each module has `run(*, seed: int, short: bool) -> Report`."""

from __future__ import annotations

from dataclasses import dataclass

SCENARIOS = {
    "F1": "tests.chaos.scenarios.random_kills",
    "F2": "tests.chaos.scenarios.named_points",
    "F3": "tests.chaos.scenarios.crashing_database",
    "F4": "tests.chaos.scenarios.hostile_servers",
    "F6": "tests.chaos.scenarios.repeated_reports",
    "F7": "tests.chaos.scenarios.jumping_clock",
    "F8": "tests.chaos.scenarios.cut_off_host",
    "F10": "tests.chaos.scenarios.restored_backup",
}


@dataclass(frozen=True)
class Report:
    """`line` has the figures; `broken` says in words which invariants do not hold."""

    line: str
    broken: tuple[str, ...] = ()
    skipped: str = ""  # why it could not run here
