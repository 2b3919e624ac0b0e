"""Two ways to back a database up and put it back, as administrators do it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from afterscore.config import postgres
from tests.chaos.ground import Ground, leave_database


class Copy:
    """The files of a stopped server: the restored one is the same server, only younger."""

    name = "copied files"

    def __init__(self, place: Ground) -> None:
        self.place = place
        self.folder = postgres.folder(place.data)

    def take(self) -> None:
        self._stopped("cluster", "backup")

    def put_back(self) -> None:
        self._stopped("backup", "cluster")

    def _stopped(self, source: str, target: str) -> None:
        leave_database()
        self.place.server.stop()
        subprocess.run(["rm", "-rf", str(self.folder / target)], check=True)
        command = ["cp", "-a", str(self.folder / source), str(self.folder / target)]
        subprocess.run(command, check=True)
        self.place.start_server()


class Dump:
    """pg_dump of a running server: what it makes is another database with the same rows."""

    name = "pg_dump"

    def __init__(self, place: Ground) -> None:
        self.place = place
        self.file = place.data / "backup.dump"

    def take(self) -> None:
        self._run("pg_dump", "--format=custom", f"--file={self.file}", postgres.DATABASE)

    def put_back(self) -> None:
        leave_database()
        self._run("dropdb", "--force", postgres.DATABASE)
        self._run("createdb", postgres.DATABASE)
        self._run("pg_restore", f"--dbname={postgres.DATABASE}", "--exit-on-error", str(self.file))

    def _run(self, program: str, *options: str) -> None:
        sockets: Path = postgres.socket_folder(self.place.data)
        command = [str(postgres.binaries() / program), f"--host={sockets}", "-U", postgres.ROLE]
        subprocess.run([*command, *options], check=True, capture_output=True, text=True)
