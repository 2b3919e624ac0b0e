"""An install with workspaces whose sealed months are the drawn ones, and the questions of its
pages."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.insights import drawing

if TYPE_CHECKING:
    from afterscore.insights.analyses import Question

NOW = datetime(2025, 12, 31, 12, tzinfo=UTC)
BY, ACROSS = "account.country", "account.attribute.partner"
"""The two attributes with the most values."""
PAGES = {
    "pulse": "",
    "score": "",
    "explore": f"?period=all&by={BY}&across={ACROSS}",
}
Calls = list[list["Question"]]
"""Questions that a page asks, those together that are asked of one and the same state."""


@contextmanager
def running() -> Iterator[None]:
    """A data folder and a database of its own, gone afterwards; measurements inherit it."""
    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    folder.chmod(0o755)
    os.environ["AFTERSCORE_DATA_DIR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("AFTERSCORE_MART", None)
    from afterscore.config import postgres

    try:
        with postgres.running(folder):
            prepare()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    import django

    django.setup()


@dataclass(frozen=True, slots=True)
class Filled:
    """A workspace and its files."""

    slug: str
    rows: int
    paths: list[Path]

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.paths)


def fill(rows: int) -> Filled:
    from afterscore.domain.events import SYSTEM
    from afterscore.insights.mart import columns, files
    from afterscore.insights.models import SealedMonth
    from afterscore.kit import jobs
    from afterscore.workspaces import operations

    with jobs.inline():
        workspace = operations.create_workspace(name=f"Bench {rows}", actor=SYSTEM, now=NOW)
    programs, waves = _waves(workspace)
    folder = files.folder_of(workspace)
    folder.mkdir(parents=True)
    paths = drawing.draw(folder, rows, waves=waves, programs=programs)
    names = [*columns.EVERY, *(each for each in drawing.ATTRIBUTES if each not in columns.EVERY)]
    SealedMonth.objects.bulk_create(
        SealedMonth(
            workspace=workspace,
            month=month,
            path=f"{workspace.public_id}/{path.name}",
            checksum=files.digest(path),
            size=path.stat().st_size,
            rows=rows * (number + 1) // drawing.MONTHS - rows * number // drawing.MONTHS,
            columns=names,
            time_zone=workspace.time_zone,
            version=columns.VERSION,
            sealed_at=NOW,
        )
        for number, (month, path) in enumerate(zip(drawing.months(), paths, strict=True))
    )
    return Filled(workspace.slug, rows, paths)


def are_in_lots(rows: int) -> bool:
    """Whether the product puts accounts into lots, of so many sealed answers."""
    from afterscore.domain import alike

    return rows > alike.MOST_TOLD_APART


def _waves(workspace: Any) -> tuple[list[str], list[list[str]]]:
    from tests import builders

    programs, waves = [], []
    for number in range(drawing.PROGRAMS):
        made = [
            builders.launch_wave(
                workspace,
                program=f"program-{number}",
                launched_at=datetime(month.year, month.month, 1, tzinfo=UTC),
            )
            for month in drawing.months()
        ]
        programs.append(made[0].program.public_id)
        waves.append([wave.public_id for wave in made])
    return programs, waves


def ask_pages(slug: str) -> dict[str, Calls]:
    """What each page asks, listened to while it is composed."""
    from afterscore.insights.composition import asking, exploring, frames, pulses, scores
    from afterscore.insights.composition.frames import Links
    from afterscore.workspaces import queries as workspaces

    workspace = workspaces.get_workspace(slug=slug)
    composers = {
        "pulse": pulses.compose_pulse,
        "score": scores.compose_score,
        "explore": exploring.compose_explore,
    }
    found = {}
    for page, query in PAGES.items():
        with _listening() as heard:
            frame = frames.frame_of(
                workspace=workspace,
                page=page,
                asked=asking.read_text(query, today=NOW.date()),
                now=NOW,
                links=Links(slug),
            )
            composers[page](frame)
        found[page] = [asked for call in heard if (asked := _without_revenue(call))]
        if not found[page]:
            raise AssertionError(f"The page {page} asked nothing that could be listened to.")
    return found


def _without_revenue(call: list[Question]) -> list[Question]:
    """Who pays what is asked of few answers only (queries.ways), and is in bench/pages.py."""
    return [question for question in call if not question.with_accounts]


@contextmanager
def _listening() -> Iterator[Calls]:
    from afterscore.insights import analyses
    from afterscore.insights.analyses import counting

    heard: Calls = []
    count_many = counting.count_many

    def listen(*, questions: Sequence[Question], **rest: Any) -> Any:
        heard.append(list(questions))
        return count_many(questions=questions, **rest)

    counting.count_many = analyses.count_many = listen
    try:
        yield heard
    finally:
        counting.count_many = analyses.count_many = count_many


def pairs(explore: Calls) -> dict[str, Calls]:
    """What Explore asks, of each two of the attributes; the fewest values first."""
    names = sorted(drawing.ATTRIBUTES, key=drawing.ATTRIBUTES.__getitem__)
    found = {}
    for first, second in combinations(names, 2):
        meant = {BY: second, ACROSS: first}
        found[f"{first} x {second}"] = [
            [
                replace(question, by=tuple(meant.get(key, key) for key in question.by))
                for question in call
            ]
            for call in explore
        ]
    return found
