"""Who looks after a stream when its mails come back (named in config/stops.py).

Whether a wave goes on lies above; that a mail came back is heard here.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from afterscore.outreach.models import Message


class Watcher(Protocol):
    def __call__(self, *, stream: str, now: datetime) -> object:
        """Looks at what has come back of the stream, and acts on it. Safe to repeat."""


def tell_watchers(*, message: Message, now: datetime) -> None:
    """Once this transaction is committed. What a watcher cannot do then, its own round does within
    the minute; its error is logged, and the mail that came back is heard all the same."""
    for path in settings.AFTERSCORE_WATCHERS:
        watch: Watcher = import_string(path)
        transaction.on_commit(partial(watch, stream=message.stream, now=now), robust=True)
