"""Built-in drafts of replies: one file a language, found by its name.

A file holds, for each group and for accounts that are key or lost, a draft for answers with a
comment ("spoken") and without one ("silent"); a mail that shows what is not used yet ("educate"),
one that asks for a favour ("advocate"), and the automated "follow_up". Texts are Liquid with the
fields of mails.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Draft

DEFAULT = "en"
_FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def reply_draft(language: str, *, group: Group, has_comment: bool, playbook: str = "") -> Draft:
    """In the language asked for, in its base ("de" for "de-AT"), else in English; the playbook's
    own where it has one, else the group's."""
    texts = _texts(language)
    own = texts.get(playbook) or texts[group]
    return Draft(**own["spoken" if has_comment else "silent"])


def educate_draft(language: str) -> Draft:
    return Draft(**_texts(language)["educate"])


def advocate_draft(language: str) -> Draft:
    return Draft(**_texts(language)["advocate"])


def follow_up_draft(language: str) -> Draft:
    return Draft(**_texts(language)["follow_up"])


def base_of(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def among(language: str, known: tuple[str, ...]) -> str | None:
    """The one to take of those that are known: the language itself, or its base."""
    return next((name for name in (language, base_of(language)) if name in known), None)


def _texts(language: str) -> dict[str, Any]:
    return _load(among(language, names()) or DEFAULT)


@cache
def _load(name: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts
