"""Passwords and keys of others, kept so that a stolen database does not give them away.

A box is text for a column: the values as JSON, encrypted and signed (Fernet). The keys lie outside
the database, in AFTERSCORE_SECRETS_KEYS or in the data folder, the newest first: the first one
locks, every one opens. A box carries the name of the row that owns it and opens for no other, so
that whoever can write to the table cannot move a key to where she may use it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from afterscore.kit.errors import Refused

HIDDEN = "[hidden]"


class Unreadable(Refused):
    """None of the keys opens the box, or it belongs to another row."""


def new_key() -> str:
    return Fernet.generate_key().decode()


def lock(values: Mapping[str, str], *, owner: str) -> str:
    """A box of these values; "" for none."""
    if not values:
        return ""
    content = json.dumps({"owner": owner, "values": dict(values)}, sort_keys=True)
    return _keys().encrypt(content.encode()).decode()


def unlock(box: str, *, owner: str) -> dict[str, str]:
    """What `lock` was given. Raises Unreadable."""
    if not box:
        return {}
    try:
        content = json.loads(_opened(box))
    except InvalidToken:
        raise Unreadable(
            "A stored password or key cannot be read: the key that locked it is not among "
            "AFTERSCORE_SECRETS_KEYS or in the data folder."
        ) from None
    if content["owner"] != owner:
        raise Unreadable("A stored password or key belongs to another entry.")
    values: dict[str, str] = content["values"]
    return values


def is_current(box: str) -> bool:
    """Whether the newest key locked it (or there is nothing in it)."""
    if not box:
        return True
    try:
        Fernet(settings.AFTERSCORE_SECRETS_KEYS[0]).decrypt(box.encode())
    except InvalidToken:
        return False
    return True


def rotate(box: str) -> str:
    """The same content under the newest key. Raises Unreadable."""
    if not box:
        return ""
    try:
        return _keys().rotate(box.encode()).decode()
    except InvalidToken:
        raise Unreadable("A stored password or key opens with none of the keys.") from None


def hide(text: str, values: Mapping[str, str]) -> str:
    """The text without any of these values, for what others say and we write down."""
    for value in sorted(filter(None, values.values()), key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return text


def _opened(box: str) -> bytes:
    """A key that another process has added to the data folder meanwhile counts too."""
    try:
        return _keys().decrypt(box.encode())
    except InvalidToken:
        return _keys(added=_added()).decrypt(box.encode())


def _added() -> list[str]:
    path: Path = settings.AFTERSCORE_SECRETS_FILE
    return path.read_text().split() if path.exists() else []


def _keys(added: Sequence[str] = ()) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in (*settings.AFTERSCORE_SECRETS_KEYS, *added)])
