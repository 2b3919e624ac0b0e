"""F10: a backup is put back after thousands more have been sent and some have unsubscribed."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

from tests.chaos import ground
from tests.chaos.ground import Ground, wait_for
from tests.chaos.registry import Report

if TYPE_CHECKING:
    from tests.chaos.backups import Copy, Dump
    from tests.chaos.crowd import Crowd

HASTE = 30.0
QUIET_SECONDS = 5.0


def run(*, seed: int, short: bool) -> Report:
    messages, workers = (200, 2) if short else (10_000, 3)
    pause = 0.02 if short else 0.002
    texts: list[str] = []
    broken: list[str] = []
    with ground.prepare(seed=seed, haste=HASTE, pause=pause) as place:
        from tests.chaos import backups, crowd, drain, oracle

        guests = crowd.gather(0)
        chance = random.Random(seed)
        ways: list[Copy | Dump] = [backups.Copy(place)]
        ways += [] if short else [backups.Dump(place)]
        for number, way in enumerate(ways):
            guests.invite(messages, prefix=f"round{number}-")
            place.start_workers(workers)
            told = _lose_what_came_after_backup(place, guests, way, chance, messages=messages)
            place.start_workers(workers)
            text, faults = _come_back(place, way.name, told)
            texts.append(text)
            broken += faults
            drain.until_nothing_waits(place, guests, seconds=1_800)
            place.stop_workers()
        verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
        broken += _speak_again(guests)
    line = (
        f"{'; '.join(texts)}; {verdict.duplicated} sent twice, {verdict.lost} lost, "
        f"{verdict.in_doubt} in doubt, {len(guests.silenced)} suppressed since the backup stay so"
    )
    return Report(line, (*broken, *verdict.broken))


def _lose_what_came_after_backup(
    place: Ground, guests: Crowd, way: Copy | Dump, chance: random.Random, *, messages: int
) -> int:
    """Backup at a half, killed at eight tenths, restored. How many mails came in between."""
    before = place.sink.count()
    place.wait_for_mails(before + messages * 0.5, seconds=1_800)
    way.take()
    known = place.sink.count()
    emails = [email for email in guests.emails if email not in guests.silenced]
    guests.unsubscribe(chance.sample(emails, messages // 100))
    place.wait_for_mails(before + messages * 0.8, seconds=1_800)
    place.kill_workers()
    time.sleep(0.5)  # what the mail server had received by then, it writes down now
    way.put_back()
    return place.sink.count() - known


def _come_back(place: Ground, name: str, told: int) -> tuple[str, list[str]]:
    """Paused by itself, read back, resumed by a person."""
    seconds = wait_for(lambda: _status(place), seconds=300, what="sending is paused")
    before = place.sink.count()
    time.sleep(QUIET_SECONDS)
    broken = [] if place.sink.count() == before else ["mails left though sending was paused"]
    if told <= 0:
        broken.append("nothing had left between the backup and the end: nothing was tried")
    if place.command("sending", "resume").returncode == 0:
        broken.append("sending could be resumed before the ledger was read back")
    report = json.loads(_must(place, "restore", "apply", "--json"))
    recognised = report["sent"] + report["in_doubt"]
    if recognised < told:
        broken.append(f"{told} mails came after the backup, {recognised} were recognised")
    _must(place, "sending", "resume")
    text = (
        f"restore of {name}: sending paused after {seconds:.0f} s, {recognised:,} recognised "
        f"from the ledger ({report['in_doubt']} in doubt), {report['silenced']} suppressions"
    )
    return text, broken


def _speak_again(guests: Crowd) -> list[str]:
    from afterscore.outreach import queries

    emails = list(guests.silenced)
    found = queries.suppression_reasons(workspace=guests.workspace, emails=emails)
    return [f"{email} is no longer suppressed" for email in emails if email not in found]


def _status(place: Ground) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_must(place, "sending", "status", "--json"))
    return found


def _must(place: Ground, *arguments: str) -> str:
    done = place.command(*arguments)
    if done.returncode:
        raise RuntimeError(f"afterscore {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout
