"""One measurement in a process of its own: python -m bench.insights.measure JOB SIDE NAME ..."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.insights import product, sides

from afterscore.domain import alike
from afterscore.domain.alike import Sums

TIMES = 3
LONG = 2.0
"""Seconds: what takes longer is measured once."""
ENOUGH = 1_000
"""Answers of a cell from which on its limits are compared."""


def main() -> None:
    product.prepare()
    job = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 (our own file)
    side, *names = sys.argv[2:]
    run, form = sides.SIDES[side]
    run(job["questions"][names[0]], job)()  # so that the first one is not the slowest for it
    found = {name: _measure(run(job["questions"][name], job), form) for name in names}
    print(json.dumps({"measured": found, "peak": peak_mebibytes()}))


def peak_mebibytes() -> float:
    """What this process held at most. Not ru_maxrss, which a process has from its parent."""
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    )
    return int(line.split()[1]) / 2**10


def _measure(ask: Any, form: Any) -> dict[str, Any]:
    took: list[float] = []
    began, busy, own = time.perf_counter(), _busy(), _own()
    answer = None
    while not took or (len(took) < TIMES and took[0] < LONG):
        answer = None
        begin = time.perf_counter()
        answer = ask()
        took.append(time.perf_counter() - begin)
    spent = time.perf_counter() - began
    others = max(0.0, (_busy() - busy - (_own() - own)) / spent)
    told = form(answer)
    return {
        "first": took[0],
        "best": min(took),
        "others": others,
        "counts": _digest([each.counts for each in told]),
        "widths": [_widths(each.sums) for each in told],
    }


def _digest(told: Any) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _widths(sums: dict[tuple[str, ...], Sums]) -> dict[str, float]:
    """By cell: how many times as wide limits are for people of one account thinking alike."""
    return {
        " / ".join(keys): math.sqrt(alike.design_effect(each))
        for keys, each in sums.items()
        if each.answers >= ENOUGH
    }


def _busy() -> float:
    """Seconds that all processors together have worked since the start of the machine."""
    user, nice, system, _idle, _wait, *rest = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
