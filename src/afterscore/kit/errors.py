"""What an operation raises when it will not do what was asked."""

from __future__ import annotations


class Refused(Exception):
    """The request was understood and is not possible.

    `message` is a sentence for the person who asked: what happened, and what to do.
    `field` names the input that caused it, where there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Exception):
    """There is no such object in this workspace (whether or not there is one elsewhere)."""


class Unavailable(Exception):
    """A machine that is needed does not answer; the message says which, and what to look at."""
