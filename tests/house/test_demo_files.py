"""Each file of the demo is listed in docs/demo.md, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "afterscore" / "config" / "demo"


def test_the_docs_list_each_file_of_the_demo() -> None:
    there = {path.name for path in FOLDER.glob("*.py")} - {"__init__.py"}
    table = (ROOT / "docs" / "demo.md").read_text().partition("## Its files")[2]
    assert set(re.findall(r"`(\w+\.py)`", table)) == there
