"""What a line in the send ledger costs, beside a plain fdatasync on the same disk.

python bench/ledger.py [--folder .] [--lines 2000]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BATCHES = (1, 10, 100)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default=".")
    parser.add_argument("--lines", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        os.environ["AFTERSCORE_DATA_DIR"] = folder
        os.environ["AFTERSCORE_LEDGER_DIR"] = str(Path(folder) / "ledger")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterscore.config.settings")
        bare = _bare(Path(folder) / "bare", options.lines // 10)
        print(f"a plain write and fdatasync of 200 bytes: {bare * 1e3:.2f} ms")
        for size in BATCHES:
            each = _measured(size, options.lines)
            print(
                f"hand-offs of {size:>3}: {each * 1e3:.3f} ms a message with its outcome, "
                f"{1 / each:,.0f} a second"
            )


def _bare(path: Path, number: int) -> float:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write() -> None:
        os.write(descriptor, b"x" * 200)
        os.fdatasync(descriptor)

    return _seconds(write, number)


def _measured(size: int, lines: int) -> float:
    from afterscore.outreach import ledger

    handed = [
        ledger.Handed("wsp_4XvQ2", f"msg_{number}", 1, "0" * 64, "invitation")
        for number in range(size)
    ]
    settled = [ledger.Settled(each.message, 1, "sent", "250 2.0.0 queued") for each in handed]

    def both() -> None:
        ledger.handed_over(handed)
        ledger.settled(settled)

    return _seconds(both, lines // size) / size


def _seconds(action: Callable[[], None], number: int) -> float:
    start = time.perf_counter()
    for _ in range(number):
        action()
    return (time.perf_counter() - start) / number


if __name__ == "__main__":
    main()
