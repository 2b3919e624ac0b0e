"""Waits until a wave has come to its end, and lets hours pass where a retry would wait for them."""

from __future__ import annotations

import time

from django.db import connection
from django.db.models.functions import Now

from afterscore.outreach.models import Message, State
from tests.chaos.crowd import Crowd
from tests.chaos.ground import Ground

OPEN = (State.PLANNED, State.DUE, State.CLAIMED, State.HANDOFF)


def until_nothing_waits(
    place: Ground, crowd: Crowd, *, seconds: float, hours_pass: bool = False
) -> None:
    deadline = time.monotonic() + seconds
    waiting = Message.objects.filter(workspace=crowd.workspace, state__in=OPEN)
    while waiting.exists():
        place.assert_alive()
        if time.monotonic() > deadline:
            what = f"{waiting.count()} messages still wait\n{place.said_by_workers()}"
            raise TimeoutError(f"In {seconds:g} s the wave did not come to its end: {what}")
        if hours_pass:
            let_hours_pass()
        time.sleep(0.1)


def let_hours_pass() -> None:
    """What was put off after a refusal is due now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outreach_message SET due_at = clock_timestamp() - interval '1 second'"
            " WHERE state = 'due' AND due_at > clock_timestamp()"
        )


def until_only_later_wait(crowd: Crowd, *, seconds: float) -> None:
    """What is due has come to its end; what is planned for other days still waits."""
    deadline = time.monotonic() + seconds
    waiting = Message.objects.filter(workspace=crowd.workspace, state__in=OPEN)
    now = waiting.exclude(to_email__startswith="later")
    while now.exists():
        if time.monotonic() > deadline:
            rows = list(now.values_list("state", "due_at", "lease_until", "reason")[:5])
            raise TimeoutError(f"In {seconds:g} s {now.count()} did not leave, such as {rows}")
        time.sleep(0.1)


def make_due(crowd: Crowd) -> int:
    """What waits for its day is due at once. How many these are."""
    waiting = Message.objects.filter(
        workspace=crowd.workspace, state__in=OPEN, to_email__startswith="later"
    )
    return waiting.update(due_at=Now())
