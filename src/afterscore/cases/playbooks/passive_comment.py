from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind


def fits(situation: Situation) -> bool:
    return situation.group is Group.PASSIVE and situation.has_comment


PLAYBOOK = Playbook(
    key="passive_comment",
    name="Passive with a comment",
    when="A middling score, with words.",
    aim="Learn what is missing, and show what would help and is there already.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Thank them and ask what is missing",
            text="Answer what they wrote; ask what would make them really glad.",
            if_silent=True,
        ),
        common.EDUCATE,
        common.GIFT,
    ),
)
