"""Addresses of our own that name one object: `bounce+<token>@example.com`.

The token is the object's identifier and a keyed signature, in letters that mail systems may
lower-case without harm. Deterministic, so that nothing has to be stored; forged ones are refused
without a look at the database.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from afterscore.kit import ids, signing

MAX_LOCAL = 64  # RFC 5321
_ID_BYTES = 16
_SIGNATURE_BYTES = 10


def token(kind: str, public_id: str) -> str | None:
    """None for an identifier that was not made by `ids`."""
    number = ids.number_of(public_id)
    if number is None:
        return None
    named = number.to_bytes(_ID_BYTES, "big")
    return base64.b32encode(named + _signature(kind, public_id)).decode().rstrip("=").lower()


def address(kind: str, public_id: str, domain: str) -> str | None:
    made = token(kind, public_id)
    return None if made is None else f"{kind}+{made}@{domain}"


def read(kind: str, given: str, *, prefix: str) -> str | None:
    """The identifier a token of this kind names, or None where it was not made here."""
    padded = given.upper() + "=" * (-len(given) % 8)
    try:
        content = base64.b32decode(padded)
    except (binascii.Error, ValueError):
        return None
    if len(content) != _ID_BYTES + _SIGNATURE_BYTES:
        return None
    number = int.from_bytes(content[:_ID_BYTES], "big")
    if number >= len(ids.ALPHABET) ** ids.LENGTH:
        return None
    public_id = ids.spell(prefix, number)
    is_ours = hmac.compare_digest(content[_ID_BYTES:], _signature(kind, public_id))
    return public_id if is_ours and token(kind, public_id) == given.lower() else None


def _signature(kind: str, public_id: str) -> bytes:
    return bytes.fromhex(signing.keyed_hash(f"mailbox:{kind}", public_id))[:_SIGNATURE_BYTES]
