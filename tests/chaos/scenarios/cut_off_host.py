"""F8: three worker hosts; one of them is cut off from the network for a while, and comes back."""

from __future__ import annotations

import itertools
import signal
import time
from typing import TYPE_CHECKING

from afterscore.config import postgres
from tests.chaos import ground, networks
from tests.chaos.ground import Ground, wait_for
from tests.chaos.networks import Host, Network
from tests.chaos.registry import Report

if TYPE_CHECKING:
    from tests.chaos.crowd import Crowd

HASTE = 30.0
LEASE = 330 / HASTE  # of a hand-over, the longer one
MORE = 5.0
PAUSE = 0.02  # of the mail server: a wave must last while a host is away
AT_ONCE = 90  # for as long as the wave must go on
HOSTS = 3


def run(*, seed: int, short: bool) -> Report:
    if reason := networks.why_not():
        return Report("", skipped=reason)
    messages, times, seconds = (300, 1, 5.0) if short else (6_000, 3, 40.0)
    with networks.laid(HOSTS) as network:
        inside = {"listen_addresses": network.address}
        with ground.prepare(
            seed=seed, haste=HASTE, host=network.address, server=inside, pause=PAUSE
        ) as place:
            return _cut_off(place, network, messages=messages, times=times, seconds=seconds)


def _cut_off(
    place: Ground, network: Network, *, messages: int, times: int, seconds: float
) -> Report:
    from tests.chaos import crowd, drain, oracle

    _let_in(place, network)
    guests = crowd.gather(messages)
    for number, host in enumerate(network.hosts):
        place.start_worker(
            host.prefix,
            DATABASE_URL=f"postgresql://{postgres.ROLE}@{network.address}/{postgres.DATABASE}",
            AFTERSCORE_SMTP_URL=f"smtp://{network.address}:{place.sink.port}",
            AFTERSCORE_LEDGER_DIR=str(place.data / f"ledger-{number}"),
        )
    took, back = [], []
    for number in range(times):
        place.wait_for_mails(messages * (0.2 + 0.5 * number / times))
        lost = network.hosts[number % HOSTS]
        took.append(_cut(place, guests, lost, number % HOSTS, seconds=seconds))
        back.append(_seconds_until_back(place, guests, number % HOSTS, f"back{number}-"))
    drain.until_nothing_waits(place, guests, seconds=1_800)
    place.stop_workers()
    verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
    late = [f"taken over after {each:.0f} s" for each in took if each > LEASE + MORE]
    if verdict.in_doubt > times:
        late.append(f"{verdict.in_doubt} in doubt after {times} cuts of one connection each")
    line = (
        f"{times} × one of {HOSTS} hosts cut off for {seconds:.0f} s: taken over after "
        f"{max(took):.0f} s at most (lease {LEASE:.0f} s), {verdict.duplicated} duplicated after "
        f"the return, {verdict.lost} lost, {verdict.in_doubt} in doubt; at work again "
        f"{max(back):.0f} s after the return at most"
    )
    return Report(line, (*late, *verdict.broken))


def _let_in(place: Ground, network: Network) -> None:
    """The hosts come over TCP, from this network alone."""
    rules = postgres.folder(place.data) / "cluster" / "pg_hba.conf"
    with rules.open("a") as file:
        file.write(f"host all {postgres.ROLE} {network.range} trust\n")
    assert place.server.process is not None
    place.server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)


def _cut(place: Ground, guests: Crowd, host: Host, number: int, *, seconds: float) -> float:
    """The seconds until others could go on with all that this host had in its hands."""
    from tests.chaos import hands

    held = hands.held_by(place.workers[number], guests)
    host.cut_off()
    while not held.exists():  # it had just finished: not what is to be seen
        host.plug_in()
        wait_for(held.exists, seconds=300, what="the host has something in its hands")
        host.cut_off()
    start = time.monotonic()
    try:
        took = wait_for(lambda: not held.exists(), seconds=300, what="the others take over")
        time.sleep(max(0.0, seconds - (time.monotonic() - start)))
    finally:
        host.plug_in()
    return took


def _seconds_until_back(place: Ground, guests: Crowd, number: int, prefix: str) -> float:
    """Until the host that was away sends again; meanwhile there is always something to send."""
    from tests.chaos import hands

    more = itertools.count()

    def is_back() -> bool:
        place.assert_alive()
        if not hands.waiting(guests).exists():
            guests.invite(AT_ONCE, prefix=f"{prefix}{next(more)}-")
        return hands.held_by(place.workers[number], guests).exists()

    return wait_for(is_back, seconds=180, what="the host that was cut off sends again")
