"""How a wave fares and how accurate a list is: rates with their uncertainty, and when to stop.

Large mail providers ask senders to stay below 0.1 % complaints and treat dead addresses as the mark
of a bought list; a wave that keeps writing to one harms every later mail of the sender.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import intervals

MOST_BOUNCES = 0.05
MOST_COMPLAINTS = 0.001

FEWEST_MAILS = 100
"""Below so many the plain ratio decides nothing; only an interval above the limit does."""

FEWEST_BOUNCES = 5
FEWEST_COMPLAINTS = 2
"""One complaint may be anybody's bad day; a second is a pattern."""

STALE_DAYS = 365
"""A contact of whom nothing was heard for so long may have left."""

_FREE_MAIL_LISTED = (
    "aol.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com "
    "hotmail.fr icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru me.com msn.com "
    "naver.com orange.fr outlook.com outlook.de proton.me protonmail.com qq.com seznam.cz "
    "t-online.de web.de wp.pl yahoo.co.jp yahoo.co.uk yahoo.com yahoo.fr yandex.ru 126.com "
    "163.com"
)
FREE_MAIL = frozenset(_FREE_MAIL_LISTED.split())
"""Domains at which anybody gets an address, so that one there says nothing about the company."""


@dataclass(frozen=True, slots=True)
class Rate:
    """It happened to `count` of `n`.

    `design_effect` says how many of them are worth one independent person, because people of one
    account are alike (domain/alike.py); 1 where nothing is known of accounts. Limits and tests are
    reckoned from `worth`.
    """

    count: int
    n: int
    design_effect: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.n:
            raise ValueError("it may have happened to none, or to all, but to no more")
        if not self.design_effect >= 1:
            raise ValueError("people are never worth more than independent ones")

    @property
    def worth(self) -> float:
        """So many independent people tell as much (Kish 1965)."""
        return self.n / self.design_effect

    @property
    def ratio(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def low(self) -> float:
        return self._limits[0]

    @property
    def high(self) -> float:
        return self._limits[1]

    @property
    def _limits(self) -> tuple[float, float]:
        return intervals.wilson(self.count / self.n, self.worth) if self.n else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Alarm:
    """`why` is a sentence for the banner, `remedy` says what to do."""

    kind: str
    why: str
    remedy: str


def alarm(*, bounces: Rate, complaints: Rate) -> Alarm | None:
    """Whether a wave must stop by itself; complaints weigh more and are said first.

    Bounces: 5 % of at least a hundred mails, or an interval that lies above 5 % as a whole; never
    for fewer than five. Complaints: 0.1 %, and at least two.
    """
    if complaints.count >= FEWEST_COMPLAINTS and complaints.count >= MOST_COMPLAINTS * complaints.n:
        return Alarm(
            "complaints",
            f"{_of(complaints)} mails were reported as spam. Above 0.1 % mail providers begin to "
            "hold back everything you send.",
            "Look at whom the wave asks and whether they know you. Change the audience or the "
            "words, and close this wave rather than resume it.",
        )
    if bounces.count >= FEWEST_BOUNCES and _too_many(bounces):
        return Alarm(
            "bounces",
            f"{_of(bounces)} mails came back. Above 5 % mail providers take a list for bought or "
            "long out of use.",
            "Check the addresses at their source and import them again; who bounced is not "
            "written to any more. Then resume.",
        )
    return None


def _too_many(bounces: Rate) -> bool:
    if bounces.n >= FEWEST_MAILS:
        return bounces.count >= MOST_BOUNCES * bounces.n
    return bounces.low > MOST_BOUNCES


def _of(rate: Rate) -> str:
    percent = f"{100 * rate.count / rate.n:.1f}\N{NARROW NO-BREAK SPACE}%"
    return f"{rate.count:,} of {rate.n:,} ({percent})"


class Flaw(StrEnum):
    """What may be wrong with a contact on the list."""

    BOUNCED = "bounced"
    STALE = "stale"
    DUPLICATE = "duplicate"
    NO_ACCOUNT = "no_account"
    NO_OWNER = "no_owner"
    NO_LANGUAGE = "no_language"
    NO_ZONE = "no_zone"
    ROLE = "role"
    FREE_MAIL = "free_mail"

    @property
    def label(self) -> str:
        return _FLAWS[self][0]

    @property
    def remedy(self) -> str:
        return _FLAWS[self][1]


_FLAWS = {
    Flaw.BOUNCED: (
        "Address came back",
        "Nobody is written to there any more. Import a working address.",
    ),
    Flaw.STALE: (
        "Nothing heard for a year",
        "No answer, no event, no change of the record. Ask whether they still work there.",
    ),
    Flaw.DUPLICATE: (
        "The same person twice",
        "Same name at the same company under two addresses; they may be asked twice. Remove one.",
    ),
    Flaw.NO_ACCOUNT: ("No company", "Give the contact an account, or their answer tells little."),
    Flaw.NO_OWNER: (
        "Nobody looks after the company",
        "Give the account an owner: who asks in person, and who follows up?",
    ),
    Flaw.NO_LANGUAGE: (
        "Language not known",
        "They are written to in the workspace's language. Import theirs where it differs.",
    ),
    Flaw.NO_ZONE: (
        "Time zone not known",
        "Mails come by the workspace's clock. Import theirs where they live elsewhere.",
    ),
    Flaw.ROLE: (
        "Shared mailbox",
        "info@, support@ and the like: whoever reads it answers. Find a person.",
    ),
    Flaw.FREE_MAIL: (
        "Private mail provider",
        "The address outlives the job and says nothing about the company. Ask for another.",
    ),
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """People on a list, and how many of them have which flaw. One person may have several."""

    people: int
    flawed: int
    counts: dict[Flaw, int]

    @property
    def rate(self) -> Rate:
        """Of those without a flaw that endangers the asking itself."""
        return Rate(self.people - self.flawed, self.people)

    def findings(self) -> Iterator[tuple[Flaw, Rate]]:
        """What there is to mend, in the order of its weight."""
        for flaw in Flaw:
            if count := self.counts.get(flaw):
                yield flaw, Rate(count, self.people)


GRAVE = (Flaw.BOUNCED, Flaw.STALE, Flaw.DUPLICATE)
"""Flaws because of which the wrong person is asked, or nobody."""
