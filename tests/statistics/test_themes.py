"""The words of the usual themes against what a person found in real comments, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import themes

LEAST = {"garden_fr_nps": (0.9, 0.6), "skytrax_airline_sample": (0.95, 0.85)}
"""Precision and recall; `make bench-themes` prints what they are."""


@pytest.mark.parametrize("name", LEAST)
def test_the_usual_words_rather_overlook_than_mistake(real_data: Path, name: str):
    found = themes.compare(name, real_data / "datasets")
    precision, recall = LEAST[name]
    assert found.comments >= 40
    assert found.precision >= precision
    assert found.recall >= recall
