"""Why somebody is not asked: each reason with its heading, and the sentences of lasting ones."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    NOT_IN_AUDIENCE = "not_in_audience"
    NO_EMAIL = "no_email"
    ERASED = "erased"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    QUARANTINED = "quarantined"
    ASKED_RECENTLY = "asked_recently"
    OWN_WISH = "own_wish"
    NOT_DUE = "not_due"
    BUDGET = "budget"
    ACCOUNT_LIMIT = "account_limit"

    @property
    def label(self) -> str:
        """A heading for everybody left out for this reason."""
        return _LABELS[self]


def label_of(reason: str) -> str:
    """The heading for a reason as it is stored, also for one that is not told here."""
    if reason in tuple(Reason):
        return Reason(reason).label
    return reason.replace("_", " ").capitalize()


_LABELS = {
    Reason.NOT_IN_AUDIENCE: "Not in the audience",
    Reason.NO_EMAIL: "No e-mail address",
    Reason.ERASED: "Erased on request",
    Reason.UNSUBSCRIBED: "Unsubscribed",
    Reason.BOUNCED: "Address does not work",
    Reason.COMPLAINED: "Reported our mail as spam",
    Reason.SUPPRESSED: "On the do-not-write list",
    Reason.NO_CONSENT: "No consent",
    Reason.QUARANTINED: "Left alone for now",
    Reason.ASKED_RECENTLY: "Asked recently",
    Reason.OWN_WISH: "Wishes to be asked less often",
    Reason.NOT_DUE: "Not due yet in this program",
    Reason.BUDGET: "Enough messages for now",
    Reason.ACCOUNT_LIMIT: "Enough people asked at the account",
}

SUPPRESSIONS = {
    "unsubscribe": Reason.UNSUBSCRIBED,
    "unsubscribed": Reason.UNSUBSCRIBED,
    "bounce": Reason.BOUNCED,
    "bounced": Reason.BOUNCED,
    "hard_bounce": Reason.BOUNCED,
    "complaint": Reason.COMPLAINED,
    "complained": Reason.COMPLAINED,
    "erased": Reason.ERASED,
}

ERASED_SENTENCE = "Erased on request; we do not write again."
SUPPRESSION_SENTENCES = {
    Reason.UNSUBSCRIBED: "Unsubscribed; we do not write again unless they ask us to.",
    Reason.BOUNCED: "Mail to this address came back; it needs a working address first.",
    Reason.COMPLAINED: "Reported an earlier mail as spam; we do not write again.",
    Reason.ERASED: ERASED_SENTENCE,
    Reason.SUPPRESSED: "On the do-not-write list.",
}
ONLY_HERE_SENTENCE = "Unsubscribed from this program; other programs may still ask."
