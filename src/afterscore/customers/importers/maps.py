"""A mapping that somebody wrote: YAML, one line a column, "Kundennummer: contact.external_id"."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import yaml

from afterscore.customers.importers import fields
from afterscore.customers.importers.headers import MappingError


def read_map(text: str, columns: Sequence[str]) -> dict[str, str]:
    """The field of each column it names; "" for one that is to be left out.

    Column names are matched whatever their case; fields may be written in short ("email",
    "attribute.seats"). Raises MappingError.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MappingError(f"The mapping is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise MappingError(
            "The mapping must have one line a column, such as “Firma: account.name”."
        )
    by_name = {column.casefold(): column for column in columns}
    return {_column(name, by_name): _field(value, name) for name, value in data.items()}


def _column(name: object, by_name: dict[str, str]) -> str:
    column = by_name.get(" ".join(str(name).split()).casefold())
    if column is None:
        raise MappingError(
            f"The file has no column “{name}”. Its columns are: {', '.join(by_name.values())}."
        )
    return column


def _field(value: object, column: object) -> str:
    if value is None or value is False or value == "":
        return fields.LEFT_OUT
    field = fields.find_field(str(value))
    if field is None:
        names = [*fields.FIELDS, *(name.partition(".")[2] for name in fields.FIELDS)]
        close = difflib.get_close_matches(str(value), names, n=1)
        hint = (
            f"Did you mean {close[0]}?" if close else f"Choose one of {', '.join(fields.FIELDS)}."
        )
        raise MappingError(f"“{value}”, given for the column “{column}”, is not a field. {hint}")
    return field
