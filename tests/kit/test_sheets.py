from __future__ import annotations

import pytest

from afterscore.kit import sheets


@pytest.mark.parametrize("text", ["-45", "-0.5", "-45.25", "12", "Nora", ""])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert sheets.without_formula(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "-A1", "--1", "-1.", "@SUM(A1)", "\t1", "-"]
)
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert sheets.without_formula(text) == f"'{text}"
