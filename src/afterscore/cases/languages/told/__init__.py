"""What customers read when something is done that they had asked for: one file a language."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from afterscore.surveys import languages as words

_FOLDER = Path(__file__).parent
DEFAULT = "en"


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def told_draft(language: str, *, title: str) -> dict[str, str]:
    """Subject and body, Liquid, in the language asked for ("de" for "de-AT"), else in English.
    `title` is put where somebody will write in the reader's own words what is better now."""
    draft = _load(words.recognise(language) or DEFAULT)
    return {"subject": draft["subject"], "body": draft["body"].replace("{title}", title)}


@cache
def _load(name: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts
