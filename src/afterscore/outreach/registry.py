"""Who looks after a stream when its mails come back (named in config/stops.py), and who reads the
mail that is written to addresses of ours (config/mailboxes.py).

Whether a wave goes on, or what a case makes of a letter, lies above; that it came is heard here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import ClassVar, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from afterscore.outreach.models import InboundEvent, Message
from afterscore.workspaces.models import Workspace


class Watcher(Protocol):
    def __call__(self, *, stream: str, now: datetime) -> object:
        """Looks at what has come back of the stream, and acts on it. Safe to repeat."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was made of a mail, in words, and the message it turned out to be about."""

    words: str
    message: Message | None = None


class Mailbox(Protocol):
    prefix: ClassVar[str]  # of the public ids that its tokens name
    most_bytes: ClassVar[int]  # of one mail

    def find_owner(self, *, token: str, raw: bytes, now: datetime) -> Workspace | None:
        """Whose mail it is; None for nobody's, which is refused at the door."""

    def read(self, *, token: str, event: InboundEvent, raw: bytes, now: datetime) -> Outcome:
        """Does what is to be done, in the transaction that notes the outcome. Safe to repeat."""


class Reader(Protocol):
    def __call__(
        self, *, message: Message, event: InboundEvent, raw: bytes, now: datetime
    ) -> Outcome | None:
        """Takes what somebody, or a machine for them, wrote back about a message of ours to the
        address for bounces; None where the message is not of its kind. Safe to repeat."""


def find_mailbox(kind: str) -> Mailbox | None:
    path = settings.AFTERSCORE_MAILBOXES.get(kind)
    mailbox: Mailbox | None = None if path is None else import_string(path)()
    return mailbox


def offer(*, message: Message, event: InboundEvent, raw: bytes, now: datetime) -> Outcome | None:
    """To each reader until one takes it."""
    for path in settings.AFTERSCORE_READERS:
        read: Reader = import_string(path)
        outcome = read(message=message, event=event, raw=raw, now=now)
        if outcome is not None:
            return outcome
    return None


def tell_watchers(*, message: Message, now: datetime) -> None:
    """Once this transaction is committed. What a watcher cannot do then, its own round does within
    the minute; its error is logged, and the mail that came back is heard all the same."""
    for path in settings.AFTERSCORE_WATCHERS:
        watch: Watcher = import_string(path)
        transaction.on_commit(partial(watch, stream=message.stream, now=now), robust=True)
