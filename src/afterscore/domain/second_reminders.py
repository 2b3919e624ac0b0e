"""Whether a person is reminded a second time: decided on the day, as a value with its reasons.

A second reminder is the third message of an invitation. It goes to people who joined the feedback
program of their own accord; to others only on evidence: the first one demonstrably brought answers,
did no harm, and most companies like theirs take part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afterscore.domain.effects import Effect
from afterscore.domain.health import Rate

MOST_UNSUBSCRIBES = 0.01
"""Of a hundred people reminded, one who unsubscribes is the most that is healthy."""

MOST_BOUNCES = 0.02
"""A list worth writing to a third time has at most two dead addresses in a hundred."""

FEWEST_COMPANIES = 10
"""Companies like somebody's, before anything is said about them."""

PEERS_TAKING_PART = 0.5
"""More than so many companies of the peer group have answered: most of them."""


@dataclass(frozen=True, slots=True)
class Participation:
    """Companies of one peer group that were asked in a wave, and those where somebody answered."""

    asked: int
    answered: int

    def __post_init__(self) -> None:
        if not 0 <= self.answered <= self.asked:
            raise ValueError("of the companies asked, none to all may have answered")

    @property
    def ratio(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def is_known(self) -> bool:
        return self.asked >= FEWEST_COMPANIES

    @property
    def is_majority(self) -> bool:
        return self.is_known and self.answered > PEERS_TAKING_PART * self.asked

    def without(self, *, answered: bool) -> Participation:
        """What is left without one company that was asked: somebody's own."""
        return Participation(max(0, self.asked - 1), max(0, self.answered - answered))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the first reminder has done so far in the program, and who takes part in the wave."""

    first: Effect
    unsubscribes: Rate
    bounces: Rate
    peers: Participation


@dataclass(frozen=True, slots=True)
class Unlocked:
    why: str


@dataclass(frozen=True, slots=True)
class Locked:
    """Every reason, not only the first: each is a sentence."""

    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return " ".join(self.reasons)


Decision = Unlocked | Locked


def decide(evidence: Evidence, *, opted_in: bool) -> Decision:
    if opted_in:
        return Unlocked("Opted in to the feedback program.")
    reasons = tuple(_reasons(evidence))
    if reasons:
        return Locked(reasons)
    peers = evidence.peers
    return Unlocked(
        "The first reminder works, hardly anybody leaves because of it, and "
        f"{peers.answered:,} of {peers.asked:,} companies like theirs take part."
    )


def general_reasons(evidence: Evidence) -> tuple[str, ...]:
    """The reasons that hold for everybody, whatever their peers do."""
    return (*_effect_reasons(evidence.first), *_health_reasons(evidence))


def _reasons(evidence: Evidence) -> Iterator[str]:
    yield from general_reasons(evidence)
    yield from _peer_reasons(evidence.peers)


def _effect_reasons(first: Effect) -> Iterator[str]:
    if first is Effect.NOT_ENOUGH:
        yield "The first reminder has not shown that it works."
    elif first is Effect.DID_NOT:
        yield "The first reminder brings no answers worth a mail."


def _health_reasons(evidence: Evidence) -> Iterator[str]:
    for rate, most, what in (
        (evidence.unsubscribes, MOST_UNSUBSCRIBES, "unsubscribed after the first reminder"),
        (evidence.bounces, MOST_BOUNCES, "first reminders came back"),
    ):
        if rate.ratio is not None and rate.ratio > most:
            yield (
                f"Too many {what}: {rate.count:,} of {rate.n:,}, and at most "
                f"{most * 100:.0f}\N{NARROW NO-BREAK SPACE}% is healthy."
            )


def _peer_reasons(peers: Participation) -> Iterator[str]:
    if not peers.is_known:
        yield f"Too few companies like theirs were asked to tell ({peers.asked:,})."
    elif not peers.is_majority:
        yield (
            f"Most companies like theirs do not take part: {peers.answered:,} of {peers.asked:,} "
            "have answered."
        )
