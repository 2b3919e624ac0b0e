"""How a mail server can misbehave: one line a mode, one action a moment of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Moment(StrEnum):
    CONNECT = "connect"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "body"  # some bytes of the body have come
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Action:
    """`say` is the reply ("" = none); `keeps` says whether the mail is taken all the same."""

    say: str = ""
    after: float = 0.0  # seconds, before haste
    resets: bool = False  # the connection is cut with a reset instead
    keeps: bool = False


HANG = Action()
RESET = Action(resets=True)
GARBAGE = "\x00\x7f ~~~ not a reply ~~~"


@dataclass(frozen=True, slots=True)
class Mode:
    """`at` gives the actions among which each meeting chooses one by the seed."""

    at: Mapping[Moment, tuple[Action, ...]] = field(default_factory=dict)
    tries: int = 2  # how often each recipient meets it; 0 = always
    seconds_per_byte: float = 0.0
    breaks_tls: bool = False


def _says(*replies: str) -> tuple[Action, ...]:
    return tuple(Action(say=reply) for reply in replies)


KIND = Mode()
MODES: Mapping[str, Mode] = {
    "421 at connect": Mode({Moment.CONNECT: _says("421 4.3.2 too busy")}),
    "45x at RCPT": Mode(
        {
            Moment.RCPT: _says(
                "450 4.2.1 mailbox busy",
                "451 4.7.1 greylisted, come back",
                "452 4.2.2 mailbox full",
            )
        }
    ),
    "550 at RCPT": Mode({Moment.RCPT: _says("550 5.1.1 no such user")}, tries=0),
    "4xx/5xx after dot": Mode(
        {Moment.DOT: _says("451 4.3.0 try again", "554 5.7.1 content refused")}
    ),
    "hang before 354": Mode({Moment.DATA: (HANG,)}),
    "hang after dot": Mode({Moment.DOT: (HANG, Action(keeps=True))}),
    "reset in body": Mode({Moment.BODY: (RESET,)}),
    "reset after dot": Mode({Moment.DOT: (RESET, Action(resets=True, keeps=True))}),
    "reply after 65 s": Mode(
        {Moment.DOT: (Action(say="250 2.0.0 at last", after=65.0, keeps=True),)}
    ),
    "garbage reply": Mode(
        {
            Moment.CONNECT: _says(GARBAGE),
            Moment.RCPT: _says(GARBAGE),
            Moment.DATA: _says(GARBAGE),
            Moment.DOT: (Action(say=GARBAGE), Action(say=GARBAGE, keeps=True)),
        }
    ),
    "1 byte/s": Mode(seconds_per_byte=1.0, tries=0),
    "TLS failure": Mode(breaks_tls=True),
}


def slug(mode: str) -> str:
    """How the addresses begin that meet this mode."""
    return "".join(letter if letter.isalnum() else "-" for letter in mode.lower()) + "--"


_BY_SLUG = {slug(name): mode for name, mode in MODES.items()}


def named_by(recipient: str) -> Mode | None:
    start, dashes, _rest = recipient.partition("--")
    return _BY_SLUG.get(start + dashes)
