"""Where a scenario takes place: a database server, a mail server and workers, all its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afterscore.config import postgres

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "AFTERSCORE_CHAOS_TEMPLATE"  # a folder in which a migrated cluster lies ready


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> float:
    """The seconds that it took; an error after `seconds`."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise TimeoutError(f"In {seconds:g} s this did not happen: {what}")
        time.sleep(0.02)
    return time.monotonic() - start


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment of a program on this data folder, and nothing of ours beside it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AFTERSCORE_", "PYTEST_", "DJANGO_")) and name != "DATABASE_URL"
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "afterscore.config.settings",
        "AFTERSCORE_DATA_DIR": str(data),
        "AFTERSCORE_SECRET_KEY": "only-for-chaos",
        "AFTERSCORE_PUBLIC_URL": "http://chaos.example",
        "AFTERSCORE_LOG": "ERROR",
        **more,
    }


def new_folder(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"afterscore-{name}-"))
    folder.chmod(0o755)  # the database's user must be able to enter
    return folder


def make_template(folder: Path) -> Path:
    """An empty install with its schema, made once, copied for each scenario."""
    command = [sys.executable, "-m", "afterscore", "migrate"]
    subprocess.run(command, env=surroundings(folder), cwd=ROOT, check=True, capture_output=True)
    return folder


@dataclass
class Sink:
    """The mail server of tests.chaos.sink, and its log."""

    process: subprocess.Popen[str]
    log: Path
    port: int

    @classmethod
    def start(
        cls, folder: Path, *, seed: int, haste: float = 1.0, certificate: Path | None = None,
        host: str = "127.0.0.1", is_narrow: bool = False, pause: float = 0.0,
    ) -> Sink:  # fmt: skip
        log = folder / "sink.log"
        log.touch()
        options = ["--seed", str(seed), "--haste", str(haste), "--host", host]
        options += ["--certificate", str(certificate)] if certificate else []
        options += ["--narrow"] if is_narrow else []
        options += ["--pause", str(pause)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.sink", str(log), *options],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        return cls(process, log, int(process.stdout.readline()))

    def behave(self, mode: str, *, share: float = 1.0) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"mode": mode, "share": share}) + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def count(self) -> int:
        """How many lines the log has: near enough to how many mails have come."""
        return self.log.read_bytes().count(b"\n")

    def stop(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Ground:
    data: Path
    seed: int
    server: postgres.Server
    sink: Sink
    haste: float
    settings: dict[str, str] = field(default_factory=dict)  # beside those of `surroundings`
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    preload: dict[str, str] = field(default_factory=dict)  # what the database server finds
    prefix: tuple[str, ...] = ()  # put before a worker's command: in which network it lives

    def environment(self, **more: str) -> dict[str, str]:
        mail = f"smtp://127.0.0.1:{self.sink.port}"
        base = {"AFTERSCORE_SMTP_URL": mail, "AFTERSCORE_HASTE": str(self.haste)}
        return surroundings(self.data, **(base | self.settings | more))

    def start_server(self) -> None:
        os.environ.update(self.preload)
        try:
            self.server.start()
        finally:
            for name in self.preload:
                del os.environ[name]

    def crash_server(self) -> None:
        """As a power cut would: nothing is written any more, nobody is told."""
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait()

    def start_worker(
        self, prefix: tuple[str, ...] | None = None, **more: str
    ) -> subprocess.Popen[bytes]:
        """A real worker: the command that an administrator runs."""
        command = [*(self.prefix if prefix is None else prefix), sys.executable, "-m"]
        with (self.data / "workers.log").open("ab") as log:
            worker = subprocess.Popen(
                [*command, "afterscore", "worker"],
                env=self.environment(**more), cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def start_workers(self, number: int, **more: str) -> None:
        for _ in range(number):
            self.start_worker(None, **more)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def kill_workers(self) -> None:
        for worker in tuple(self.workers):
            self.kill(worker)

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(timeout=20)
        for worker in tuple(self.workers):
            self.kill(worker)

    def assert_alive(self) -> bool:
        """A worker that ends by itself is a fault, whatever the others still do."""
        ended = [worker.pid for worker in self.workers if worker.poll() is not None]
        if ended:
            raise TimeoutError(f"workers ended by themselves: {ended}\n{self.said_by_workers()}")
        return True

    def wait_for_mails(self, number: float, *, seconds: float = 600) -> None:
        what = f"{number:.0f} mails"
        wait_for(
            lambda: self.assert_alive() and self.sink.count() >= number, seconds=seconds, what=what
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`afterscore …` as an administrator would type it."""
        return subprocess.run(
            [sys.executable, "-m", "afterscore", *arguments],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def said_by_workers(self) -> str:
        log = self.data / "workers.log"
        return log.read_text(errors="replace")[-9000:] if log.exists() else ""


@contextlib.contextmanager
def prepare(
    *, seed: int, haste: float, is_narrow: bool = False, server: Mapping[str, str] = {},
    preload: Mapping[str, str] = {}, host: str = "127.0.0.1", pause: float = 0.0,
) -> Iterator[Ground]:  # fmt: skip
    """A ground whose Django is set up in this process; everything ends and goes with it.

    `pause` is how long the mail server takes for each mail: a wave must last while things go wrong.
    """
    data = new_folder("chaos")
    template = Path(os.environ[TEMPLATE])
    command = ["cp", "-a", str(postgres.folder(template)), str(postgres.folder(data))]
    subprocess.run(command, check=True)
    for name in ("run", "log"):
        subprocess.run(["rm", "-rf", str(postgres.folder(data) / name)], check=True)
    os.environ.update(surroundings(data, AFTERSCORE_HASTE=str(haste)))
    os.environ.pop("DATABASE_URL", None)
    sink = Sink.start(data, seed=seed, haste=haste, is_narrow=is_narrow, host=host, pause=pause)
    ground = Ground(data, seed, postgres.Server(data), sink, haste, preload=dict(preload))
    try:
        with serving(ground, server):
            _set_django_up()
            yield ground
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def serving(ground: Ground, more: Mapping[str, str]) -> Iterator[None]:
    postgres.SETTINGS.update(more)
    ground.start_server()
    try:
        yield
    finally:
        ground.stop_workers()
        ground.sink.stop()
        leave_database()
        ground.server.stop()


def _set_django_up() -> None:
    import django

    django.setup()


def leave_database() -> None:
    from django.db import connections

    connections.close_all()
