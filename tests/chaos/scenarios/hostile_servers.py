"""F4: mail servers that refuse, hang, cut off, talk nonsense or crawl, in each phase."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.chaos import certificates, ground
from tests.chaos.behaviour import MODES, slug
from tests.chaos.ground import Ground, Sink
from tests.chaos.registry import Report

if TYPE_CHECKING:
    from tests.chaos.crowd import Crowd
    from tests.chaos.oracle import Seen

HASTE = 120.0  # the patience after the dot is 1 s instead of 120 s
AT_GREETING = ("421 at connect", "TLS failure")  # half of all greetings go wrong
AT_A_TIME = 10  # of one mode in a row: a server that never answers is given longer and longer rests
# Longer than what the connection holds on its way (some 100 kB): twelve bytes for each of these.
LONG = "🙂 " * 4_900


def run(*, seed: int, short: bool) -> Report:
    messages, workers = (2, 2) if short else (500, 12)
    with ground.prepare(seed=seed, haste=HASTE, is_narrow=True) as place:
        from tests.chaos import crowd, oracle

        guests = crowd.gather(0)
        _suffer_in_talk(place, guests, messages=messages, workers=workers)
        with _trusted_sink(place) as secure:
            for mode, sink in zip(AT_GREETING, (place.sink, secure), strict=True):
                _suffer_at_greeting(place, guests, sink, mode, messages=messages, workers=workers)
            place.stop_workers()
        seen = oracle.Seen.read(place.sink.log)
        verdict = oracle.judge(guests, seen)
        tallies = {mode: Tally.of(mode, guests, seen) for mode in MODES}
    texts = [f"{mode}: {tally}" for mode, tally in tallies.items()]
    wrong = [f"{mode}: {text}" for mode, tally in tallies.items() for text in tally.wrong]
    line = "\n    ".join([f"12 hostile modes × {messages}:", *texts])
    return Report(line, (*verdict.broken, *wrong))


def _suffer_in_talk(place: Ground, guests: Crowd, *, messages: int, workers: int) -> None:
    """Ten modes side by side: each recipient's address names the one that it meets."""
    from tests.chaos import drain

    for begin in range(0, messages, AT_A_TIME):
        for mode in MODES:
            if mode not in AT_GREETING:
                body = {"body": LONG} if mode == "reset in body" else {}
                number = min(AT_A_TIME, messages - begin)
                guests.invite(number, prefix=f"{slug(mode)}{begin}-", **body)
    place.start_workers(workers)
    drain.until_nothing_waits(place, guests, seconds=1_200, hours_pass=True)


def _suffer_at_greeting(
    place: Ground, guests: Crowd, sink: Sink, mode: str, *, messages: int, workers: int
) -> None:
    from tests.chaos import drain

    place.stop_workers()
    sink.behave(mode, share=0.5)
    guests.invite(messages, prefix=slug(mode))
    security = "starttls" if mode == "TLS failure" else "none"
    url = f"smtp://127.0.0.1:{sink.port}?security={security}"
    place.start_workers(workers, AFTERSCORE_SMTP_URL=url)
    drain.until_nothing_waits(place, guests, seconds=600, hours_pass=True)
    sink.behave("")


@contextlib.contextmanager
def _trusted_sink(place: Ground) -> Iterator[Sink]:
    """One with TLS, writing into the same log."""
    pem = certificates.make(place.data / "sink.pem")
    place.settings["SSL_CERT_FILE"] = str(pem)
    sink = Sink.start(place.data, seed=place.seed, haste=place.haste, certificate=pem)
    try:
        yield sink
    finally:
        sink.stop()


@dataclass(frozen=True)
class Tally:
    retries: int
    permanent: int
    in_doubt: int
    duplicated: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"retries {self.retries}, perm {self.permanent}, in doubt {self.in_doubt}, "
            f"dup {self.duplicated}, wrong state {len(self.wrong)}"
        )

    @classmethod
    def of(cls, mode: str, guests: Crowd, seen: Seen) -> Tally:
        from afterscore.outreach.models import Message, State

        rows = list(
            Message.objects.filter(workspace=guests.workspace, to_email__startswith=slug(mode))
        )
        states = Counter(row.state for row in rows)
        return cls(
            retries=sum(row.failures for row in rows),
            permanent=states[State.FAILED],
            in_doubt=states[State.IN_DOUBT],
            duplicated=sum(max(0, seen.recipients[row.to_email] - 1) for row in rows),
            wrong=tuple(text for row in rows for text in _wrong(row, seen.words[row.to_email])),
        )


# What the last thing that the server did to a recipient makes of the message.
ENDS = {
    "accepted": "sent",
    "never": "failed",
    "silent": "in_doubt",  # taken after the dot, but not a word
    "dropped": "in_doubt",  # not taken after the dot, and not a word either
}


def _wrong(row: Any, words: list[str]) -> Iterator[str]:
    """A refusal for now, or a connection cut before the dot, is never the end of a message."""
    right = ENDS.get(words[-1], "sent") if words else "sent"
    if row.state != right:
        yield f"{row.public_id} is {row.state} ({row.reply!r}), but the server said {words}"
    if row.state != "sent" and not row.reply:
        yield f"{row.public_id} is {row.state} and says nothing of the server's reply"
