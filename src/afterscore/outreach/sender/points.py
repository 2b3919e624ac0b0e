"""The named places on the way of a message at which a process may be made to die."""

from __future__ import annotations

from typing import NamedTuple


class CrashPoint(NamedTuple):
    """`leaves_doubt`: whether a message may be in doubt after a death at this place."""

    name: str
    leaves_doubt: bool


# In the order in which a message passes them. From the hand-off until it is settled its transfer
# is open; the message before it may still be unsettled when the next one is announced.
CRASH_POINTS = (
    CrashPoint("sender.before_claim", leaves_doubt=False),
    CrashPoint("sender.after_claim", leaves_doubt=False),
    CrashPoint("sender.after_sorting", leaves_doubt=False),
    CrashPoint("sender.after_composing", leaves_doubt=False),
    CrashPoint("smtp.before_announcing", leaves_doubt=True),
    CrashPoint("smtp.after_announcing", leaves_doubt=True),
    CrashPoint("sender.before_hand_off", leaves_doubt=True),
    CrashPoint("sender.after_hand_off", leaves_doubt=True),
    CrashPoint("smtp.before_body", leaves_doubt=True),
    CrashPoint("smtp.after_body", leaves_doubt=True),
    CrashPoint("smtp.after_dot", leaves_doubt=True),
    CrashPoint("smtp.after_reply", leaves_doubt=True),
    CrashPoint("sender.before_settle", leaves_doubt=True),
    CrashPoint("sender.after_settle", leaves_doubt=False),
    CrashPoint("sender.after_batch", leaves_doubt=False),
)
