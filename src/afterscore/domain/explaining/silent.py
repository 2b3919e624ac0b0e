"""What early and late answers say of those who did not answer."""

from __future__ import annotations

from afterscore.domain import bounds, nps
from afterscore.domain import lateness as reckoning
from afterscore.domain.explaining.changes import difference
from afterscore.domain.explaining.parts import Explanation, Step, bracketed, count, points
from afterscore.domain.nps import Tally

PAGE = "who-answers"


def lateness(early: Tally, late: Tally, *, asked: int) -> Explanation | None:
    """None where either side has no answers."""
    apart = difference(early, late, names=("early", "late"))
    whole = nps.merge([early, late])
    asked = max(asked, whole.n)
    found = reckoning.find(early, late, asked=asked)
    if apart is None or late.score is None:
        return None
    steps = list(apart.steps)
    supposed = bounds.supposing(whole, asked=asked, silent_score=late.score)
    if supposed is not None and asked > whole.n:
        silent = asked - whole.n
        steps.append(
            Step(
                "If the silent were like the late ones",
                "(100 × (promoters − detractors) + score of the late × silent) / asked",
                f"(100 × ({count(whole.promoters)} − {count(whole.detractors)}) + "
                f"{bracketed(late.score)} × {count(silent)}) / {count(asked)}",
                points(supposed),
                supposed,
            )
        )
    return Explanation(
        title="Do late answers differ from early ones?",
        says=found.sentence,
        steps=tuple(steps),
        source=(
            "Armstrong and Overton (1977), Journal of Marketing Research 14, p. 396-402; its "
            "limits: Lin and Schaeffer (1995), Public Opinion Quarterly 59, p. 236-258."
        ),
        page=PAGE,
        notes=(
            *apart.notes,
            (
                "Early is before a reminder, late is after one. Nobody knows that the silent are "
                "like the late ones."
            ),
        ),
    )
