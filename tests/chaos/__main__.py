"""`python -m tests.chaos [SCENARIO …] [--seed N] [--short]`: a line each, 1 if one is broken."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from importlib import import_module

from tests.chaos import ground
from tests.chaos.registry import SCENARIOS, Report

SHOWN = 12


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("scenarios", nargs="*", help=f"of {', '.join(SCENARIOS)}; default: all")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--short", action="store_true", help="the form that the tests run")
    options = parser.parse_args()
    names = [name.upper() for name in options.scenarios] or list(SCENARIOS)
    if unknown := set(names) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    given = os.environ.get(ground.TEMPLATE)
    os.environ[ground.TEMPLATE] = given or str(
        ground.make_template(ground.new_folder("chaos-template"))
    )
    try:
        if len(names) == 1:
            return _run(names[0], seed, short=options.short)
        return max(_run_apart(name, seed, short=options.short) for name in names)
    finally:
        if not given:
            shutil.rmtree(os.environ[ground.TEMPLATE], ignore_errors=True)


def _run_apart(name: str, seed: int, *, short: bool) -> int:
    """In a process of its own: a scenario sets Django up for its own database."""
    command = [sys.executable, "-m", "tests.chaos", name, "--seed", str(seed)]
    return subprocess.run([*command, *(["--short"] if short else [])], check=False).returncode


def _run(name: str, seed: int, *, short: bool) -> int:
    start = time.monotonic()
    try:
        report: Report = import_module(SCENARIOS[name]).run(seed=seed, short=short)
    except TimeoutError as error:
        report = Report(line="did not end", broken=(str(error),))
    took = time.monotonic() - start
    word = "skipped" if report.skipped else "BROKEN" if report.broken else "held"
    text = report.line or report.skipped
    _say(f"{name}  seed {seed}  {text}  [{word}, {took:.0f} s]")
    for text in report.broken[:SHOWN]:
        _say(f"    broken: {text}")
    if len(report.broken) > SHOWN:
        _say(f"    … and {len(report.broken) - SHOWN} more")
    return 1 if report.broken else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
