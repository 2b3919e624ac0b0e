from __future__ import annotations

from afterscore.cases.models.case import Case, Draw, SavedView, Watching
from afterscore.cases.models.entry import Attachment, Entry, Mention
from afterscore.cases.models.gestures import Budget, Gesture, Gift
from afterscore.cases.models.notices import Alert, Notice, Praise
from afterscore.cases.models.words import Words
from afterscore.cases.models.work import (
    CheckBack,
    Commitment,
    Playbook,
    RoutingRule,
    Task,
)

__all__ = [
    "Alert",
    "Attachment",
    "Budget",
    "Case",
    "CheckBack",
    "Commitment",
    "Draw",
    "Entry",
    "Gesture",
    "Gift",
    "Mention",
    "Notice",
    "Playbook",
    "Praise",
    "RoutingRule",
    "SavedView",
    "Task",
    "Watching",
    "Words",
]
