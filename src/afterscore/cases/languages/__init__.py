"""Built-in drafts of replies: one file a language, found by its name.

A file holds, for each group, a draft for answers with a comment ("spoken") and without one
("silent"), and the automated "follow_up". Texts are Liquid with the fields of mails.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from afterscore.domain.nps import Group

DEFAULT = "en"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Draft:
    subject: str
    body: str


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def reply_draft(language: str, *, group: Group, has_comment: bool) -> Draft:
    """In the language asked for, in its base ("de" for "de-AT"), else in English."""
    return Draft(**_texts(language)[group]["spoken" if has_comment else "silent"])


def follow_up_draft(language: str) -> Draft:
    return Draft(**_texts(language)["follow_up"])


def _texts(language: str) -> dict[str, Any]:
    base = language.replace("_", "-").split("-")[0].lower()
    known = names()
    return _load(next(name for name in (language, base, DEFAULT) if name in known))


@cache
def _load(name: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts
