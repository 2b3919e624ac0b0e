from __future__ import annotations

from afterscore.cases.playbooks import common
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind

SCRIPT = """\
“{{ first_name }}, thank you for saying openly what is not right.”

1. Say back what they wrote{% if theme %} about {{ theme }}{% endif %}, in their words.
2. “When did it last happen? What did it cost you?”
3. “What would have to happen so that this is right for you again?”
4. Promise one thing that you can keep, with a date. No excuses, no discount.
5. “When may I tell you how it stands?”"""


def fits(situation: Situation) -> bool:
    return situation.group is Group.DETRACTOR and situation.has_comment


PLAYBOOK = Playbook(
    key="detractor_comment",
    name="Detractor with a comment",
    when="A low score, with words.",
    aim="Speak with them at once, understand what happened, mend it, and ask whether it is mended.",
    fits=fits,
    steps=(
        Step(
            key="call",
            kind=StepKind.CALL,
            title="Call them",
            text=SCRIPT,
            if_silent=True,
        ),
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Write, if the phone does not reach them",
            text="Quote what they wrote and offer a time to talk.",
            if_silent=True,
        ),
        Step(
            key="cause",
            kind=StepKind.DEPARTMENT,
            title="Find the cause",
            text="What is behind this? Can it be mended, by when, and for how many customers?",
            days=3,
        ),
        common.GIFT,
        common.CHECK_BACK,
    ),
)
