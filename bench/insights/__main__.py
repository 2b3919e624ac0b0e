"""Questions to many answers: the product beside bare DuckDB, PostgreSQL and pandas.

    python -m bench.insights [ROWS ...]      10,000 to 10,000,000 by default

Answers are drawn (12 attributes, 36 months) and laid out as sealed months of a workspace. The
questions are those that Pulse, Score and Explore ask while they are composed, Explore's of each two
of the attributes; each is asked of DuckDB by hand over the same files, of PostgreSQL in a plain
table with indexes by day and by wave, and of pandas. All must find the same. Each figure is the
best of three in a process of its own, the product and DuckDB twice in turn; what takes two seconds
is measured once. Above 10,000,000 answers PostgreSQL and pandas are not asked, and of the pairs
only three. Where the product puts accounts into lots DuckDB by hand does, too, and beside it
stands what each account by itself takes there. Ends with 1 where a limit is broken.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.insights import product, sides
from bench.insights.found import (
    BARE,
    EXACT,
    FRESH,
    MEANT,
    PANDAS,
    PLAIN,
    POSTGRES,
    PRODUCT,
    Line,
    Size,
    judge,
)
from bench.insights.printing import print_costs, print_size
from bench.insights.product import Filled

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
MOST_BESIDE_PLAIN = MEANT
"""Answers up to which PostgreSQL and pandas are asked, too."""
BYTES_OF_ANSWER = 25
"""In a file; PostgreSQL takes about ten times that."""


def main() -> None:
    sizes = [int(size.replace(",", "").replace("_", "")) for size in sys.argv[1:]] or list(SIZES)
    began = time.perf_counter()
    with product.running():
        found = [measure(rows) for rows in sizes]
    if len(found) > 1:
        print_costs(found)
    broken = list(judge(found))
    print(f"\nTook {time.perf_counter() - began:.0f} s in all, on {os.cpu_count()} processors.")
    for sentence in broken:
        print(f"BROKEN: {sentence}")
    sys.exit(bool(broken))


def measure(rows: int) -> Size:
    is_beside_plain = rows <= MOST_BESIDE_PLAIN
    _make_sure_of_room(rows * BYTES_OF_ANSWER * (11 if is_beside_plain else 1))
    began = time.perf_counter()
    filled = product.fill(rows)
    took = time.perf_counter() - began
    print(f"\n{rows:,} answers, {filled.size / 2**20:,.0f} MiB of files, drawn in {took:.0f} s\n")
    pages = product.ask_pages(filled.slug)
    pairs = product.pairs(pages["explore"])
    size = Size(rows, {}, {}, ["pulse", "score", *_some(list(pairs))], product.are_in_lots(rows))
    job = _write_job(filled, pages | pairs)
    for _round in range(2):
        run(size, job, PRODUCT, ["pulse", "score", *pairs] if is_beside_plain else size.chosen)
        run(size, job, BARE, size.chosen)
    run(size, job, FRESH, size.chosen)
    run(size, job, EXACT, size.chosen)
    run(size, job, PLAIN, size.chosen)
    if is_beside_plain:
        sides.fill_postgres(f"plain_{rows}", [str(path) for path in filled.paths])
        run(size, job, POSTGRES, size.chosen)
        run(size, job, PANDAS, size.chosen)
    print_size(size)
    _clear(filled)
    return size


def _make_sure_of_room(needed: int) -> None:
    free = shutil.disk_usage(os.environ["AFTERSCORE_DATA_DIR"]).free
    if free < needed:
        sys.exit(f"{needed / 2**30:,.1f} GiB of disk are needed, {free / 2**30:,.1f} are free.")


def _some(pairs: list[str]) -> list[str]:
    """With the fewest values, with some, with the most."""
    return [pairs[0], pairs[len(pairs) // 2], pairs[-1]]


def _write_job(filled: Filled, questions: dict[str, product.Calls]) -> Path:
    place = Path(os.environ["AFTERSCORE_DATA_DIR"]) / f"job-{filled.rows}"
    paths = [str(path) for path in filled.paths]
    job = {
        "slug": filled.slug,
        "paths": paths,
        "table": f"plain_{filled.rows}",
        "in_lots": product.are_in_lots(filled.rows),
        "questions": questions,
    }
    place.write_bytes(pickle.dumps(job))
    return place


def run(size: Size, job: Path, side: str, names: list[str]) -> None:
    command = [sys.executable, "-m", "bench.insights.measure", str(job), side, *names]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for name, measured in found["measured"].items():
        size.lines.setdefault(name, Line()).add(side, measured)
    size.peaks[side] = max(size.peaks.get(side, 0.0), found["peak"])


def _clear(filled: Filled) -> None:
    sides.drop_postgres(f"plain_{filled.rows}")
    for path in filled.paths:
        path.unlink()


if __name__ == "__main__":
    main()
