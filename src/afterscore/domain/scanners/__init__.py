"""Was it a person? Signs that a program followed the links of a mail, each with its reason.

One sign proves little: people are fast, hide who they are, or have no scripts. Two of them, one of
which is strong, set an answer aside; a person decides about it, or answers it away.
"""

from __future__ import annotations

from afterscore.domain.scanners.agents import AgentKind, kind_of
from afterscore.domain.scanners.conduct import Conduct, Gesture, read_conduct
from afterscore.domain.scanners.judging import (
    SETTLING,
    SITTING,
    TRUSTED,
    Act,
    Judgement,
    Means,
    Verdict,
    Visit,
    judge,
)
from afterscore.domain.scanners.signs import Finding, Sign
from afterscore.domain.scanners.standing import Counting, SetAside, Validity, standing_of

__all__ = [
    "SETTLING",
    "SITTING",
    "TRUSTED",
    "Act",
    "AgentKind",
    "Conduct",
    "Counting",
    "Finding",
    "Gesture",
    "Judgement",
    "Means",
    "SetAside",
    "Sign",
    "Validity",
    "Verdict",
    "Visit",
    "judge",
    "kind_of",
    "read_conduct",
    "standing_of",
]
