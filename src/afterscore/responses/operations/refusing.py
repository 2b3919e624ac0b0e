"""What looks automated and would change an answer: it changes nothing, and is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from afterscore.domain import events
from afterscore.domain.scanners import Judgement
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.responses.operations import standing

MOST_TOLD = 20
"""For one answer. A program that goes on and on is counted, but fills no journal."""


def note(
    enrolment: Enrolment,
    response: Response,
    judgement: Judgement,
    *,
    changes: Mapping[str, object],
    score: int,
    now: datetime,
) -> None:
    """Nothing, where it would have changed nothing."""
    if not changes:
        return
    tries = response.refused_changes + 1
    response.evidence = {**response.evidence, "refused_changes": tries}
    response.save(update_fields=["evidence"])
    if tries > MOST_TOLD:
        return
    event = events.ResponseChangeRefused(
        response.public_id,
        changed=standing.names_of(changes),
        score=score,
        signs=tuple(finding.sign.value for finding in judgement.findings),
        why=" ".join(finding.why for finding in judgement.findings),
    )
    standing.record(enrolment, event, now=now)
