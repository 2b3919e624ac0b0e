"""Tokens that carry one value for one purpose and cannot be used for another."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

SIGNATURE_BYTES = 16


def _key(purpose: str) -> bytes:
    return _derived(settings.SECRET_KEY, purpose)


@lru_cache(maxsize=64)
def _derived(root: str, purpose: str) -> bytes:
    return hmac.digest(root.encode(), b"afterscore:" + purpose.encode(), "sha256")


def _signature(purpose: str, value: str) -> str:
    digest = hmac.digest(_key(purpose), value.encode(), "sha256")[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def sign(purpose: str, value: str) -> str:
    """A URL-safe token `value.signature`; deterministic, so nothing has to be stored."""
    return f"{value}.{_signature(purpose, value)}"


def unsign(purpose: str, token: str) -> str | None:
    """The value, or None when the token was not made by us for this purpose."""
    value, dot, signature = token.rpartition(".")
    if not dot or not hmac.compare_digest(signature.encode(), _signature(purpose, value).encode()):
        return None
    return value


def keyed_hash(purpose: str, value: str) -> str:
    """A hash that only this install can compute: survives erasure without naming anybody."""
    return keyed_hashes(purpose, [value])[0]


def keyed_hashes(purpose: str, values: Iterable[str]) -> list[str]:
    """Of many values in one go."""
    key = _key(purpose)
    return [hmac.digest(key, value.encode(), "sha256").hex() for value in values]
