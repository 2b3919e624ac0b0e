"""By which route a sender's mail leaves.

A route names the senders it is for: whole addresses, domains (with their subdomains), or nobody in
particular, which means everybody. The closest wins: the address, else the longest domain, else the
route for everybody, else none (the install's own way). Two routes that are as close as each other
are an ambiguity; `clashes` finds it before it can be saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from afterscore.domain import identity

Key = TypeVar("Key")
EVERYBODY = ""
MOST_SENDERS = 50


class InvalidSender(ValueError):
    """Neither an address nor a domain; the message says why."""


def normalise(text: str) -> str:
    """`Sales@Example.COM` and `@example.com` as they are compared. Raises InvalidSender."""
    given = text.strip().casefold()
    if "@" in given.lstrip("@"):
        try:
            return identity.normalise_email(given)
        except identity.InvalidEmail as error:
            raise InvalidSender(f"'{text.strip()}' is no address: {error}") from error
    domain = given.lstrip("@")
    try:
        return identity.domain_of(identity.normalise_email(f"a@{domain}"))
    except identity.InvalidEmail as error:
        raise InvalidSender(f"'{text.strip()}' is neither an address nor a domain.") from error


def choose(routes: Mapping[Key, Sequence[str]], address: str) -> Key | None:
    """The route for this sender, by the senders that each route names."""
    by_sender = {
        sender: key for key, senders in routes.items() for sender in (senders or (EVERYBODY,))
    }
    return next((by_sender[name] for name in _from_close(address) if name in by_sender), None)


def clashes(routes: Mapping[Key, Sequence[str]], senders: Sequence[str]) -> tuple[Key, str] | None:
    """A route that is already for one of these senders, and that sender; EVERYBODY for all."""
    wanted = set(senders) or {EVERYBODY}
    for key, taken in routes.items():
        common = wanted & (set(taken) or {EVERYBODY})
        if common:
            return key, min(common)
    return None


def _from_close(address: str) -> Iterable[str]:
    """The address, its domain, the domain above it and so on, everybody."""
    name = address.strip().casefold()
    yield name
    labels = name.rpartition("@")[2].split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])
    yield EVERYBODY
