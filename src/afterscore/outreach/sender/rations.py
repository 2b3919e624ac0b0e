"""Which of the claimed messages may go now, and when the others may: at most so many a minute to
one mailbox provider, and so many automated ones a day from one workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings

from afterscore.domain import calendars, throttling
from afterscore.domain.throttling import Limit
from afterscore.outreach.models import Message
from afterscore.outreach.queries import AUTOMATED
from afterscore.outreach.sender import throttles
from afterscore.outreach.sender.throttles import Demand
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Later:
    at: datetime
    why: str


@dataclass
class Rations:
    """What one batch was given; whatever does not leave after all is given back."""

    workspace: Workspace
    now: datetime
    at: datetime | None
    _of_day: set[int] = field(default_factory=set)
    _of_bucket: dict[int, str] = field(default_factory=dict)

    def postpone(self, messages: Sequence[Message]) -> dict[Message, Later]:
        """Those that must wait; the others have what they need."""
        waiting = self._beyond_the_day(messages)
        rest = [message for message in messages if message not in waiting]
        beyond_the_minute = self._beyond_the_minute(rest)
        self._give_back_of_day(message.pk for message in beyond_the_minute)
        return waiting | beyond_the_minute

    def _beyond_the_day(self, messages: Sequence[Message]) -> dict[Message, Later]:
        cap = self.workspace.daily_cap
        automated = [message for message in messages if message.kind in AUTOMATED]
        if cap is None or not automated:
            return {}
        granted = throttles.take_of_day(
            workspace=self.workspace,
            day=self._day,
            begins=self._start_of(self._day),
            ends=self._start_of(self._day + timedelta(days=1)),
            wanted=len(automated),
            at=self.at,
        )
        self._of_day = {message.pk for message in automated[:granted]}
        tomorrow = self._start_of(self._day + timedelta(days=1))
        later = Later(tomorrow, f"Today's {cap:,} automated messages have left: due the next day.")
        return dict.fromkeys(automated[granted:], later)

    def _beyond_the_minute(self, messages: Sequence[Message]) -> dict[Message, Later]:
        bound: dict[Limit, list[Message]] = {}
        for message in messages:
            limit = _limit_of(message)
            if limit is not None:
                bound.setdefault(limit, []).append(message)
        demands = {limit.key: Demand(limit.rate, len(those)) for limit, those in bound.items()}
        granted = throttles.take(demands, at=self.at)
        waiting: dict[Message, Later] = {}
        for limit, those in bound.items():
            go, wait = those[: granted[limit.key]], those[granted[limit.key] :]
            self._of_bucket |= dict.fromkeys((message.pk for message in go), limit.key)
            waiting |= self._in_a_row(limit, wait)
        return waiting

    def _in_a_row(self, limit: Limit, messages: Sequence[Message]) -> dict[Message, Later]:
        if not messages:
            return {}
        rate = f"{limit.rate.per_minute:,}"
        why = f"Waits its turn: at most {rate} mails a minute go to {limit.name}."
        places = throttles.book(limit.key, len(messages), limit.rate, now=self.now)
        return {message: Later(place, why) for message, place in zip(messages, places, strict=True)}

    def give_back(self, numbers: Sequence[int]) -> None:
        """These have not left: nothing was used up."""
        buckets = Counter(
            self._of_bucket.pop(number) for number in numbers if number in self._of_bucket
        )
        throttles.give_back(buckets)
        self._give_back_of_day(numbers)

    def give_back_refused(self, numbers: Sequence[int]) -> None:
        """The mail server has seen these, but nobody was written to."""
        self._give_back_of_day(numbers)

    def _give_back_of_day(self, numbers: Iterable[int]) -> None:
        those = self._of_day.intersection(numbers)
        self._of_day -= those
        if those:
            throttles.give_back_of_day(workspace=self.workspace, day=self._day, number=len(those))

    @property
    def _day(self) -> date:
        return calendars.local_day(self.now, self._zone)

    def _start_of(self, day: date) -> datetime:
        return calendars.localise(day, time(0), self._zone)

    @property
    def _zone(self) -> str:
        return calendars.zone_or(self.workspace.time_zone, "UTC")


def _limit_of(message: Message) -> Limit | None:
    """What stays in the outbox needs no brake."""
    if message.route_id is None and settings.AFTERSCORE_CHANNEL == "outbox":
        return None
    return throttling.limit_of(message.to_email, settings.AFTERSCORE_DOMAIN_RATES)
