"""How messages leave the house. A channel is one file here and one line in `CHANNELS`.

A channel knows nothing of tables: it is given letters and a function to call at the last moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.module_loading import import_string

CHANNELS = {
    "smtp": "afterscore.outreach.channels.smtp.Smtp",
    "outbox": "afterscore.outreach.channels.outbox.Outbox",
    "memory": "afterscore.outreach.channels.memory.Memory",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, ready to go. `content` is empty where the channel has no use for it."""

    number: int  # the row's, to say which one an outcome is about
    sender: str
    recipient: str
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has it. `reply` is what it said."""

    number: int
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The other side certainly does not have it."""

    number: int
    reply: str
    is_permanent: bool
    blames_address: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was handed over whole and no reply came: nobody knows."""

    number: int
    reply: str


@dataclass(frozen=True, slots=True)
class Untried:
    """Not handed over, through no fault of the message: it may go again at once."""

    number: int


Outcome = Accepted | Declined | Unknown | Untried

HandOff = Callable[[Sequence[int]], frozenset[int]]
"""Asks, with all that may have changed since, which of these may go now. What it returns is
written down as being handed over; the others must not leave."""


class Unreachable(Exception):
    """Nothing can be delivered at all at present; the message says why."""


class Channel(Protocol):
    batch_size: int
    needs_content: bool

    def open(self) -> None:
        """Makes ready for letters; raises Unreachable."""

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        """One outcome for each letter, each list as soon as it is known."""

    def close(self) -> None:
        """Ends the round; never raises."""


def make(name: str) -> Channel:
    channel: Channel = import_string(CHANNELS[name])()
    return channel
