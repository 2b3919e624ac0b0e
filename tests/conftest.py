from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import pytest

from afterscore.outreach import guards
from tests import people as cast

pytest_plugins = ["tests.browser"]


@pytest.fixture(autouse=True)
def own_ledger(settings: Any) -> None:
    """Each test writes its own ledger: what another test has sent is unknown to its database."""
    running = Path(os.environ["AFTERSCORE_TESTS_RUNNING"])
    settings.LEDGER_DIR = running / "ledgers" / secrets.token_hex(6)
    guards.forget()


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
