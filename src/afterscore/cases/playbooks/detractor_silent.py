from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import Moment, StepKind

SCRIPT = """\
“{{ first_name }}, you gave us {{ score }} out of 10, so something is not right. What is it?”

1. Let them speak. Do not guess for them.
2. “What should we change first?”
3. “What would have made it easy to write that down?” Note the reason afterwards."""


def fits(situation: Situation) -> bool:
    return situation.group is Group.DETRACTOR and not situation.has_comment


PLAYBOOK = Playbook(
    key="detractor_silent",
    name="Detractor without a comment",
    when="A low score and no word.",
    aim="Find out what is wrong: whoever says nothing leaves as often as whoever complains.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Ask in one sentence what is not right",
            text="Short, personal, one question. Often that is all it takes.",
            if_silent=True,
        ),
        Step(
            key="call",
            kind=StepKind.CALL,
            title="Call, if they do not write back",
            text=SCRIPT,
            starts=Moment.REPLY,
            days=2,
            if_silent=True,
        ),
        common.REASON,
        common.GIFT,
        common.CHECK_BACK,
    ),
)
