"""What a message does to the score: late answers of the treated beside those of the held out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

from afterscore.domain import compare, nps
from afterscore.domain.compare import Change, Comparison
from afterscore.programs import registry
from afterscore.programs.models import Enrolment


@dataclass(frozen=True, slots=True)
class ScoreShift:
    """Score of the treated less that of the held out, in points. It compares people who chose to
    answer, so it says how the mix of answers changes, not how anybody's mind did."""

    shift: Comparison | None
    change: Change
    treated: int
    held_out: int

    @property
    def is_comparable(self) -> bool:
        """Whether there are answers enough for an interval to mean something."""
        return min(self.treated, self.held_out) >= compare.MINIMUM_ANSWERS


@dataclass(frozen=True, slots=True)
class LateAnswers:
    """Who answered after a message was due for them: enrolments, by peer group and arm."""

    people: Mapping[tuple[str, str], list[int]]

    @classmethod
    def of(cls, people: QuerySet[Enrolment], arm: str) -> LateAnswers:
        """`people` are annotated with `since`, the moment from which both arms are compared."""
        found: dict[tuple[str, str], list[int]] = {}
        late = people.filter(answered_at__gte=F("since")).order_by()
        for key, group, drawn in late.values_list("pk", "peer_group", arm):
            found.setdefault((group, drawn), []).append(key)
        return cls(found)

    def shift(self, group: str | None = None, *, confidence: float = 0.95) -> ScoreShift:
        """Of one peer group, or of everybody."""
        held_out = self._tally(Enrolment.Arm.HELD_OUT, group)
        treated = self._tally(Enrolment.Arm.TREATED, group)
        return ScoreShift(
            compare.compare(held_out, treated, confidence),
            compare.verdict(held_out, treated, confidence=confidence),
            treated.n,
            held_out.n,
        )

    def _tally(self, arm: str, group: str | None) -> nps.Tally:
        keys = [
            key
            for (each, drawn), keys in self.people.items()
            for key in keys
            if drawn == arm and group in (None, each)
        ]
        return registry.tally_of(Enrolment.objects.filter(pk__in=keys))
