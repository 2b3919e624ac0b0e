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
QUICK_TO_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
DEFAULTS = f"""
spark.driver.memory              512m
spark.driver.extraJavaOptions    {QUICK_TO_START}
spark.executor.memory            512m
spark.executor.extraJavaOptions  {QUICK_TO_START}
spark.sql.shuffle.partitions     2
"""


def why_not() -> str:
    """What is missing for a cluster here; "" when nothing is, or when it must not be missing."""
    if os.environ.get("AFTERSCORE_TEST_SPARK") == "required":
        return ""
    if shutil.which("java") is None:
        return "Java is not installed (Debian: openjdk-17-jre-headless)"
    if find_spec("pyspark") is None:
        return "pyspark is not installed (pip install -r requirements-spark.txt)"
    return ""


def configure(folder: Path) -> dict[str, str]:
    """The surroundings of a driver that takes little of this cluster."""
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    return {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}


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
    (core,) = home.glob("jars/spark-core_*.jar")
    surroundings = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_SCALA_VERSION": core.name.removeprefix("spark-core_").split("-")[0],
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    java = ("java", "-Xmx256m", *QUICK_TO_START.split(), "-cp", f"{home}/jars/*")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*java, *command], env=surroundings, stdout=output, stderr=subprocess.STDOUT
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
