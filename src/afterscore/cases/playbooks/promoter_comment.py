from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind


def fits(situation: Situation) -> bool:
    return situation.group is Group.PROMOTER and situation.has_comment


PLAYBOOK = Playbook(
    key="promoter_comment",
    name="Promoter with a comment",
    when="A high score, with words.",
    aim="Thank them, learn what exactly helps, and ask them to tell others.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Thank them and ask what exactly helps most",
            text="Be specific about what they wrote; pass it on to the people who built it.",
            if_silent=True,
        ),
        common.ADVOCATE,
        common.GIFT,
    ),
)
