"""How fast customers come in from a file, beside a bare COPY of the same file in the same run.

    python bench/import.py [--rows 100000]

A private database in a temporary folder, one process, as `afterscore contacts import` does it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

FIRST_NAMES = ("Ana", "Bo", "Zoë", "Jürgen")
LAST_NAMES = ("Lima", "Berg", "Brûlé")
COLUMNS = (
    "E-Mail", "Name", "Job title", "Language", "Time zone", "Company", "Plan", "Country", "MRR",
    "Renewal date", "Consent", "Seats", "Region",
)  # fmt: skip


def generate(path: Path, rows: int) -> None:
    """Five contacts to an account, spread over the file; the same file for the same number."""
    chance = random.Random(1)
    accounts = max(1, rows // 5)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(rows):
            account = number % accounts
            table.writerow(
                (
                    f"person{number}@customer{account}.example",
                    " ".join((chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES))),
                    chance.choice(["Engineer", "Buyer", "Head of Support"]),
                    chance.choice(["en", "de", "fr", "pt-BR"]),
                    chance.choice(["Europe/Berlin", "America/New_York"]),
                    f"Customer {account}",
                    ("Starter", "Team", "Enterprise")[account % 3],
                    ("DE", "FR", "US")[account % 3],
                    f"{account % 9000 + 0.5}",
                    f"{account % 28 + 1:02}/{account % 12 + 1:02}/2027",
                    "contract",
                    chance.randrange(500),
                    ("EMEA", "AMER", "APAC")[account % 3],
                )
            )


@contextlib.contextmanager
def database() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ |= {
        "AFTERSCORE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "afterscore.config.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    from afterscore.config.cli import session

    try:
        with session.database():
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def megabytes() -> float:
    """The most memory this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and seconds of this process's own work."""
    started, worked = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - started, time.process_time() - worked


def copy_bare(path: Path) -> None:
    """The baseline: the file's cells as texts into a table, nothing judged, nothing matched."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bare ({', '.join(f'c{n} text' for n in range(len(COLUMNS)))})"
        )
        with (
            path.open("rb") as file,
            cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while chunk := file.read(1 << 20):
                copy.write(chunk)


def run_import(path: Path, expected: str) -> None:
    from afterscore.customers import operations
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.workspaces import queries

    with path.open("rb") as file:
        source = operations.start_import(
            workspace=queries.get_workspace(slug="bench"), file=file, file_name=path.name,
            actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
    source = operations.launch_import(
        source=source, is_dry_run=False, now=clock.now(), in_background=False
    )
    done = operations.run_import(source=source, now=clock.now())
    assert getattr(done, expected) == done.total_rows, f"not all rows were {expected}"


def report(label: str, rows: int, seconds: float, worked: float) -> None:
    print(
        f"{label:<28} {seconds:7.2f} s  {rows / seconds:>9,.0f} rows/s  "
        f"(own work {worked:.2f} s)  peak {megabytes():.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with database() as folder:
        from afterscore.domain.events import SYSTEM
        from afterscore.kit import clock
        from afterscore.workspaces import operations

        operations.create_workspace(name="Bench", actor=SYSTEM, now=clock.now())
        file, warm_up = folder / "customers.csv", folder / "few.csv"
        generate(file, rows)
        generate(warm_up, 10)
        run_import(warm_up, "created")
        print(f"{rows:,} rows, {file.stat().st_size / 1e6:.1f} MB; start {megabytes():.0f} MB")
        report("bare COPY of the file", rows, *timed(lambda: copy_bare(file)))
        few = folder / "tenth.csv"
        generate(few, rows // 10)
        report("import of a tenth, new", rows // 10, *timed(lambda: run_import(few, "total_rows")))
        report("import, new and known", rows, *timed(lambda: run_import(file, "total_rows")))
        report("import again, all known", rows, *timed(lambda: run_import(file, "unchanged")))


if __name__ == "__main__":
    main()
