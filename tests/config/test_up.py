"""Everything in one command, from the outside: started, killed, started again."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

START_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Install:
    """An install of its own: data folder, port, and the processes started on them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AFTERSCORE")}
        kept.pop("DATABASE_URL", None)
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return {**kept, "AFTERSCORE_DATA_DIR": str(self.data), "AFTERSCORE_PORT": str(self.port)}

    def up(self) -> None:
        with (self.data / "out").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "afterscore", "up"],
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait_until_it_answers()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "afterscore", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as page:
                return bool(json.load(page) == {"status": "ok"})
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            return False

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert time.monotonic() < deadline, (self.data / "out").read_text()
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError((self.data / "out").read_text())
            time.sleep(0.1)

    def children(self, kind: str) -> list[int]:
        """Process ids of this install's `web` or `worker`, or of its `postgres`."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if self._is_ours(entry, command, kind):
                    found.append(int(entry.name))
        return found

    def _is_ours(self, entry: Path, command: list[bytes], kind: str) -> bool:
        if kind == "postgres":
            return bytes(self.data / "postgres" / "cluster") in command
        environment = (entry / "environ").read_bytes().split(b"\0")
        ours = b"AFTERSCORE_DATA_DIR=" + bytes(self.data)
        return kind.encode() in command and b"afterscore" in command and ours in environment

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def gone(self, kind: str, seconds: float = 30.0) -> bool:
        deadline = time.monotonic() + seconds
        while self.children(kind):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


@pytest.fixture
def fresh() -> Iterator[Install]:
    """With nothing in its data folder."""
    with in_a_folder() as made:
        yield made


@pytest.fixture(scope="module")
def stopped() -> Iterator[Install]:
    """Was up once, so that its database is there."""
    with in_a_folder() as made:
        made.up()
        made.stop()
        yield made


@pytest.fixture
def install(stopped: Install) -> Iterator[Install]:
    """With a data folder that another start has filled: most tests are about what comes later."""
    with in_a_folder() as made:
        subprocess.run(["cp", "-a", f"{stopped.data}/.", str(made.data)], check=True)
        (made.data / "out").unlink()
        yield made


@contextlib.contextmanager
def in_a_folder() -> Iterator[Install]:
    folder = Path(tempfile.mkdtemp(prefix="afterscore-up-"))
    folder.chmod(0o755)
    made = Install(folder)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_it_starts_stops_and_is_up_again_with_the_same_data(fresh: Install) -> None:
    fresh.up()
    made = fresh.run("workspace", "create", "Harbourline", "--json")
    assert json.loads(made.stdout)["slug"] == "harbourline"
    fresh.stop()
    assert fresh.gone("postgres")
    assert fresh.gone("web")
    started = time.monotonic()
    fresh.up()
    assert time.monotonic() - started < 30
    again = fresh.run("workspace", "create", "Harbourline")
    assert again.returncode == 1
    assert "already a workspace" in again.stderr


def test_a_killed_part_is_started_again_and_nothing_is_lost(install: Install) -> None:
    install.up()
    install.run("workspace", "create", "Harbourline")
    for kind in ("web", "worker"):
        before = set(install.children(kind))
        assert before, f"no {kind} is running"
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while not set(install.children(kind)) - before:
            assert time.monotonic() < deadline, f"{kind} was not started again"
            time.sleep(0.1)
        install.wait_until_it_answers()
    assert install.run("workspace", "create", "Harbourline").returncode == 1


def test_when_the_supervisor_is_killed_everything_ends_and_starts_again(install: Install) -> None:
    install.up()
    install.run("workspace", "create", "Harbourline")
    assert install.process is not None
    install.process.kill()
    install.process.wait()
    for kind in ("web", "worker", "postgres"):
        assert install.gone(kind), f"{kind} outlived the supervisor"
    install.up()
    assert install.run("workspace", "create", "Harbourline").returncode == 1


def test_the_database_is_started_again_when_it_is_killed(install: Install) -> None:
    install.up()
    install.run("workspace", "create", "Harbourline")
    for pid in install.children("postgres"):
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    install.wait_until_it_answers()
    assert install.run("workspace", "create", "Harbourline").returncode == 1


def test_a_port_in_use_is_named(install: Install) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", install.port))
        taken.listen()
        refused = install.run("up")
    assert refused.returncode == 1
    assert f"Port {install.port} is in use" in refused.stderr


def test_the_database_never_runs_as_root(install: Install) -> None:
    install.up()
    for pid in install.children("postgres"):
        assert Path(f"/proc/{pid}").stat().st_uid != 0
