"""One process that runs all the others: database, web, worker with scheduler.

Children are restarted when they die, and end when the supervisor dies, however it dies.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import click

from afterscore.config import environment, postgres

_PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20.0
CALM_SECONDS = 10.0  # a child that lived this long is restarted at once


class CannotStart(Exception):
    """Something outside the program is in the way; the message says what."""


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "afterscore", *self.arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 (no threads are running)
        )
        self.started = time.monotonic()

    def look(self) -> None:
        """Starts the child again when it has died; waits longer the more often it dies early."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self.not_before:
                self.start()
            return
        code, lived = self.process.returncode, time.monotonic() - self.started
        self.failures = 0 if lived > CALM_SECONDS else self.failures + 1
        self.not_before = time.monotonic() + min(30.0, 0.5 * 2**self.failures)
        self.process = None
        click.echo(f"{self.name} ended with status {code}; starting it again.", err=True)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(*, with_demo: bool) -> None:
    """Until Ctrl-C or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterscore.config.settings")
    _require_free_port(environment.port())
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    server = _start_database()
    try:
        _prepare(with_demo=with_demo)
        _run_children(stopping, server)
    finally:
        if server is not None:
            server.stop()
        click.echo("Stopped.")


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} is in use. Stop what uses it, or choose another: --port {port + 1}"
            ) from error


def _start_database() -> postgres.Server | None:
    if not environment.is_private_database():
        return None
    server = postgres.Server(environment.data_dir())
    server.start()
    return server


def _prepare(*, with_demo: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    if with_demo:
        from afterscore.config import demo

        demo.ensure(say=click.echo)
    connections.close_all()


def _run_children(stopping: threading.Event, server: postgres.Server | None) -> None:
    children = [
        Child("web", ["web", "--port", str(environment.port())]),
        Child("worker", ["worker"]),
    ]
    for child in children:
        child.start()
    _announce()
    try:
        while not stopping.wait(0.3):
            if server is not None and server.has_died():
                click.echo("The database ended; starting it again.", err=True)
                server.start()
            for child in children:
                child.look()
    finally:
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.stop()
        for child in children:
            child.wait(deadline)


def _announce() -> None:
    from afterscore.config import demo

    click.echo(f"\nAfterscore is at {environment.public_url()}")
    sign_in = demo.sign_in()
    if sign_in is not None:
        click.echo(f"Sign in as {sign_in.email} with the password {sign_in.password}")
    else:
        click.echo(
            "Nobody can sign in yet? afterscore workspace create NAME, then afterscore user create"
        )
    click.echo(f"Data: {environment.data_dir()}\nCtrl-C stops everything.\n")
