from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind


def fits(situation: Situation) -> bool:
    return situation.group is Group.PASSIVE and not situation.has_comment


PLAYBOOK = Playbook(
    key="passive_silent",
    name="Passive without a comment",
    when="A middling score and no word.",
    aim="Start a conversation with one question, and show what would help and is there already.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Ask in one sentence what is missing",
            text="Short, personal, one question.",
            if_silent=True,
        ),
        common.REASON,
        common.EDUCATE,
        common.GIFT,
    ),
)
