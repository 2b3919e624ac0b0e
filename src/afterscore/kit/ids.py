"""Public identifiers: prefixed, random, opaque. Integers never leave the house."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
LENGTH = 22  # 22 letters of 56 are 127.8 bits


def make(prefix: str) -> str:
    """One draw for all letters: six times as fast as a draw for each, and as even."""
    return spell(prefix, secrets.randbelow(len(ALPHABET) ** LENGTH))


def number_of(public_id: str) -> int | None:
    """The random number that an identifier spells, or None for one of another make."""
    _prefix, _, letters = public_id.rpartition("_")
    places = [ALPHABET.find(letter) for letter in letters]
    if len(letters) != LENGTH or min(places) < 0:
        return None
    number = 0
    for place in reversed(places):
        number = number * len(ALPHABET) + place
    return number


def spell(prefix: str, number: int) -> str:
    """The identifier of a number below 56 to the 22nd."""
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return f"{prefix}_{''.join(letters)}"


class PublicIdField(TextField):
    """`public_id = ids.PublicIdField("case")` gives `case_…`, made on creation, unique."""

    def __init__(self, prefix: str = "", **options: Any) -> None:
        self.prefix = prefix
        options.setdefault("max_length", 40)
        options.setdefault("unique", True)
        options.setdefault("editable", False)
        options.setdefault("default", partial(make, prefix))
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("default", None)
        return name, path, args, {**options, "prefix": self.prefix}
