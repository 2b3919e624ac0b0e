"""Mail that comes back, for mail servers that speak to programs and not to LMTP."""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

import click

from afterscore.config.cli import session

logger = logging.getLogger(__name__)
# sysexits.h, as mail servers understand them
NO_SUCH_USER = os.EX_NOUSER
TOO_LARGE = os.EX_DATAERR
LATER = os.EX_TEMPFAIL


@click.group()
def mail() -> None:
    """Mail that comes back."""


@mail.command("receive")
@click.option(
    "--to", "recipient", envvar=["ORIGINAL_RECIPIENT", "RECIPIENT"], default="",
    help="The address it was written to. Default: $ORIGINAL_RECIPIENT, as Postfix sets it.",
)  # fmt: skip
def receive(recipient: str) -> None:
    """Take in one mail from standard input.

    Ends with 0 when it is kept, 67 for mail to nobody here, 65 for one too large and 75 ("try again
    later") for any trouble of ours.
    """
    if not recipient:
        _end(LATER, "Say whom the mail was written to, with --to ADDRESS.")
    try:
        with session.database():
            code, text = _keep(recipient)
    except Exception as error:
        logger.debug("The mail was not taken", exc_info=True)
        _end(LATER, f"{type(error).__name__}: {error}")
    if code:
        _end(code, text)
    click.echo(text)


def _keep(recipient: str) -> tuple[int, str]:
    """The code to end with, and why."""
    from afterscore.kit import clock
    from afterscore.outreach import operations

    raw = sys.stdin.buffer.read(operations.MAX_BYTES + 1)
    try:
        event = operations.receive(recipient=recipient, raw=raw, now=clock.now())
    except operations.NotOurs as error:
        return NO_SUCH_USER, error.message
    except operations.TooLarge as error:
        return TOO_LARGE, error.message
    return 0, f"Kept as {event.public_id}."


def _end(code: int, why: str) -> NoReturn:
    click.echo(f"afterscore: {why}", err=True)
    sys.exit(code)
