"""Processes that seal a month and die at a named place, on the database of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

PROGRAM = """
import os, sys, django
django.setup()
from datetime import date, datetime, UTC
from django.conf import settings
from afterscore.insights.operations import sealing
from afterscore.kit import crash
from afterscore.workspaces.models import Workspace
settings.MART_DIR, slug = sys.argv[1:]
for line in sys.stdin:
    point, *months = line.split()
    child = os.fork()
    if not child:
        crash.arm(point)
        workspace = Workspace.objects.get(slug=slug)
        months = [date.fromisoformat(month) for month in months]
        sealing.seal_months(workspace=workspace, months=months, now=datetime.now(UTC))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Sealers:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def die_at(self, point: str, *months: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{point} {' '.join(months)}\n")
        self._process.stdin.flush()
        assert int(self._process.stdout.readline()) == -signal.SIGKILL


@contextmanager
def sealers(slug: str) -> Iterator[Sealers]:
    """Each dies in a process of its own; Django is loaded once for all."""
    own = connection.settings_dict
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "afterscore.config.settings",
        "DATABASE_URL": f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}",
    }
    command = [sys.executable, "-c", PROGRAM, str(settings.MART_DIR), slug]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=surroundings, stdin=pipe, stdout=pipe, text=True) as process:
        yield Sealers(process)
        assert process.stdin
        process.stdin.close()
