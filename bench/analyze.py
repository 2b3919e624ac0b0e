"""How long it takes to analyse a file of a million answers: `python bench/analyze.py [rows]`.

The whole command, from a cold start, beside the same file read and counted by nothing but
Python's csv module. Ends with 1 above five seconds, on two cores that do nothing else.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

MOST_SECONDS = 5.0
TIMES = 3
COLUMNS = (
    "id", "responded_at", "nps", "comment", "region", "plan", "account", "ease", "price",
    "churned", "revenue",
)  # fmt: skip


def write(path: Path, rows: int) -> None:
    chance = random.Random(3)
    scores = chance.choices(range(11), [2, 1, 1, 2, 2, 5, 5, 12, 20, 25, 25], k=rows)
    comments = ("", "", "great service and quick help", "too expensive for what we get, still")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, score in enumerate(scores):
            day = f"{2024 + number % 2}-{1 + number % 12:02d}-{1 + number % 28:02d}T09:30:00Z"
            writer.writerow(
                [number, day, score, chance.choice(comments), ("EMEA", "APAC", "NAM")[number % 3],
                 "abc"[number % 7 % 3], f"Account {number % 50_000}", 1 + number % 5,
                 1 + number % 4, ("yes", "no", "no")[number % 3], 100 + number % 9_000]
            )  # fmt: skip


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write(path, rows)
        tool = Path(sys.executable).with_name("afterscore")
        command = [
            str(tool), "analyze", str(path), "--driver", "ease", "--driver", "price",
            "--churn", "churned", "--revenue", "revenue",
        ]  # fmt: skip
        best = min(seconds(command) for _ in range(TIMES))
        begun = time.perf_counter()
        with path.open(newline="") as file:
            counted = Counter(row["nps"] for row in csv.DictReader(file))
        plain = time.perf_counter() - begun
        size = path.stat().st_size / 1e6
    print(f"{rows:,} rows, {size:.0f} MB: analysed in {best:.1f} s (best of {TIMES})")
    print(f"the csv module, counting one column ({len(counted)} values): {plain:.1f} s")
    print(f"ratio {best / plain:.2f}")
    return int(best > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
