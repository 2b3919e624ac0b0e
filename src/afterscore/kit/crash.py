"""Named places at which a process may be made to die, to prove that nothing is lost there.

`AFTERSCORE_CRASH_POINT=sender.after_hand_off` ends the process there as kill -9 would, on the
first passing, or on a later one with `AFTERSCORE_CRASH_AFTER=3`. Without the variable a point
costs one comparison.
"""

from __future__ import annotations

import itertools
import os
import signal

_POINT = os.environ.get("AFTERSCORE_CRASH_POINT", "")
_PASSINGS = itertools.count(1)
_AFTER = int(os.environ.get("AFTERSCORE_CRASH_AFTER", "1"))


def point(name: str) -> None:
    if name == _POINT and next(_PASSINGS) == _AFTER:
        os.kill(os.getpid(), signal.SIGKILL)
