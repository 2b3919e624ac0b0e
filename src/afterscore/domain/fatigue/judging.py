"""Who may be asked: one verdict, with a reason a manager understands, for each person.

The checks run in this order, and the first that speaks is the reason:

1. erased: an erased person has no other facts left;
2. not in the audience;
3. no address;
4. complained, unsubscribed, bounced or otherwise suppressed;
5. consent refused or withdrawn, or required and missing;
6. to wait for now: in quarantine, asked too recently by any program (`asked_recently`, or
   `own_wish` where the person wishes a longer gap) or by this one (`not_due`), or without room for
   the wave's messages in the budget (`budget`): whichever keeps the person waiting longest;
7. enough people asked at the same account.

So a lasting reason comes before a passing one, and a passing one says when it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from afterscore.domain.fatigue.budget import Budget, fits_from
from afterscore.domain.fatigue.reasons import (
    ERASED_SENTENCE,
    ONLY_HERE_SENTENCE,
    SUPPRESSION_SENTENCES,
    SUPPRESSIONS,
    Reason,
)

# A recorded "no" counts even where consent is not required.
REFUSALS = frozenset({"refused", "denied", "withdrawn"})
_NO_CONSENT_AT_ALL = frozenset({"", "none", "unknown"})


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nobody asks them before `until`; `why` is what somebody wrote down, or ""."""

    until: datetime
    why: str = ""
    whole_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of one person at the moment of judging.

    `suppressed` is the reason for which the address must not be written to, None if it may be;
    `only_here`: by this program alone. `consent` is the basis on record ("contract", "consent",
    "refused"...), None if there is none; `opted_in` means that the person joined the feedback
    program of their own accord. `ask_gap_days` is their own wish. `messages` are the automated
    messages of any program and of other systems, sent or planned, within the budget's days.
    `account_asked` counts the people at the same account who are already asked this time.
    """

    email: str | None
    erased: bool = False
    suppressed: str | None = None
    only_here: bool = False
    consent: str | None = None
    opted_in: bool = False
    last_asked_at: datetime | None = None
    last_asked_in_program_at: datetime | None = None
    ask_gap_days: int | None = None
    quarantines: tuple[Quarantine, ...] = ()
    messages: tuple[datetime, ...] = ()
    matches_audience: bool = True
    account_asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How much asking is decent; `account_limit` None means no limit per account.

    `touches` are the messages that the wave would send, as times after the first of them.
    """

    minimum_gap_days: int = 90
    cadence_days: int = 90
    consent_required: bool = False
    account_limit: int | None = None
    budget: Budget = field(default_factory=Budget)
    touches: tuple[timedelta, ...] = (timedelta(0),)

    def __post_init__(self) -> None:
        if min(self.minimum_gap_days, self.cadence_days) < 0:
            raise ValueError("gap and cadence are zero days or more")
        if self.account_limit is not None and self.account_limit < 1:
            raise ValueError("an account limit is at least 1, or None for no limit")


@dataclass(frozen=True, slots=True)
class Eligible:
    """May be asked now; `place` counts those of the same account whose turn comes before."""

    place: int = 0


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
        return Excluded(Reason.ERASED, ERASED_SENTENCE)
    if not candidate.matches_audience:
        return Excluded(Reason.NOT_IN_AUDIENCE, "Does not match this program's audience.")
    if not candidate.email:
        return Excluded(Reason.NO_EMAIL, "Has no e-mail address on record.")
    if candidate.suppressed is not None:
        return _suppression(candidate.suppressed, only_here=candidate.only_here)
    return _missing_consent(candidate, policy)


def _suppression(recorded: str, *, only_here: bool) -> Excluded:
    reason = SUPPRESSIONS.get(recorded.strip().lower(), Reason.SUPPRESSED)
    if only_here and reason is Reason.UNSUBSCRIBED:
        return Excluded(reason, ONLY_HERE_SENTENCE)
    return Excluded(reason, SUPPRESSION_SENTENCES[reason])


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
    longest = max(_waits(candidate, policy, now), key=lambda wait: wait.until or now, default=None)
    start = longest.until if longest is not None and longest.until is not None else now
    return _over_budget(candidate, policy, start) or longest


def _waits(candidate: Candidate, policy: Policy, now: datetime) -> Iterator[Excluded]:
    """Of equal ones the first is told."""
    for quarantine in candidate.quarantines:
        if quarantine.until > now:
            yield _in_quarantine(quarantine)
    wished = candidate.ask_gap_days or 0
    gap, reason = policy.minimum_gap_days, Reason.ASKED_RECENTLY
    if wished > gap:
        gap, reason = wished, Reason.OWN_WISH
    anywhere = _wait(reason, candidate.last_asked_at, gap, now)
    here = _wait(Reason.NOT_DUE, candidate.last_asked_in_program_at, policy.cadence_days, now)
    yield from (wait for wait in (anywhere, here) if wait is not None)


def _in_quarantine(quarantine: Quarantine) -> Excluded:
    who = "Nobody at this account is" if quarantine.whole_account else "Is not"
    why = f": {quarantine.why.rstrip('. ')}" if quarantine.why.strip() else ""
    return Excluded(
        Reason.QUARANTINED,
        f"{who} to be asked before {_spoken(quarantine.until)}{why}.",
        quarantine.until,
    )


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
    wish = f" and wishes {days} days between" if reason is Reason.OWN_WISH else ""
    again = until.astimezone(asked_at.tzinfo)
    return Excluded(
        reason,
        f"{began}{place} on {_spoken(asked_at)}{wish}; may be asked again from {_spoken(again)}.",
        until,
    )


def _over_budget(candidate: Candidate, policy: Policy, start: datetime) -> Excluded | None:
    """None where the wave's messages fit at `start`."""
    budget, wanted = policy.budget, policy.touches
    fitting = fits_from(known=candidate.messages, wanted=wanted, budget=budget, start=start)
    if fitting == start:
        return None
    known = f"{len(candidate.messages)} {_are(len(candidate.messages))} sent or planned"
    rule = f"Nobody gets more than {_messages(budget.messages)} in {budget.days} days"
    if fitting is None:
        return Excluded(Reason.BUDGET, f"{rule}; this program sends {len(wanted)}.")
    again = fitting.astimezone(start.tzinfo)
    return Excluded(
        Reason.BUDGET,
        f"{rule}, and {known}; {_of_program(len(wanted))} from {_spoken(again)}.",
        fitting,
    )


def _messages(count: int) -> str:
    return "1 automated message" if count == 1 else f"{count} automated messages"


def _of_program(count: int) -> str:
    return "this program's one fits" if count == 1 else f"the {count} of this program fit"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


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
