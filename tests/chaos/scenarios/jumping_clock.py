"""F7: the database's clock jumps ahead by a month, back by ten days, by an hour, and returns."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.chaos import ground
from tests.chaos.ground import Ground, wait_for
from tests.chaos.registry import Report

HASTE = 30.0
JUMPS = ("+30d", "-10d", "+1h", "-1h")
ALARM_SECONDS = 60.0
STILL_SECONDS = 4.0


def run(*, seed: int, short: bool) -> Report:
    library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if library is None:
        return Report("", skipped="libfaketime is not installed")
    jumps, messages, workers = (JUMPS[:1], 58, 1) if short else (JUMPS, 1_000, 3)
    folder = ground.new_folder("chaos-clock")
    file = folder / "offset"
    file.write_text("+0")
    clock = {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    pause = 0.05 if short else 0.01
    with ground.prepare(seed=seed, haste=HASTE, preload=clock, pause=pause) as place:
        return _jump_about(place, file, jumps, messages=messages, workers=workers)


def _jump_about(
    place: Ground, file: Path, jumps: tuple[str, ...], *, messages: int, workers: int
) -> Report:
    from tests.chaos import crowd, drain, oracle

    guests = crowd.gather(0)
    days = range(1, 30)
    for day in days:
        due = crowd.database_now() + timedelta(days=day)
        guests.invite(messages // len(days), prefix=f"later{day}-", due_at=due)
    place.start_workers(workers)
    texts: list[str] = []
    broken: list[str] = []
    for number, jump in enumerate(jumps):
        before = place.sink.count()
        guests.invite(messages, prefix=f"now{number}-")
        place.wait_for_mails(before + messages / 4)
        alarm, back = _there_and_back(place, file, jump)
        texts.append(f"{jump}: alarm after {alarm:.0f} s, on again {back:.0f} s after the return")
        drain.until_only_later_wait(guests, seconds=900)
        broken += _early(place, jump)
    early = len(broken)
    waiting = drain.make_due(guests)
    drain.until_nothing_waits(place, guests, seconds=900)
    place.stop_workers()
    verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
    if waiting != messages // len(days) * len(days):
        broken.append(f"{waiting} of next month's invitations still waited at the end")
    line = (
        f"jump {'; '.join(texts)}; {early} early, {verdict.lost} stuck or lost, "
        f"{verdict.duplicated} duplicated, {verdict.in_doubt} in doubt"
    )
    return Report(line, (*broken, *verdict.broken))


def _there_and_back(place: Ground, file: Path, jump: str) -> tuple[float, float]:
    file.write_text(jump)
    alarm = wait_for(lambda: _is_told(place), seconds=ALARM_SECONDS, what="an alarm")
    time.sleep(STILL_SECONDS)
    file.write_text("+0")
    back = wait_for(
        lambda: not _is_told(place), seconds=ALARM_SECONDS, what="sending goes on again"
    )
    return alarm, back


def _is_told(place: Ground) -> bool:
    """By the command that an administrator runs, and by doctor, with words about the clock."""
    status = json.loads(place.command("sending", "status", "--json").stdout)
    findings = json.loads(place.command("doctor", "--json").stdout)
    words = [entry["why"] for entry in status]
    doctor = [entry["text"] for entry in findings if entry["check"] == "sending"]
    return any("clock has moved" in text for text in words) and words == doctor


def _early(place: Ground, jump: str) -> Iterator[str]:
    for line in place.sink.log.read_text().splitlines():
        if "\tlater" in line:
            yield f"{jump}: a mail for later left early: {line}"
