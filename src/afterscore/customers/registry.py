"""What other apps know of a customer, and do for one (named in config/timeline.py and stops.py).

Customers lie low in the house; whatever asks, answers and replies lies above. Each of those apps
offers a function, and the pages of a contact and of an account show what all of them return.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from afterscore.customers.models import Contact
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `icon` is a name of frontend/icons.json, `tone` one of the time
    line's ("", good, warn, bad, promoter, …), `url` a path of the desk or "", `contact` whom it
    concerns: shown where a time line tells of several people."""

    at: datetime
    title: str
    text: str = ""
    icon: str = "dot"
    tone: str = ""
    url: str = ""
    score: int | None = None
    actor: str = ""
    contact: Contact | None = None

    @property
    def title_with_name(self) -> str:
        return f"{self.contact} · {self.title}" if self.contact else self.title


@dataclass(frozen=True, slots=True)
class MayAsk:
    """Whether a program may ask a contact now; if not, why, and from when where that passes."""

    title: str
    program: str
    url: str
    may: bool
    reason: str = ""
    text: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """One message of a wave; `says` puts its state in words, `why` is the reason, if any."""

    label: str
    state: str
    says: str
    at: datetime
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """What became of a contact in one wave."""

    title: str
    program: str
    wave: int
    url: str
    at: datetime
    state: str
    is_asked: bool
    reason: str
    text: str
    until: datetime | None
    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class AskedStory:
    """`past` is newest first."""

    now: tuple[MayAsk, ...]
    past: tuple[AskedOnce, ...]


class AskedSource(Protocol):
    def __call__(self, *, contact: Contact, now: datetime) -> AskedStory: ...


class TimelineSource(Protocol):
    def __call__(
        self, *, workspace: Workspace, contacts: Sequence[Contact]
    ) -> Iterable[TimelineItem]: ...


class ScoreSource(Protocol):
    def __call__(self, *, workspace: Workspace, contacts: Sequence[Contact]) -> dict[int, int]:
        """The latest score of each contact who ever gave one, by the contact's key."""


def timeline_of(*, workspace: Workspace, contacts: Sequence[Contact]) -> list[TimelineItem]:
    """Everything known of these contacts, newest first.

    An answer that two sources tell of is one entry: the one that leads further.
    """
    items: list[TimelineItem] = []
    for path in settings.AFTERSCORE_TIMELINE:
        source: TimelineSource = import_string(path)
        items.extend(source(workspace=workspace, contacts=contacts))
    return sorted(_once_each(items), key=lambda item: item.at, reverse=True)


def _once_each(items: Iterable[TimelineItem]) -> Iterator[TimelineItem]:
    told: set[tuple[datetime, int, int]] = set()
    for item in sorted(items, key=lambda item: not item.url):
        if item.score is not None and item.contact is not None:
            answer = (item.at, item.contact.pk, item.score)
            if answer in told:
                continue
            told.add(answer)
        yield item


def latest_scores(*, workspace: Workspace, contacts: Sequence[Contact]) -> dict[int, int]:
    scores: dict[int, int] = {}
    for path in settings.AFTERSCORE_LATEST_SCORES:
        source: ScoreSource = import_string(path)
        scores |= source(workspace=workspace, contacts=contacts)
    return scores


def tell_asking(*, contact: Contact, now: datetime) -> AskedStory:
    """Why the contact was asked or not, and who may ask now."""
    source: AskedSource = import_string(settings.AFTERSCORE_ASKED)
    return source(contact=contact, now=now)


class StopSource(Protocol):
    def __call__(
        self, *, workspace: Workspace, since: Mapping[int, datetime], why: str, now: datetime
    ) -> int:
        """Ends what was begun with each of these contacts before an instant of their own."""


def stop_asking(
    *, workspace: Workspace, since: Mapping[int, datetime], why: str, now: datetime
) -> int:
    """Nothing automatic that was begun before goes to these contacts any more, from the moment
    the caller's transaction commits. `why` is a sentence; `since` is by the contact's key."""
    stopped = 0
    for path in settings.AFTERSCORE_STOPS:
        source: StopSource = import_string(path)
        stopped += source(workspace=workspace, since=since, why=why, now=now)
    return stopped


class Eraser(Protocol):
    def __call__(self, *, contact: Contact, now: datetime) -> Iterable[str]:
        """Forgets every word of and about this person. Returns the public ids of what was theirs,
        by which the journal may speak of them."""


def forget(*, contact: Contact, now: datetime) -> list[str]:
    """Everything that apps above know of a person; the contact still holds name and address."""
    subjects: list[str] = []
    for path in settings.AFTERSCORE_ERASERS:
        erase: Eraser = import_string(path)
        subjects.extend(erase(contact=contact, now=now))
    return subjects
