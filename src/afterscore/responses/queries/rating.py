"""How many gave each number to the questions about satisfaction and effort."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
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
    found: dict[int, dict[int, int]] = {}
    keys: dict[str, list[Wave]] = {}
    for wave in waves:
        for driver in surveys.questionnaire_of(wave.survey_version).drivers:
            if driver.kind is kind:
                found[wave.pk] = {}
                keys.setdefault(driver.key, []).append(wave)
    for key, asked in keys.items():
        rows = (
            counted(workspace)
            .filter(wave__in=asked, drivers__has_key=key)
            .order_by()
            .annotate(given=KeyTextTransform(key, "drivers"))
            .values_list("wave_id", "given")
            .annotate(answers=Count("*"))
        )
        for wave_id, given, number in rows:
            found[wave_id][int(given)] = number
    return found
