"""When a customer may be asked for a favour: not while a complaint of theirs is unresolved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something the customer is still unhappy with: `what` in words, `of` whom, `since` when."""

    what: str
    of: str = ""
    since: str = ""
    reference: str = ""  # the case in which it is worked on, if there is one


@dataclass(frozen=True, slots=True)
class Go:
    """Ask."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """`why` is a sentence for whoever wants to ask; `complaint` what has to be settled first."""

    why: str
    complaint: Complaint


def may_ask_favour(complaints: Sequence[Complaint]) -> Go | NotYet:
    """Whether to ask for a referral or a testimonial now; the oldest complaint comes first."""
    if not complaints:
        return Go()
    first, *others = complaints
    who = f" of {first.of}" if first.of else ""
    since = f" since {first.since}" if first.since else ""
    more = ""
    if others:
        more = f" So {'is' if len(others) == 1 else 'are'} {len(others)} more."
    return NotYet(
        f"Not yet: {first.what}{who} is unresolved{since}.{more} "
        "This opens by itself once that is settled.",
        first,
    )
