"""How many of those who were reached have answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from afterscore.outreach import queries as outreach
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import finding
from afterscore.workspaces.models import Workspace

ASSUMED_RATIO = 0.25
"""Where a program has no earlier wave to learn from. Usual rates lie between 10 and 40 %."""


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """`reached` are people whose invitation or reminder was handed over and did not come back, and
    those who were shown the question without a mail."""

    answered: int
    reached: int

    @property
    def ratio(self) -> float | None:
        """None while nobody was reached; never above 1, whatever came in by other ways."""
        return min(1.0, self.answered / self.reached) if self.reached else None


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many answers to expect, and the sentence that says what this rests on."""

    answers: int
    ratio: float
    why: str


def response_rate(*, workspace: Workspace, waves: Sequence[Wave]) -> ResponseRate:
    counts = outreach.delivery_counts(
        workspace=workspace, streams=[wave.public_id for wave in waves]
    )
    asked = Enrolment.objects.filter(wave__in=waves).exclude(state=Enrolment.State.EXCLUDED)
    people = asked.aggregate(
        answered=Count("id", filter=Q(state=Enrolment.State.ANSWERED)),
        shown=Count("id", filter=~Q(channel=Enrolment.Channel.EMAIL)),
    )
    return ResponseRate(people["answered"], counts["delivered"] + people["shown"])


def expected_answers(*, program: Program, people: int) -> Expectation:
    """With the rate of the program's closed waves, or an assumed one."""
    waves = finding.list_closed_waves(program=program)
    ratio = response_rate(workspace=program.workspace, waves=waves).ratio if waves else None
    if ratio is None:
        why = (
            f"assuming {_percent(ASSUMED_RATIO)} answer; this program has no earlier wave to go by"
        )
        return Expectation(round(people * ASSUMED_RATIO), ASSUMED_RATIO, why)
    past = "its earlier wave" if len(waves) == 1 else f"its {len(waves)} earlier waves"
    return Expectation(round(people * ratio), ratio, f"if {_percent(ratio)} answer, as in {past}")


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.0f}\N{NARROW NO-BREAK SPACE}%"
