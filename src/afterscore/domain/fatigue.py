"""Who may be asked: one verdict, with a reason a manager understands, for each person.

The checks run in this order, and the first that speaks is the reason:

1. erased: an erased person has no other facts left;
2. not in the audience;
3. no address;
4. complained, unsubscribed, bounced or otherwise suppressed;
5. consent refused or withdrawn, or required and missing;
6. asked too recently, by any program (`asked_recently`) or by this one (`not_due`): whichever
   keeps the person waiting longer;
7. enough people asked at the same account.

So a lasting reason comes before a passing one, and a passing one says when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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
    ASKED_RECENTLY = "asked_recently"
    NOT_DUE = "not_due"
    ACCOUNT_LIMIT = "account_limit"

    @property
    def label(self) -> str:
        """A heading for everybody left out for this reason."""
        return _LABELS[self]


_LABELS = {
    Reason.NOT_IN_AUDIENCE: "Not in the audience",
    Reason.NO_EMAIL: "No e-mail address",
    Reason.ERASED: "Erased on request",
    Reason.UNSUBSCRIBED: "Unsubscribed",
    Reason.BOUNCED: "Address does not work",
    Reason.COMPLAINED: "Reported our mail as spam",
    Reason.SUPPRESSED: "On the do-not-write list",
    Reason.NO_CONSENT: "No consent",
    Reason.ASKED_RECENTLY: "Asked recently",
    Reason.NOT_DUE: "Not due yet in this program",
    Reason.ACCOUNT_LIMIT: "Enough people asked at the account",
}

_SUPPRESSIONS = {
    "unsubscribe": Reason.UNSUBSCRIBED,
    "unsubscribed": Reason.UNSUBSCRIBED,
    "bounce": Reason.BOUNCED,
    "bounced": Reason.BOUNCED,
    "hard_bounce": Reason.BOUNCED,
    "complaint": Reason.COMPLAINED,
    "complained": Reason.COMPLAINED,
    "erased": Reason.ERASED,
}

_ERASED_SENTENCE = "Erased on request; we do not write again."
_SUPPRESSION_SENTENCES = {
    Reason.UNSUBSCRIBED: "Unsubscribed; we do not write again unless they ask us to.",
    Reason.BOUNCED: "Mail to this address came back; it needs a working address first.",
    Reason.COMPLAINED: "Reported an earlier mail as spam; we do not write again.",
    Reason.ERASED: _ERASED_SENTENCE,
    Reason.SUPPRESSED: "On the do-not-write list.",
}

# A recorded "no" counts even where consent is not required.
REFUSALS = frozenset({"refused", "denied", "withdrawn"})
_NO_CONSENT_AT_ALL = frozenset({"", "none", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of one person at the moment of judging.

    `suppressed` is the reason for which the address must not be written to, None if it may be.
    `consent` is the basis on record ("contract", "consent", "refused"...), None if there is none;
    `opted_in` means that the person joined the feedback program of their own accord.
    `account_asked` counts the people at the same account who are already asked this time.
    """

    email: str | None
    erased: bool = False
    suppressed: str | None = None
    consent: str | None = None
    opted_in: bool = False
    last_asked_at: datetime | None = None
    last_asked_in_program_at: datetime | None = None
    matches_audience: bool = True
    account_asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How much asking is decent; `account_limit` None means no limit per account."""

    minimum_gap_days: int = 90
    cadence_days: int = 90
    consent_required: bool = False
    account_limit: int | None = None

    def __post_init__(self) -> None:
        if min(self.minimum_gap_days, self.cadence_days) < 0:
            raise ValueError("gap and cadence are zero days or more")
        if self.account_limit is not None and self.account_limit < 1:
            raise ValueError("an account limit is at least 1, or None for no limit")


@dataclass(frozen=True, slots=True)
class Eligible:
    """May be asked now."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """May not be asked now. `until` is the end of a passing reason, None for a lasting one."""

    reason: Reason
    detail: str
    until: datetime | None = None


Verdict = Eligible | Excluded


def judge(candidate: Candidate, policy: Policy, now: datetime) -> Verdict:
    """Whether a person may be asked at `now`; the same answer for the same facts, always."""
    if now.utcoffset() is None:
        raise ValueError("`now` needs a time zone")
    return (
        _lasting_exclusion(candidate, policy)
        or _waiting(candidate, policy, now)
        or _crowded_account(candidate, policy)
        or Eligible()
    )


def _lasting_exclusion(candidate: Candidate, policy: Policy) -> Excluded | None:
    if candidate.erased:
        return Excluded(Reason.ERASED, _ERASED_SENTENCE)
    if not candidate.matches_audience:
        return Excluded(Reason.NOT_IN_AUDIENCE, "Does not match this program's audience.")
    if not candidate.email:
        return Excluded(Reason.NO_EMAIL, "Has no e-mail address on record.")
    if candidate.suppressed is not None:
        return _suppression(candidate.suppressed)
    return _missing_consent(candidate, policy)


def _suppression(recorded: str) -> Excluded:
    reason = _SUPPRESSIONS.get(recorded.strip().lower(), Reason.SUPPRESSED)
    return Excluded(reason, _SUPPRESSION_SENTENCES[reason])


def _missing_consent(candidate: Candidate, policy: Policy) -> Excluded | None:
    consent = (candidate.consent or "").strip().lower()
    if consent in REFUSALS:
        return Excluded(Reason.NO_CONSENT, "Said no to being asked for feedback.")
    has_consent = candidate.opted_in or consent not in _NO_CONSENT_AT_ALL
    if policy.consent_required and not has_consent:
        return Excluded(
            Reason.NO_CONSENT, "This program asks only with consent, and none is on record."
        )
    return None


def _waiting(candidate: Candidate, policy: Policy, now: datetime) -> Excluded | None:
    anywhere = _wait(Reason.ASKED_RECENTLY, candidate.last_asked_at, policy.minimum_gap_days, now)
    here = _wait(Reason.NOT_DUE, candidate.last_asked_in_program_at, policy.cadence_days, now)
    waits = [wait for wait in (anywhere, here) if wait is not None]
    return max(waits, key=lambda wait: wait.until or now, default=None)


def _wait(reason: Reason, asked_at: datetime | None, days: int, now: datetime) -> Excluded | None:
    if asked_at is None:
        return None
    if asked_at.utcoffset() is None:
        raise ValueError("the instant of the last asking needs a time zone")
    # Days of 24 hours, counted in UTC: adding them in a local zone would bend at clock changes.
    until = asked_at.astimezone(UTC) + timedelta(days=days)
    if until <= now:
        return None
    began = "Will be asked" if asked_at > now else "Asked"
    place = " in this program" if reason is Reason.NOT_DUE else ""
    again = until.astimezone(asked_at.tzinfo)
    return Excluded(
        reason,
        f"{began}{place} on {_spoken(asked_at)}; may be asked again from {_spoken(again)}.",
        until,
    )


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _crowded_account(candidate: Candidate, policy: Policy) -> Excluded | None:
    if policy.account_limit is None or candidate.account_asked < policy.account_limit:
        return None
    asked = candidate.account_asked
    people = "1 person" if asked == 1 else f"{asked} people"
    return Excluded(
        Reason.ACCOUNT_LIMIT,
        f"{people} already asked at this account; this program asks at most "
        f"{policy.account_limit}.",
    )
