"""How many gave each number to the questions about satisfaction and effort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, TextField, When
from django.db.models.fields.json import KeyTextTransform

from afterscore.domain.questionnaire import DriverKind
from afterscore.programs.models import Wave
from afterscore.responses.queries.selecting import counted
from afterscore.surveys import queries as surveys
from afterscore.workspaces.models import Workspace


def count_ratings(
    *, workspace: Workspace, waves: Sequence[Wave], kind: DriverKind
) -> dict[int, dict[int, int]]:
    """By the wave's key, of the waves that asked it; a wave that nobody answered it in has an
    empty count. The waves come with their survey versions."""
    asked = _by_key(waves, kind)
    found: dict[int, dict[int, int]] = {wave.pk: {} for each in asked.values() for wave in each}
    for key, among in asked.items():
        rows = (
            counted(workspace)
            .filter(wave__in=among, drivers__has_key=key)
            .order_by()
            .annotate(given=KeyTextTransform(key, "drivers"))
            .values_list("wave_id", "given")
            .annotate(answers=Count("*"))
        )
        for wave_id, given, number in rows:
            found[wave_id][int(given)] = number
    return found


def list_rated(*, workspace: Workspace, waves: Sequence[Wave], kind: DriverKind) -> QuerySet[Any]:
    """The answers that `count_ratings` counts, each with what was `given`, the newest first."""
    among, cases = Q(pk__in=[]), []
    for key, asked in _by_key(waves, kind).items():
        among |= Q(wave__in=asked, drivers__has_key=key)
        cases.append(When(wave__in=asked, then=KeyTextTransform(key, "drivers")))
    given = Case(*cases, output_field=TextField())
    found = counted(workspace).filter(among).annotate(given=given)
    return found.select_related("contact", "account", "wave").order_by("-received_at", "-id")


def _by_key(waves: Sequence[Wave], kind: DriverKind) -> dict[str, list[Wave]]:
    """The waves that asked it, by the name under which the question went."""
    keys: dict[str, list[Wave]] = {}
    for wave in waves:
        for driver in surveys.questionnaire_of(wave.survey_version).drivers:
            if driver.kind is kind:
                keys.setdefault(driver.key, []).append(wave)
    return keys
