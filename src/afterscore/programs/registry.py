"""What the people of a wave answered, and what waits to be followed up, told by apps above (named
in config/timeline.py).

Programs know that somebody answered, and when; the score lies with the answers, the work with the
cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from afterscore.domain import alike, nps
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.scanners import SetAside
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import Workspace


class HistogramSource(Protocol):
    def __call__(self, *, enrolments: QuerySet[Enrolment]) -> Histogram:
        """The scores these people gave, counted."""


def histogram_of(enrolments: QuerySet[Enrolment]) -> Histogram:
    source: HistogramSource = import_string(settings.AFTERSCORE_ENROLMENT_SCORES)
    return source(enrolments=enrolments)


class VoicesSource(Protocol):
    def __call__(self, *, enrolments: QuerySet[Enrolment]) -> Sums | None:
        """The sums over the accounts of these people; None where nobody answered."""


def tally_of(enrolments: QuerySet[Enrolment]) -> Tally:
    """Of what these people answered, with people of one account taken for alike."""
    source: VoicesSource = import_string(settings.AFTERSCORE_ENROLMENT_VOICES)
    voices = source(enrolments=enrolments)
    return nps.tally(histogram_of(enrolments), design_effect=alike.design_effect(voices))


class SetAsideSource(Protocol):
    def __call__(self, *, workspace: Workspace, waves: Sequence[Wave]) -> dict[int, SetAside]:
        """What stands beside the answers of these waves, by the wave's key."""


def set_aside_of(*, workspace: Workspace, waves: Sequence[Wave]) -> dict[int, SetAside]:
    source: SetAsideSource = import_string(settings.AFTERSCORE_SET_ASIDE)
    return source(workspace=workspace, waves=waves)


class AnswersSource(Protocol):
    def __call__(self, *, waves: Sequence[Wave]) -> QuerySet[Any]:
        """The public ids of what these waves were answered, one column."""


def answers_of(waves: Sequence[Wave]) -> QuerySet[Any]:
    """The streams to which follow-ups belong."""
    source: AnswersSource = import_string(settings.AFTERSCORE_ANSWERS)
    return source(waves=waves)


class QueueSource(Protocol):
    def __call__(self, *, workspace: Workspace) -> Mapping[int | None, int]:
        """Customers who wait to hear from us, by the key of the member who has them, None for
        nobody."""


def count_waiting(workspace: Workspace) -> Mapping[int | None, int]:
    source: QueueSource = import_string(settings.AFTERSCORE_WAITING)
    return source(workspace=workspace)
