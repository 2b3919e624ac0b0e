"""A Spark cluster over the same files, on storage that all its machines share.

The tail travels from this process with the question. Days are whole days and sums whole numbers, so
the cluster counts exactly as DuckDB does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from afterscore.insights.mart.contents import Contents, File, FilesGone

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
}


class Spark:
    dialect = "pyspark"

    def __init__(self, master: str) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(master).appName("afterscore")
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._one_at_a_time = RLock()

    def rows(self, *, contents: Contents, sql: str) -> list[tuple[Any, ...]]:
        from py4j.protocol import Py4JJavaError

        with self._one_at_a_time:
            try:
                self._answers(contents).createOrReplaceTempView("answers")
                return [tuple(row) for row in self._session.sql(sql).collect()]
            except Py4JJavaError as error:
                if all(Path(path).exists() for path in contents.paths):
                    raise
                raise FilesGone from error

    def stop(self) -> None:
        self._session.stop()

    def _answers(self, contents: Contents) -> Any:
        found = self._tail(contents)
        for part in self._sealed(contents):
            found = found.unionByName(part)
        return found

    def _tail(self, contents: Contents) -> Any:
        layout = ", ".join(
            f"{_quoted(field.name)} {_TYPES[str(field.type)]}" for field in contents.tail.schema
        )
        rows = [tuple(row.values()) for row in contents.tail.to_pylist()]
        return self._session.createDataFrame(rows, layout)

    def _sealed(self, contents: Contents) -> Iterator[Any]:
        for file in contents.clean:
            yield self._file(contents, file)
        if contents.mixed:
            ids = [(pk,) for pk in contents.superseded.to_pylist()]
            gone = self._session.createDataFrame(ids, "id bigint")
            for file in contents.mixed:
                yield self._file(contents, file, gone)

    def _file(self, contents: Contents, file: File, gone: Any = None) -> Any:
        from pyspark.sql import functions

        rows = self._session.read.parquet(Path(file.path).as_uri())
        if gone is not None:
            rows = rows.join(functions.broadcast(gone), "id", "left_anti")
        return rows.select(
            *(
                functions.col(_quoted(name))
                if name in file.columns
                else functions.lit(None).cast("string").alias(name)
                for name in contents.columns
            )
        )


_TYPES = {
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "string": "string",
    "date32[day]": "date",
    "list<item: string>": "array<string>",
}


@cache
def engine(master: str) -> Spark:
    return Spark(master)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
