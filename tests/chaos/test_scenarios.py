"""Each scenario in its short form, as `python -m tests.chaos` runs it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos import ground
from tests.chaos.registry import SCENARIOS


@pytest.fixture(scope="session")
def template() -> Path:
    """One for all processes of a parallel run."""
    folder = Path(os.environ["AFTERSCORE_TESTS_RUNNING"]) / "chaos-template"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            ground.make_template(folder)
    return folder


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_breaks_in(name: str, template: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", name, "--short", "--seed", "4"],
        env={**os.environ, ground.TEMPLATE: str(template)},
        cwd=ground.ROOT, capture_output=True, text=True, check=False, timeout=480,
    )  # fmt: skip
    print(done.stdout, done.stderr)  # noqa: T201 (shown when it fails)
    if "[skipped," in done.stdout:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[held," in done.stdout
