"""Who hears of which fact (filled from config/subscribers.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from afterscore.journal.models import Fact

Handler = Callable[[Fact], None]


def handlers_of(name: str) -> tuple[str, ...]:
    """Dotted paths of the functions that take a fact of this name."""
    subscribers: dict[str, tuple[str, ...]] = settings.AFTERSCORE_SUBSCRIBERS
    return subscribers.get(name, ())


def load(path: str) -> Handler:
    handler: Handler = import_string(path)
    return handler
