"""F3: the database crashes three times and 120 connections to it are cut while a wave goes out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg

from afterscore.config import postgres
from tests.chaos import ground
from tests.chaos.ground import Ground, leave_database
from tests.chaos.rates import Rates
from tests.chaos.registry import Report

HASTE = 30.0
SHARE = 0.95
SECONDS_TO_RECOVER = 10
SECONDS_AFTER = 15
CUT_ONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
ORDER BY random() LIMIT 1
"""


@dataclass(frozen=True)
class Plan:
    messages: int
    workers: int
    crashes: int
    cuts: int
    calm: float  # seconds before each trouble, to see the usual rate
    pause: float  # what the mail server takes for each mail


FULL = Plan(messages=90_000, workers=2, crashes=3, cuts=120, calm=15.0, pause=0.003)
SHORT = Plan(messages=240, workers=1, crashes=1, cuts=4, calm=0.5, pause=0.02)


@dataclass
class Troubles:
    """When each began and ended, by this machine's clock."""

    spans: list[tuple[str, float, float]] = field(default_factory=list)

    def note(self, name: str, start: float) -> None:
        self.spans.append((name, start, time.time()))


def run(*, seed: int, short: bool) -> Report:
    plan = SHORT if short else FULL
    with ground.prepare(seed=seed, haste=HASTE, pause=plan.pause) as place:
        from tests.chaos import crowd, drain, oracle

        guests = crowd.gather(plan.messages)
        leave_database()
        place.start_workers(plan.workers)
        place.wait_for_mails(20)
        troubles = Troubles()
        if not short:
            _do_nothing(plan, troubles)
        for _ in range(plan.crashes):
            _crash(place, plan, troubles)
        cut = _cut_connections(place, plan, troubles)
        time.sleep(0 if short else SECONDS_TO_RECOVER + SECONDS_AFTER)
        drain.until_nothing_waits(place, guests, seconds=900)
        place.stop_workers()
        verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
        rates = Rates.read(place.sink.log)
    returns = [] if short else list(_returns(rates, troubles, plan))
    most = plan.workers * (plan.crashes + cut)
    broken = [text for text, is_late in returns if is_late]
    if verdict.in_doubt > most:
        broken.append(f"{verdict.in_doubt} in doubt, more than open transfers could be ({most})")
    line = (
        f"{plan.crashes} crashes + {cut} connections cut: "
        + "".join(f"{text}; " for text, _ in returns)
        + f"{verdict.lost} lost, {verdict.duplicated} duplicated, {verdict.in_doubt} in doubt"
    )
    return Report(line, (*broken, *verdict.broken))


def _do_nothing(plan: Plan, troubles: Troubles) -> None:
    """For comparison: how the rate changes on this machine when nothing goes wrong."""
    time.sleep(plan.calm)
    troubles.note("nothing", time.time())
    time.sleep(SECONDS_TO_RECOVER)


def _crash(place: Ground, plan: Plan, troubles: Troubles) -> None:
    time.sleep(plan.calm)
    start = time.time()
    place.crash_server()
    place.start_server()
    troubles.note("crash", start)
    time.sleep(0 if plan is SHORT else SECONDS_TO_RECOVER)


def _cut_connections(place: Ground, plan: Plan, troubles: Troubles) -> int:
    """Two a second, any of them: the sender's, the jobs', the schedule's."""
    time.sleep(plan.calm)
    start = time.time()
    cut = 0
    host = str(postgres.socket_folder(place.data))
    with psycopg.connect(
        host=host, user=postgres.ROLE, dbname=postgres.DATABASE, autocommit=True
    ) as link:
        while cut < plan.cuts:
            cut += link.execute(CUT_ONE).rowcount
            time.sleep(0.5)
    troubles.note("cuts", start)
    return cut


def _returns(rates: Rates, troubles: Troubles, plan: Plan) -> Iterator[tuple[str, bool]]:
    """How soon the rate before was reached again after each trouble had ended, and whether it
    stayed: the quarter of a minute after the ten seconds against the one before, with its noise.
    """
    for name, start, end in troubles.spans:
        usual = rates.median(start - plan.calm, start)
        took = rates.seconds_until(SHARE * usual, start=end, most=30)
        reached = "never in 30 s" if took is None else f"after {took} s"
        during = f", {rates.median(start, end):.0f}/s during" if name == "cuts" else ""
        late = end + SECONDS_TO_RECOVER
        stayed, noise = rates.ratio((start - plan.calm, start), (late, late + SECONDS_AFTER))
        is_late = took is None or took > SECONDS_TO_RECOVER
        yield (
            (
                f"{name}: {usual:.0f}/s before{during}, {SHARE:.0%} of it {reached}, then "
                f"{stayed:.0%} ± {noise:.0%}"
            ),
            is_late or stayed + noise < SHARE,
        )
