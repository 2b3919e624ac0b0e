"""The engine that counts, where one is set: DuckDB comes along and counts in our own processes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

import pyarrow as pa
from django.conf import settings

from afterscore.config.doctor.findings import Finding
from afterscore.insights import engines
from afterscore.insights.mart.contents import Contents, File, FilesGone
from afterscore.insights.queries import sealed
from afterscore.kit.errors import Unavailable

_RUN = "Start its master and workers, or unset AFTERSCORE_ENGINE to count in this process."


def examine() -> Iterator[Finding]:
    master = settings.AFTERSCORE_ENGINE
    if master:
        yield _missing(master) or _away(master) or _asked(master)


def _missing(master: str) -> Finding | None:
    if find_spec("pyspark") is not None:
        return None
    text = f"AFTERSCORE_ENGINE is {master}, and pyspark is not installed: no figure can be read."
    return Finding("engine", "failure", text, "Run: pip install -r requirements-spark.txt")


def _away(master: str) -> Finding | None:
    """A driver would try for a minute what this finds out at once."""
    place = urlsplit(master)
    try:
        socket.create_connection((place.hostname or "", place.port or 7077), timeout=5).close()
    except OSError as error:
        text = f"The Spark cluster at {master} does not answer ({error.strerror or error})."
        return Finding("engine", "failure", text, _RUN)
    return None


def _asked(master: str) -> Finding:
    """A question that has one right answer, to the newest file where there is one: the workers have
    to find it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    newest = sealed.find_newest()
    schema = pa.schema([("id", pa.int64())])
    contents = Contents(("id",), pa.table({"id": [0]}, schema))
    if newest is not None:
        file = File(str(newest.place), frozenset({"id"}), newest.rows)
        contents = Contents(("id",), schema.empty_table(), clean=(file,))
    wanted = newest.rows if newest else 1
    try:
        ((found,),) = engines.choose().rows(contents=contents, sql="SELECT count(*) FROM answers")
    except FilesGone:
        return Finding("engine", "ok", f"The Spark cluster at {master} answers.")
    except Unavailable as error:
        return Finding("engine", "failure", f"{error}.", _RUN)
    except (PySparkException, Py4JError, OSError) as error:
        text = f"The Spark cluster at {master} cannot count: {_reason(error)}"
        mend = (
            "See that master and workers run, of Spark 4.0, and that all of its machines find "
            f"{settings.MART_DIR} and can read it."
        )
        return Finding("engine", "failure", text, mend)
    if found != wanted:
        text = f"The Spark cluster at {master} counts {found:,} answers where there are {wanted:,}."
        mend = f"See that all of its machines find the same files in {settings.MART_DIR}."
        return Finding("engine", "failure", text, mend)
    files = " and reads the files of answers" if newest else ""
    return Finding("engine", "ok", f"The Spark cluster at {master} answers{files}.")


def _reason(error: Exception) -> str:
    """Of errors in Java the first line only says what was called."""
    lines = [line.strip(" :\t") for line in str(error).splitlines() if line.strip(" :\t")]
    is_call = len(lines) > 1 and lines[0].startswith("An error occurred while calling")
    return lines[is_call][:300] if lines else type(error).__name__
