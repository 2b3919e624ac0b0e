"""Named places at which a process may be made to die, to prove that nothing is lost there.

`AFTERSCORE_CRASH_POINT=sender.after_hand_off` ends the process there as kill -9 would, on the
first passing, or on a later one with `AFTERSCORE_CRASH_AFTER=3`. Without the variable a point
costs one comparison.
"""

from __future__ import annotations

import itertools
import os
import signal

_point = ""
_passings = itertools.count(1)
_after = 1


def arm(name: str, *, after: int = 1) -> None:
    """Let this process die at that place, at the given passing of it; "" disarms."""
    global _point, _passings, _after
    _point, _passings, _after = name, itertools.count(1), after


def point(name: str) -> None:
    if name == _point and next(_passings) == _after:
        os.kill(os.getpid(), signal.SIGKILL)


arm(
    os.environ.get("AFTERSCORE_CRASH_POINT", ""),
    after=int(os.environ.get("AFTERSCORE_CRASH_AFTER", "1")),
)
