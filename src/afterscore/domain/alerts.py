"""What somebody has to know without looking for it: the kinds of alerts, and who hears of each."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """In the order in which they are told: what costs most when it is missed comes first, and what
    is good to hear last."""

    BROKEN_PROMISE = "broken_promise"
    BREACH = "breach"
    UNOWNED = "unowned"
    ANSWER_CHANGED = "answer_changed"
    KEY_CONTACT_SILENT = "key_contact_silent"
    SCORE_DROP = "score_drop"
    PARITY = "parity"
    BREACH_AHEAD = "breach_ahead"
    BUDGET = "budget"
    WATCHED = "watched"
    TARGET_MET = "target_met"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def rank(self) -> int:
        return tuple(Kind).index(self)

    @property
    def icon(self) -> str:
        return _ICONS[self]

    @property
    def goes_to_rooms(self) -> bool:
        """Whether the team's chat rooms hear of it too. That one's own case comes due, or what
        happens in a case one has or watches, is for one person; a room that hears of each is muted
        by Friday."""
        return self not in {Kind.BREACH_AHEAD, *NEWS}


NEWS = frozenset({Kind.WATCHED, Kind.ANSWER_CHANGED})
"""Nothing is wrong, something happened: whoever has looked at the case knows it."""

_LABELS = {
    Kind.BROKEN_PROMISE: "Promise broken",
    Kind.BREACH: "Late",
    Kind.UNOWNED: "Nobody has it",
    Kind.ANSWER_CHANGED: "Answer changed",
    Kind.KEY_CONTACT_SILENT: "Key contact silent",
    Kind.SCORE_DROP: "Score fell",
    Kind.PARITY: "Some are left unanswered",
    Kind.BREACH_AHEAD: "Due soon",
    Kind.BUDGET: "Budget",
    Kind.WATCHED: "In cases you watch",
    Kind.TARGET_MET: "Target met",
}

_ICONS = {
    Kind.BROKEN_PROMISE: "loop",
    Kind.BREACH: "clock",
    Kind.UNOWNED: "assign",
    Kind.ANSWER_CHANGED: "refresh",
    Kind.KEY_CONTACT_SILENT: "message",
    Kind.SCORE_DROP: "pulse",
    Kind.PARITY: "loop",
    Kind.BREACH_AHEAD: "clock",
    Kind.BUDGET: "note",
    Kind.WATCHED: "eye",
    Kind.TARGET_MET: "targets",
}
