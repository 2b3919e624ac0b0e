"""Single values read strictly: each refuses at its path and says what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import NoReturn

from afterscore.domain import identity
from afterscore.programs.definitions.shape import DefinitionError, Limit

_SHOWN_LENGTH = 60


def refuse(path: str, message: str) -> NoReturn:
    raise DefinitionError(path, message)


def join(path: str, key: object) -> str:
    name = str(key)[:_SHOWN_LENGTH]
    return f"{path}.{name}" if path else name


def mapping(data: object, path: str, known: Iterable[str]) -> Mapping[str, object]:
    """The data as a mapping of known keys; None counts as empty."""
    names = tuple(known)
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        refuse(path, f"Expected a mapping of {listed(names)}.")
    for key in data:
        if key not in names:
            refuse(join(path, key), f"There is no such key. {nearest(key, names)}")
    return data


def nearest(name: object, names: Iterable[str]) -> str:
    """ "Did you mean touches?", or all there is where nothing is near."""
    known = tuple(names)
    close = difflib.get_close_matches(str(name)[:100].lower(), known, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else f"Known are {listed(known)}."


def listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def line(data: object, path: str, longest: int) -> str:
    """One line of text without the spaces around it; None counts as empty."""
    text = paragraph(data, path, longest)
    if not text.isprintable():
        refuse(path, "Write it on one line, without invisible characters.")
    return text


def paragraph(data: object, path: str, longest: int) -> str:
    """A text that may have several lines; line ends become one kind."""
    if data is None:
        return ""
    if not isinstance(data, str):
        refuse(path, "Expected a text. Put quotes around numbers, dates and words such as no.")
    text = "\n".join(part.rstrip() for part in data.splitlines()).strip()
    if "\x00" in text:
        refuse(path, "The text contains a character that cannot be stored.")
    if len(text) > longest:
        refuse(path, f"At most {longest} characters; this has {len(text)}.")
    return text


def whole_number(data: object, path: str, limit: Limit) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        refuse(path, f"Expected a whole number from {limit.low} to {limit.high}.")
    if not limit.low <= data <= limit.high:
        refuse(path, f"Expected a whole number from {limit.low} to {limit.high}, found {data}.")
    return data


def truth(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        refuse(path, "Expected yes or no.")
    return data


def choice(data: object, path: str, choices: Iterable[str]) -> str:
    names = tuple(choices)
    if not isinstance(data, str) or data not in names:
        refuse(path, f"“{str(data)[:_SHOWN_LENGTH]}” is not a choice. {nearest(data, names)}")
    return data


def email(data: object, path: str) -> str:
    try:
        return identity.normalise_email(line(data, path, identity.MAX_EMAIL_LENGTH))
    except identity.InvalidEmail as error:
        raise DefinitionError(path, error.reason) from error
