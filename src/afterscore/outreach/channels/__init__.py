"""How messages leave the house. A channel is one file here and one line in `CHANNELS`.

A channel knows nothing of tables: it is given letters and a function to call at the last moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from django.utils.module_loading import import_string

CHANNELS = {
    "provider": "afterscore.outreach.channels.provider.ByProvider",
    "smtp": "afterscore.outreach.channels.smtp.Smtp",
    "outbox": "afterscore.outreach.channels.outbox.Outbox",
    "memory": "afterscore.outreach.channels.memory.Memory",
}


INSTALL = "install"  # the key of the way that is set for the whole install


@dataclass(frozen=True, slots=True)
class Way:
    """By which channel mail leaves, and what that channel has to know.

    Two ways with the same key but other contents are the same way after its settings changed.
    """

    key: str  # INSTALL, or the public id of a route
    channel: str  # a key of CHANNELS
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    per_minute: int | None = None  # None: as fast as the other side takes it


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
    provider_id: str = ""  # the other side's name for it, by which it will report on it


@dataclass(frozen=True, slots=True)
class Declined:
    """The other side certainly does not have it."""

    number: int
    reply: str
    is_permanent: bool
    blames_address: bool = False
    blames_way: bool = False  # key, account or network: no letter's fault, and not held against it
    is_last: bool = False  # the other side went away with it, or said that it would
    rest: float = 0.0  # so many seconds the other side asks to be left alone, where it says so


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was handed over whole and no reply came: nobody knows."""

    number: int
    reply: str
    may_repeat: bool = False  # the same again is recognised, for as long as `repeat_window` says


@dataclass(frozen=True, slots=True)
class Untried:
    """Not handed over, through no fault of the message: it may go again at once."""

    number: int


Outcome = Accepted | Declined | Unknown | Untried

HandOff = Callable[[Sequence[int]], frozenset[int]]
"""Asks, with all that may have changed since, which of these may go now. What it returns is
written down as being handed over; the others must not leave."""


class Unreachable(Exception):
    """Nothing can be delivered at all at present; the message says why. `rest`: so many seconds the
    other side asks to be left alone."""

    def __init__(self, message: str, *, rest: float = 0.0) -> None:
        super().__init__(message)
        self.rest = rest


class Channel(Protocol):
    """Made from its way alone: `Channel(way)`."""

    batch_size: int  # the most that is claimed for it
    handful: int  # so many are composed and given to it at once
    needs_content: bool

    @property
    def repeat_window(self) -> timedelta | None:
        """How long after its first hand-off the other side recognises a letter that is handed over
        again, and takes it once. None: it does not."""

    def open(self) -> None:
        """Makes ready for letters, or stays so; raises Unreachable."""

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        """One outcome for each letter, each list as soon as it is known."""

    def close(self) -> None:
        """Nothing more is to be sent for now; never raises."""


def make(way: Way) -> Channel:
    channel: Channel = import_string(CHANNELS[way.channel])(way)
    return channel
