from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind


def fits(situation: Situation) -> bool:
    return situation.group is Group.PROMOTER and not situation.has_comment


PLAYBOOK = Playbook(
    key="promoter_silent",
    name="Promoter without a comment",
    when="A high score and no word.",
    aim="Thank them, learn what exactly helps, and ask them to tell others.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Thank them and ask what helps most",
            text="One question. What they enjoy is worth as much as what others miss.",
            if_silent=True,
        ),
        common.REASON,
        common.ADVOCATE,
        common.GIFT,
    ),
)
