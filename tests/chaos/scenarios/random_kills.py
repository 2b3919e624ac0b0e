"""F1: workers killed at random instants while a wave goes out and people unsubscribe."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from tests.chaos import ground
from tests.chaos.ground import Ground
from tests.chaos.registry import Report

if TYPE_CHECKING:
    from tests.chaos.crowd import Crowd

HASTE = 30.0  # leases of 4 and 8 s instead of 120 and 240


def run(*, seed: int, short: bool) -> Report:
    messages, kills = (400, 4) if short else (10_000, 25)
    pause = 0.01 if short else 0.002
    with ground.prepare(seed=seed, haste=HASTE, pause=pause) as place:
        from tests.chaos import crowd, drain, oracle

        chance = random.Random(seed)
        guests = crowd.gather(messages, silent=messages // 100)
        start = time.monotonic()
        place.start_workers(2 if short else 4)
        _kill_now_and_then(place, guests, chance, messages=messages, kills=kills)
        drain.until_nothing_waits(place, guests, seconds=1_800)
        took = time.monotonic() - start
        place.stop_workers()
        verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
    broken = list(verdict.broken)
    if verdict.in_doubt > kills:
        broken.append(f"{verdict.in_doubt} in doubt after {kills} kills of one connection each")
    line = (
        f"{messages:,} invitations, {kills} kills: {verdict.lost} lost, "
        f"{verdict.duplicated} duplicated, {verdict.in_doubt} in doubt "
        f"({verdict.arrived_in_doubt} had arrived), all listed, drained in {took:.0f} s"
    )
    return Report(line, tuple(broken))


def _kill_now_and_then(
    place: Ground, guests: Crowd, chance: random.Random, *, messages: int, kills: int
) -> None:
    """A kill in the middle of a batch each time that another share of the mails has come, a new
    worker for the dead one. Before it, some unsubscribe whose turn is next."""
    from tests.chaos import hands

    share = messages * 0.9 / kills
    for number in range(kills):
        place.wait_for_mails(share * (number + chance.random()))
        worker = hands.one_at_work(place, guests, chance)
        with hands.frozen(worker):
            next_ones = hands.held_by(worker, guests).order_by("-due_at", "-pk")
            guests.unsubscribe(list(next_ones.values_list("to_email", flat=True)[:2]))
        guests.unsubscribe(chance.sample(guests.emails, 2))
        worker = hands.one_at_work(place, guests, chance)
        time.sleep(chance.random() / 50)
        place.kill(worker)
        place.start_worker()
