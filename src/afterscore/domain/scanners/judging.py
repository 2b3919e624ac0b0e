"""From what was done on the page, and what else was fetched around it, to a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from afterscore.domain.scanners.agents import AgentKind
from afterscore.domain.scanners.conduct import INSTANT, Conduct, Gesture
from afterscore.domain.scanners.signs import Finding, Sign

SOONEST = timedelta(seconds=10)
"""From the hand-over to the answer. No mail is delivered, seen, read and answered sooner."""

BURST = timedelta(seconds=60)
SETTLING = BURST
"""After an answer that is in question: a scanner's other requests come within this time."""

SITTING = timedelta(minutes=10)
SCORES_IN_A_BURST = 3
SCORES = 11
HASTE = 800
"""In milliseconds, from the page in view to the first gesture. Seeing and aiming takes longer."""

ENOUGH = 2


class Means(StrEnum):
    """How far the person went, as the request says."""

    OPENED = "opened"  # the page of a score's link stayed in view
    TAPPED = "tapped"  # a number was picked on the page
    SENT = "sent"  # Send was pressed


class Verdict(StrEnum):
    PERSON = "person"
    WAIT = "wait"  # one strong sign, or no hand seen: what follows within SETTLING decides
    AUTOMATED = "automated"


@dataclass(frozen=True, slots=True)
class Visit:
    """A fetch of the survey page, or of the link that no person sees (`is_trap`)."""

    at: datetime
    visitor: str
    agent: AgentKind
    method: str = "GET"
    score: int | None = None
    is_trap: bool = False
    is_prefetch: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that would be an answer, and who did it how. `visitor` stands for a network and a
    kind of agent; `handed_over_at` is when the last mail before it left."""

    at: datetime
    means: Means
    has_comment: bool
    visitor: str = ""
    agent: AgentKind = AgentKind.BROWSER
    conduct: Conduct | None = None
    handed_over_at: datetime | None = None
    is_from_scanner_network: bool = False
    is_prefetch: bool = False

    @property
    def is_human(self) -> bool:
        return self.conduct is not None and self.conduct.is_human


@dataclass(frozen=True, slots=True)
class Judgement:
    means: Means
    findings: tuple[Finding, ...] = ()
    is_settled: bool = True

    @property
    def verdict(self) -> Verdict:
        strong = sum(finding.is_strong for finding in self.findings)
        if strong and len(self.findings) >= ENOUGH:
            return Verdict.AUTOMATED
        is_open = strong or any(finding.sign is Sign.NO_GESTURE for finding in self.findings)
        return Verdict.WAIT if is_open and not self.is_settled else Verdict.PERSON


TRUSTED = Judgement(Means.SENT)
"""Of an answer that did not come by a link in a mail."""


def judge(act: Act, visits: Sequence[Visit], *, now: datetime) -> Judgement:
    """All signs of this act. `visits` are those of the same mail's links, in any order.

    Before SETTLING is over, a single strong sign waits, and so does an answer of which no hand was
    seen; a lack of a comment speaks only afterwards, or where Send was pressed without one.
    """
    is_settled = now >= act.at + SETTLING
    findings = (
        *_own(act),
        *_around(act, _related(act, visits)),
        *_silence(act, is_settled=is_settled),
    )
    return Judgement(act.means, findings, is_settled)


def _own(act: Act) -> Iterator[Finding]:
    if act.handed_over_at is not None and act.at - act.handed_over_at < SOONEST:
        seconds = max(0.0, (act.at - act.handed_over_at).total_seconds())
        yield Finding(Sign.TOO_FAST, f"Answered {seconds:.0f} s after the mail left.")
    if act.agent.is_automatic:
        yield Finding(Sign.AGENT, "The program that answered names itself, and is no browser.")
    if act.is_from_scanner_network:
        yield Finding(Sign.NETWORK, "Came from a network that you have listed as a scanner's.")
    if act.is_prefetch:
        yield Finding(Sign.PREFETCH, "Was sent ahead of a visit, by the browser itself.")
    yield from _conduct(act)


def _conduct(act: Act) -> Iterator[Finding]:
    conduct = act.conduct
    if conduct is None:
        yield Finding(Sign.NO_GESTURE, "No tap, key or movement was seen: the page ran no script.")
        return
    if conduct.is_driven:
        yield Finding(Sign.DRIVEN, "The browser says that a program drives it.")
    if conduct.gesture is Gesture.NONE:
        if act.means is Means.OPENED:
            yield Finding(Sign.NO_GESTURE, "The page was only looked at.")
        else:
            yield Finding(Sign.SCRIPTED, "A button was pressed, but by no hand, key or aid.")
    elif conduct.reach < HASTE:
        yield Finding(
            Sign.HASTY, f"First pressed something {conduct.reach / 1000:.1f} s after the page came."
        )
    if conduct.is_jump:
        yield Finding(
            Sign.JUMP, "The mouse pressed for no time, in a place to which it had not moved."
        )
    elif conduct.is_instant:
        yield Finding(Sign.INSTANT, f"Everything was pressed for less than {INSTANT} ms.")


def _related(act: Act, visits: Sequence[Visit]) -> list[Visit]:
    return [visit for visit in visits if not visit.is_prefetch and _is_related(act, visit)]


def _is_related(act: Act, visit: Visit) -> bool:
    """The visitor's own visits, and others' at the same moment: scanners share the work between
    addresses. Beside a hand that was seen, only its own and only just now: a guard in the same
    house looks at the links before a person does, and says nothing against the person."""
    apart = abs(visit.at - act.at)
    is_own = visit.visitor == act.visitor
    if act.is_human:
        return is_own and apart <= BURST
    return apart <= (SITTING if is_own else BURST)


def _around(act: Act, visits: Sequence[Visit]) -> Iterator[Finding]:
    burst = _most_scores(visits)
    if burst >= SCORES_IN_A_BURST:
        yield Finding(
            Sign.MANY_SCORES,
            f"{burst} different numbers of the mail were opened within {BURST.seconds} s.",
        )
    if len({visit.score for visit in visits} - {None}) == SCORES:
        yield Finding(Sign.EVERY_SCORE, "Every number of the mail was opened.")
    if any(visit.is_trap for visit in visits):
        yield Finding(Sign.TRAP, "A link was followed that no person can see.")
    if any(visit.method == "HEAD" and visit.visitor == act.visitor for visit in visits):
        yield Finding(Sign.HEAD, "Asked for the head of the page only, as no browser does.")


def _most_scores(visits: Sequence[Visit]) -> int:
    """The most different scores within any BURST."""
    scored = sorted((v for v in visits if v.score is not None), key=lambda visit: visit.at)
    return max(
        (
            len({v.score for v in scored[start:] if v.at - first.at <= BURST})
            for start, first in enumerate(scored)
        ),
        default=0,
    )


def _silence(act: Act, *, is_settled: bool) -> Iterator[Finding]:
    if act.has_comment or act.is_human:
        return
    if act.means is Means.SENT or (act.means is Means.TAPPED and is_settled):
        yield Finding(Sign.NO_COMMENT, "Nothing was written beside the number.")
