"""A guard is a row that is there from its first closing on."""

from __future__ import annotations

import logging
from datetime import datetime

from afterscore.outreach.models import Guard

logger = logging.getLogger(__name__)


def close(name: str, why: str, *, now: datetime) -> str:
    """From now on nothing is sent, for this reason. What closed it first stays its reason."""
    Guard.objects.get_or_create(name=name, defaults={"changed_at": now})
    closed = Guard.objects.filter(name=name, is_closed=False)
    if closed.update(is_closed=True, why=why, changed_at=now):
        logger.error("%s", why)
    return why


def open_again(name: str, *, now: datetime) -> bool:
    closed = Guard.objects.filter(name=name, is_closed=True)
    return bool(closed.update(is_closed=False, changed_at=now))


def write(name: str, value: str, *, now: datetime) -> None:
    """What is compared with at the next look."""
    Guard.objects.update_or_create(name=name, defaults={"value": value, "changed_at": now})
