"""A Spark cluster over the same files, on storage that all its machines share.

The tail travels from this process with the question. Days are whole days and sums whole numbers, so
the cluster counts exactly as DuckDB does. How many cores and how much memory this process takes of
the cluster stands in Spark's own `spark-defaults.conf`.
"""

from __future__ import annotations

import ipaddress
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Event, Lock, Timer, local
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from afterscore.insights.engines.silence import Silent
from afterscore.insights.mart.contents import Contents, File, FilesGone

PATIENCE_SECONDS = 120
_ALIKE = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""Without which figures could differ, or which a driver inside a web server has no use for."""


class Spark:
    dialect = "pyspark"

    def __init__(self, master: str, *, patience: float = PATIENCE_SECONDS) -> None:
        self._master = master
        self._patience = patience
        self._driver: Any = None
        self._starting = Lock()
        self._last = local()

    def __str__(self) -> str:
        return f"the Spark cluster at {self._master}"

    def rows(
        self, *, contents: Contents, sql: str, beside: Mapping[str, pa.Table] | None = None
    ) -> list[tuple[Any, ...]]:
        with self._session_over(contents) as session:
            for name, table in (beside or {}).items():
                session.createDataFrame(table).createOrReplaceTempView(name)
            return [tuple(row) for row in session.sql(sql).collect()]

    def table(self, *, contents: Contents, sql: str) -> pa.Table:
        with self._session_over(contents) as session:
            return session.sql(sql).toArrow()

    @contextmanager
    def _session_over(self, contents: Contents) -> Iterator[Any]:
        """Raises FilesGone where a file was replaced meanwhile."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            session = self._session_of(contents)
            with self._not_for_ever(session):
                yield session
        except (PySparkException, Py4JError) as error:
            if all(Path(path).exists() for path in contents.paths):
                raise
            raise FilesGone from error

    def stop(self) -> None:
        with self._starting:
            if self._driver is not None:
                self._driver.stop()
            self._driver = None

    def _session_of(self, contents: Contents) -> Any:
        """A session of its own, in which `answers` is this; the same again for the next question to
        the same contents. Several threads ask at once."""
        driver = self._running_driver()
        known = getattr(self._last, "session", None)
        if known is not None and known[0]() is contents and known[1] is driver:
            return known[2]
        session = driver.newSession()
        _union(session, contents).createOrReplaceTempView("answers")
        self._last.session = weakref.ref(contents), driver, session
        return session

    def _running_driver(self) -> Any:
        with self._starting:
            if self._driver is None or self._driver.sparkContext._jsc.sc().isStopped():  # noqa: SLF001
                self._driver = _start(self._master)
            return self._driver

    @contextmanager
    def _not_for_ever(self, session: Any) -> Iterator[None]:
        """A cluster without a free worker lets questions wait. Then this driver gives up, and the
        next question begins with another."""
        late = Event()

        def give_up() -> None:
            late.set()
            self.stop()

        timer = Timer(self._patience, give_up)
        timer.start()
        try:
            yield
        except Exception as error:
            if late.is_set():
                raise Silent(self, self._patience) from error
            raise
        finally:
            timer.cancel()


@cache
def engine(master: str) -> Spark:
    return Spark(master)


def _start(master: str) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("afterscore")
    for name, value in (_ALIKE | _driver_place(master)).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _driver_place(master: str) -> dict[str, str]:
    """A driver beside its master on the loopback is reached there, and from nowhere else."""
    host = urlsplit(master).hostname or ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    return {"spark.driver.host": host, "spark.driver.bindAddress": host} if is_loopback else {}


def _union(session: Any, contents: Contents) -> Any:
    """The files and the tail as one table."""
    answers = session.createDataFrame(contents.tail)
    if contents.clean:
        answers = answers.union(_files(session, contents.clean, answers.schema))
    if contents.mixed:
        answers = answers.union(_without_superseded(session, contents, answers.schema))
    return answers


def _files(session: Any, files: tuple[File, ...], schema: Any) -> Any:
    """A column that a file does not have is empty in its rows."""
    return session.read.schema(schema).parquet(*(f"file://{file.path}" for file in files))


def _without_superseded(session: Any, contents: Contents, schema: Any) -> Any:
    from pyspark.sql import functions
    from pyspark.sql.types import LongType, StructType

    with_id = schema if "id" in schema.names else StructType([*schema]).add("id", LongType())
    gone = session.createDataFrame(pa.table({"id": contents.superseded}))
    kept = _files(session, contents.mixed, with_id).join(
        functions.broadcast(gone), "id", "left_anti"
    )
    return kept.select(*(f"`{name}`" for name in schema.names))
