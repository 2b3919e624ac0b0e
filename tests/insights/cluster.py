"""A standalone Spark cluster on the loopback: one master, two workers, each a process of ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

DEPLOY = "org.apache.spark.deploy"
PATIENCE = 120


def why_not() -> str:
    """What is missing for a cluster here; "" when nothing is."""
    if shutil.which("java") is None:
        return "Java is not installed (openjdk-17-jre-headless)"
    if find_spec("pyspark") is None:
        return "pyspark is not installed (requirements-spark.txt)"
    return ""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of the master, once both workers have registered."""
    local = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    with ExitStack() as stack:
        log = folder / "master.log"
        stack.enter_context(_process(log, f"{DEPLOY}.master.Master", *local))
        address = _wait_for(log, r"Starting Spark master at (spark://[\d.]+:\d+)")
        for number in range(2):
            command = (f"{DEPLOY}.worker.Worker", *local, "--cores", "1", "--memory", "1g")
            work = folder / f"worker{number}"
            stack.enter_context(
                _process(folder / f"{work.name}.log", *command, "-d", str(work), address)
            )
        _wait_for(log, r"(?s)Registering worker.*Registering worker")
        yield address


@contextmanager
def _process(log: Path, *command: str) -> Iterator[None]:
    import pyspark

    home = Path(pyspark.__file__).parent
    surroundings = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            env=surroundings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _wait_for(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := re.search(pattern, log.read_text()):
            return found[found.lastindex or 0]
        time.sleep(0.1)
    raise AssertionError(f"{log.name} never said {pattern}:\n{log.read_text()[-2000:]}")
