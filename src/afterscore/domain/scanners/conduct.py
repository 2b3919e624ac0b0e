"""How the page was used, as its own script tells it. Easily forged, which scanners do not do yet:
it serves to recognise people, and nothing is believed against the signs that are seen from here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

INSTANT = 10
"""In milliseconds. Shorter presses are made by programs, and by some aids for people."""

_TOLD = re.compile(
    r"(?P<gesture>mouse|touch|key|aid|none) (?P<reach>[0-9]{1,9}) (?P<press>-|[0-9]{1,7})"
    r" (?P<moves>[0-9]{1,7}) (?P<driven>[01])"
)
_FEW_MOVES = 2


class Gesture(StrEnum):
    """What the person used first; the browser vouches that it was no script."""

    MOUSE = "mouse"
    TOUCH = "touch"  # a finger or a pen
    KEY = "key"
    AID = "aid"  # a click without a press: a screen reader, a voice
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Conduct:
    """`reach` is the time in milliseconds from the page in view to the first gesture (to the
    sending, without one), `press` the longest time something was held down, `moves` the movements
    of the mouse before its first press; `is_driven` what the browser says of itself."""

    gesture: Gesture
    reach: int
    press: int | None = None
    moves: int = 0
    is_driven: bool = False

    @property
    def is_instant(self) -> bool:
        return self.press is not None and self.press < INSTANT

    @property
    def is_jump(self) -> bool:
        """The mouse pressed without having come from anywhere, for no time."""
        return self.gesture is Gesture.MOUSE and self.is_instant and self.moves <= _FEW_MOVES

    @property
    def is_human(self) -> bool:
        """Shows a person, as far as this can: held down for as long as hands do, or an aid."""
        if self.is_driven or self.gesture is Gesture.NONE:
            return False
        return self.gesture is Gesture.AID or not self.is_instant


def read_conduct(text: str) -> Conduct | None:
    """What the script wrote ("touch 2310 84 0 0"); None for anything else, such as nothing."""
    told = _TOLD.fullmatch(text)
    if told is None:
        return None
    return Conduct(
        gesture=Gesture(told["gesture"]),
        reach=int(told["reach"]),
        press=None if told["press"] == "-" else int(told["press"]),
        moves=int(told["moves"]),
        is_driven=told["driven"] == "1",
    )
