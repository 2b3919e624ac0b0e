"""One thing done to several cases: each by itself, and none spoiled by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from afterscore.cases.models import Case
from afterscore.kit.errors import Refused


@dataclass(slots=True)
class Result:
    """What was done, and what was left as it is, with the reason in words."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


def do_together(*, cases: Iterable[Case], perform: Callable[[Case], Case]) -> Result:
    result = Result()
    for case in cases:
        try:
            with transaction.atomic():
                result.done.append(perform(case))
        except Refused as error:
            result.refused.append((case, error.message))
    return result
