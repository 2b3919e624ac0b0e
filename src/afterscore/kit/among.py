"""Many keys in one parameter: `filter(among("contact", keys))`.

`contact__in=keys` makes a parameter of each key, and putting thousands of those into a statement
takes longer than the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


def among(column: str, values: Iterable[int] | Iterable[str]) -> Among:
    """A condition for `filter`: the column is one of these."""
    return Among(F(column), list(values))


if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


class Among(_Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s{_cast(self.rhs)})", (*params, as_array(self.rhs))


def as_array(values: Sequence[int] | Sequence[str]) -> str | list[str]:
    """What takes the driver the least time: whole numbers written out, texts left to it."""
    texts = [value for value in values if isinstance(value, str)]
    return texts or f"{{{','.join(map(str, values))}}}"


def _cast(values: Sequence[int] | Sequence[str]) -> str:
    return "::text[]" if values and isinstance(values[0], str) else "::bigint[]"
