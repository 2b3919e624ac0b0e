"""The parts of a case's page between what one may do and what was done: tasks, promises, gifts.

Each is a template `cases/part_*.html`, included by one line of `case.html`, and a function here
that says what the template needs. A part that has nothing to show and nothing to offer is left out
by its own template.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from afterscore.cases.models import Case
from afterscore.cases.views import following, giving, improving, keeping, mails, steps

Part = Callable[[HttpRequest, Case, datetime], dict[str, Any]]

PARTS: tuple[Part, ...] = (
    mails.where_answers_go,
    following.part_of,
    steps.steps_of,
    keeping.part,
    giving.part,
    improving.part,
)


def context_of(request: HttpRequest, case: Case, now: datetime) -> dict[str, Any]:
    """What all of them need, under names of their own."""
    context: dict[str, Any] = {}
    for part in PARTS:
        context |= part(request, case, now)
    return context
