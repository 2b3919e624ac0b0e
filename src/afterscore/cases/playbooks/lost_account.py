from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.departments import Department
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import Moment, StepKind

SCRIPT = """\
“{{ first_name }}, you have left us, and I do not want to change your mind today. I want to learn.”

1. “When did you first think of leaving?”
2. “What should we have noticed, and when?”
3. “What does the other way do better?”
4. Thank them. Say what will be done with it. Sell nothing."""


def fits(situation: Situation) -> bool:
    return situation.has_left


PLAYBOOK = Playbook(
    key="lost_account",
    name="Lost account",
    when="Whatever the score, from an account that has left.",
    aim="Part well, and learn what would have kept them.",
    fits=fits,
    steps=(
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Thank them and ask for ten minutes",
            text="No offer, no winning back: what should we have noticed?",
            if_silent=True,
        ),
        Step(
            key="call",
            kind=StepKind.CALL,
            title="Call, if they do not write back",
            text=SCRIPT,
            starts=Moment.REPLY,
            days=3,
            if_silent=True,
        ),
        common.REASON,
        Step(
            key="learn",
            kind=StepKind.DEPARTMENT,
            title="Say what we do differently after this loss",
            text="What would have kept them? Is anybody else about to leave for it?",
            department=Department.LEADERSHIP,
            starts=Moment.REPLY,
            days=5,
        ),
        common.GIFT,
    ),
)
