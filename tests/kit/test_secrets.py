"""Passwords and keys of others at rest."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.config import environment
from afterscore.kit import secrets

VALUES = {"password": "correct horse battery staple", "api_key": "re_Zx81-Q"}


@pytest.fixture(autouse=True)
def keys(settings, tmp_path: Path) -> list[str]:
    made = [secrets.new_key()]
    settings.AFTERSCORE_SECRETS_KEYS = made
    settings.AFTERSCORE_SECRETS_FILE = tmp_path / "secrets_keys"
    return made


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_what_is_locked_comes_out_again_and_does_not_shine_through(values: dict[str, str]) -> None:
    box = secrets.lock(values, owner="rte_one")
    assert secrets.unlock(box, owner="rte_one") == values
    assert not any(value in box for value in values.values() if len(value) > 3)


def test_nothing_needs_no_box() -> None:
    assert secrets.lock({}, owner="rte_one") == ""
    assert secrets.unlock("", owner="rte_one") == {}


def test_a_box_opens_for_its_owner_alone() -> None:
    with pytest.raises(secrets.Unreadable, match="another entry"):
        secrets.unlock(secrets.lock(VALUES, owner="rte_one"), owner="rte_two")


def test_a_stranger_key_opens_nothing_and_the_error_says_what_to_do(settings) -> None:
    box = secrets.lock(VALUES, owner="rte_one")
    settings.AFTERSCORE_SECRETS_KEYS = [secrets.new_key()]
    with pytest.raises(secrets.Unreadable, match="AFTERSCORE_SECRETS_KEYS"):
        secrets.unlock(box, owner="rte_one")


def test_a_changed_box_is_noticed() -> None:
    box = secrets.lock(VALUES, owner="rte_one")
    with pytest.raises(secrets.Unreadable):
        secrets.unlock(box[:-9] + ("A" if box[-9] != "A" else "B") + box[-8:], owner="rte_one")


def test_rotating_keeps_it_readable_and_makes_the_old_key_needless(settings, keys) -> None:
    box = secrets.lock(VALUES, owner="rte_one")
    settings.AFTERSCORE_SECRETS_KEYS = [secrets.new_key(), *keys]
    assert not secrets.is_current(box)
    fresh = secrets.rotate(box)
    assert secrets.is_current(fresh)
    settings.AFTERSCORE_SECRETS_KEYS = settings.AFTERSCORE_SECRETS_KEYS[:1]
    assert secrets.unlock(fresh, owner="rte_one") == VALUES


def test_a_running_process_finds_a_key_that_was_added_meanwhile(settings, keys) -> None:
    added = secrets.new_key()
    running, settings.AFTERSCORE_SECRETS_KEYS = keys, [added, *keys]
    box = secrets.lock(VALUES, owner="rte_one")
    settings.AFTERSCORE_SECRETS_KEYS = running
    settings.AFTERSCORE_SECRETS_FILE.write_text("\n".join([added, *keys]))
    assert secrets.unlock(box, owner="rte_one") == VALUES


def test_what_others_say_is_kept_without_our_keys() -> None:
    said = "401 Unauthorized: the key re_Zx81-Q is unknown"
    assert secrets.hide(said, VALUES) == "401 Unauthorized: the key [hidden] is unknown"


def test_the_key_is_made_once_for_the_owner_of_the_data_alone(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("AFTERSCORE_SECRETS_KEYS", raising=False)
    first = environment.secrets_keys(tmp_path)
    assert environment.secrets_keys(tmp_path) == first
    path = environment.secrets_keys_file(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    added = environment.add_secrets_key(tmp_path)
    assert added[1:] == first
    assert environment.secrets_keys(tmp_path) == added
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keys_of_the_environment_go_before_and_none_is_written(tmp_path, monkeypatch) -> None:
    one, two = secrets.new_key(), secrets.new_key()
    monkeypatch.setenv("AFTERSCORE_SECRETS_KEYS", f"{one}, {two}")
    assert environment.secrets_keys(tmp_path) == [one, two]
    assert not environment.secrets_keys_file(tmp_path).exists()


def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AFTERSCORE_SECRETS_KEYS", f"{secrets.new_key()},swordfish")
    with pytest.raises(SystemExit) as refusal:
        environment.secrets_keys(tmp_path)
    assert "Key 2 of AFTERSCORE_SECRETS_KEYS" in str(refusal.value)
    assert "swordfish" not in str(refusal.value)


def test_a_new_key_is_printed_without_a_database() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "afterscore", "secrets", "new-key"],
        capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert len(base64.urlsafe_b64decode(made.stdout.strip())) == 32
