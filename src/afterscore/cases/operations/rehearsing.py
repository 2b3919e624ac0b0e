"""What the rules would have made of the last answers. Nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.cases.operations import assigning, timing
from afterscore.cases.operations.assigning import Placement
from afterscore.domain.routing import Answer, Rule
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An answer, what rules see of it, where it would go, and its case as it is."""

    response: Response
    answer: Answer
    placement: Placement
    case: Case | None

    @property
    def decided_by(self) -> str:
        """The id of a rule, "owner" or "load"."""
        decision = self.placement.decision
        if decision.rule:
            return decision.rule.id
        return "owner" if decision.is_meant else "load"


def rehearse(
    *, workspace: Workspace, now: datetime, rules: Sequence[Rule] | None = None
) -> list[Rehearsed]:
    """The last answers, newest first, as if they all came in now, one after another."""
    if rules is None:
        rules = queries.rules_in_force(workspace=workspace)
    answers = _last_answers(workspace)
    cases = {
        case.response_id: case
        for case in Case.objects.filter(workspace=workspace, response__in=answers).select_related(
            "owner__user"
        )
    }
    themes = queries.theme_finder(workspace=workspace)
    shift = queries.shift_on(workspace=workspace, day=timing.working_day(workspace, now))
    rehearsed = []
    for answer in reversed(answers):
        spoken_of = themes(answer.comment)
        placed = assigning.place(answer, themes=spoken_of, rules=rules, shift=shift, now=now)
        seen = queries.answer_of(answer, spoken_of)
        rehearsed.append(Rehearsed(answer, seen, placed, cases.get(answer.pk)))
        if placed.decision.owner:
            shift = replace(shift, team=shift.team.with_one_more(placed.decision.owner.id))
    return rehearsed[::-1]


def _last_answers(workspace: Workspace) -> list[Response]:
    found = list(
        responses.list_responses(workspace=workspace)
        .select_related(
            "contact__account", "account__owner__user", "wave__program", "wave__survey_version"
        )
        .order_by("-received_at", "-id")[:LOOKED_AT]
    )
    for answer in found:
        answer.workspace = workspace
    return found
