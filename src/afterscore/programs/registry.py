"""What the people of a wave answered, told by an app above (named in config/timeline.py).

Programs know that somebody answered, and when; the score lies with the answers.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from afterscore.domain.nps import Histogram
from afterscore.programs.models import Enrolment


class HistogramSource(Protocol):
    def __call__(self, *, enrolments: QuerySet[Enrolment]) -> Histogram:
        """The scores these people gave, counted."""


def histogram_of(enrolments: QuerySet[Enrolment]) -> Histogram:
    source: HistogramSource = import_string(settings.AFTERSCORE_ENROLMENT_SCORES)
    return source(enrolments=enrolments)
