"""What became of the mails of each kind of visitor."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from afterscore.domain.scanners import Validity
from afterscore.outreach.models import Suppression
from afterscore.responses import operations
from afterscore.responses.models import Response
from tests.people import NOW
from tests.scanners.browsing import Visitor
from tests.scanners.clickers import CLICKERS, IMITATORS
from tests.scanners.fetchers import FETCHERS, look_in_disguise
from tests.scanners.mails import Mail
from tests.scanners.readers import READERS

__all__ = ["Outcome", "Visitor", "mails_needed", "visit_all"]

LATER = NOW + timedelta(days=30)


@dataclass
class Outcome:
    """How many mails one kind of visitor got, and what their answers are worth."""

    kind: str
    mails: int = 0
    worth: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.kind, self.mails + other.mails, self.worth + other.worth)

    @property
    def counted(self) -> int:
        return self.worth[Validity.COUNTED]

    @property
    def provisional(self) -> int:
        return self.worth[Validity.PROVISIONAL]

    @property
    def quarantined(self) -> int:
        return self.worth[Validity.QUARANTINED]

    @property
    def quarantine_ratio(self) -> float:
        """Of the mails that got an answer."""
        answered = self.worth.total()
        return self.quarantined / answered if answered else 0.0


Plan = Sequence[tuple[str, object, int]]


def plan(fetched: int, clicked: int, read: int) -> Iterator[tuple[str, str, object, int]]:
    """(group, kind, what they do, to how many mails)."""
    for kind, fetch in FETCHERS.items():
        yield "fetchers", kind, fetch, -(-fetched // len(FETCHERS))
    yield "disguised", "looks, hides what it is", look_in_disguise, max(1, clicked // 4)
    for kind, click in CLICKERS.items():
        yield "clickers", kind, click, -(-clicked // len(CLICKERS))
    for kind, click in IMITATORS.items():
        yield "imitators", kind, click, max(1, clicked // 20)
    for kind, (reader, share) in READERS.items():
        yield "readers", kind, reader, -(-read * share // 100)


def mails_needed(fetched: int, clicked: int, read: int) -> int:
    return sum(mails for _group, _kind, _act, mails in plan(fetched, clicked, read))


def visit_all(
    mails: Sequence[Mail], *, fetched: int, clicked: int, read: int, seed: int
) -> Mapping[str, list[Outcome]]:
    """Every visitor does what such visitors do; then the second look; then the count."""
    chance = random.Random(seed)
    left = iter(mails)
    outcomes: dict[str, list[Outcome]] = {}
    visited: dict[int, Outcome] = {}
    for group, kind, act, number in plan(fetched, clicked, read):
        outcome = Outcome(kind)
        outcomes.setdefault(group, []).append(outcome)
        for _ in range(number):
            mail = next(left)
            act(mail, chance)  # type: ignore[operator]
            visited[mail.enrolment] = outcome
            outcome.mails += 1
    while operations.settle(now=LATER):
        pass
    for enrolment, validity in Response.objects.values_list("enrolment_id", "validity"):
        visited[enrolment].worth[validity] += 1
    assert not Suppression.objects.exists(), "a fetch has unsubscribed somebody"
    return outcomes
