from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as examples

from afterscore.insights.mart import links
from afterscore.outreach import guards
from tests import people as cast

pytest_plugins = ["tests.browser"]

# One tree, one verdict: the examples follow from each test. HYPOTHESIS_PROFILE=exploring draws new
# ones. A busy machine is not a fault of the code: no deadline for a single example.
examples.register_profile("steady", deadline=None, derandomize=True)
examples.register_profile("exploring", deadline=None, max_examples=2_000)
examples.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def own_ledger(settings: Any) -> None:
    """Each test writes its own ledger: what another test has sent is unknown to its database."""
    running = Path(os.environ["AFTERSCORE_TESTS_RUNNING"])
    settings.LEDGER_DIR = running / "ledgers" / secrets.token_hex(6)
    guards.forget()


@pytest.fixture(autouse=True)
def own_mart(settings: Any) -> None:
    """Each test seals into a folder of its own: its database knows of no other test's files."""
    running = Path(os.environ["AFTERSCORE_TESTS_RUNNING"])
    settings.MART_DIR = running / "marts" / secrets.token_hex(6)


@pytest.fixture(scope="session", autouse=True)
def no_idle_links(django_db_setup: None) -> Iterator[None]:
    """A database cannot go while somebody is connected to it."""
    yield
    links.close_all()


@pytest.fixture
def people(db: None) -> cast.People:
    return cast.invite_everybody()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data and golden figures; tests that need it are skipped without it."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("AFTERSCORE_TEST_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"the real data are not here ({folder.name} is absent)")
    return folder
