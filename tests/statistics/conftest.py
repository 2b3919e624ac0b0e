from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def golden(real_data: Path) -> dict[str, Any]:
    """Independent figures of every data set (pandas, statsmodels, checked against R)."""
    figures: dict[str, Any] = json.loads((real_data / "golden.json").read_text())
    return figures


@pytest.fixture(scope="session")
def rows_of(real_data: Path) -> Callable[[str], Rows]:
    """Read a data set's file, packed or not."""

    def read(name: str) -> Rows:
        plain = real_data / "datasets" / f"{name}.csv"
        if plain.exists():
            with plain.open(newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))
        packed = plain.with_suffix(".csv.gz")
        with gzip.open(packed, "rt", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return read
