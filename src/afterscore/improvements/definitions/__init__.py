"""The themes with which a workspace begins, in the languages that most customers write in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from afterscore.domain import themes
from afterscore.domain.departments import Department

_FILE = Path(__file__).parent / "themes.json"


@dataclass(frozen=True, slots=True)
class Starter:
    name: str
    department: Department
    words: dict[str, tuple[str, ...]]  # by language

    @property
    def all_words(self) -> list[str]:
        """As a theme keeps them: each word once, in whatever languages it means the same."""
        return themes.parse_words("\n".join(word for each in self.words.values() for word in each))


@cache
def starters() -> tuple[Starter, ...]:
    return tuple(
        Starter(
            name=entry["name"],
            department=Department(entry["department"]),
            words={language: tuple(words) for language, words in entry["words"].items()},
        )
        for entry in json.loads(_FILE.read_text(encoding="utf-8"))
    )
