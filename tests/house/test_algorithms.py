"""Every statistic has a page that says in words, with formula and source, what it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN, PAGES = ROOT / "src" / "afterscore" / "domain", ROOT / "docs" / "algorithms"
RECKONS = re.compile(
    r"^\s*import numpy|^\s*from (statistics|scipy)"
    r"|^from afterscore\.domain import .*\b(intervals|compare|families|pooling|effective|power)\b",
    re.MULTILINE,
)


def statistics_in_the_domain() -> list[str]:
    """Modules that reckon with chance, and packages with one in them."""
    found = {
        path.relative_to(DOMAIN).parts[0].removesuffix(".py")
        for path in DOMAIN.rglob("*.py")
        if RECKONS.search(path.read_text())
    }
    return sorted({*found, "nps", "scales"})


@pytest.mark.parametrize("module", statistics_in_the_domain())
def test_every_statistics_module_is_named_on_a_page_of_algorithms(module: str) -> None:
    pattern = re.compile(rf"`domain/{module}(\.py|/)")
    assert any(pattern.search(page.read_text()) for page in PAGES.glob("*.md"))


def test_there_are_as_many_as_one_would_think() -> None:
    assert len(statistics_in_the_domain()) >= 30


def test_the_index_leads_to_every_page_and_to_none_that_is_not_there() -> None:
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", (PAGES / "README.md").read_text()))
    assert linked == {page.name for page in PAGES.glob("*.md")} - {"README.md"}
