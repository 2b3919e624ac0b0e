"""A private PostgreSQL for the length of a test run, started before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from afterscore.config import postgres


def _start() -> None:
    if os.environ.get("AFTERSCORE_TESTS_RUNNING"):
        return  # a worker of a parallel run: the first process has done it
    data = Path(tempfile.mkdtemp(prefix="afterscore-tests-"))
    data.chmod(0o755)
    os.environ["AFTERSCORE_TESTS_RUNNING"] = str(data)
    os.environ["AFTERSCORE_DATA_DIR"] = str(data)
    os.environ["AFTERSCORE_SECRET_KEY"] = "only-for-tests"
    os.environ["AFTERSCORE_PUBLIC_URL"] = "http://testserver"
    os.environ.pop("AFTERSCORE_SMTP_URL", None)
    if os.environ.get("AFTERSCORE_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["AFTERSCORE_TEST_DATABASE_URL"]
    else:
        os.environ.pop("DATABASE_URL", None)
        server = postgres.Server(data)
        server.start()
        atexit.register(shutil.rmtree, data, ignore_errors=True)
        atexit.register(server.stop)


_start()
