from __future__ import annotations

from dataclasses import replace

from afterscore.cases.playbooks import common
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation, Step
from afterscore.domain.steps import StepKind

SCRIPT = """\
“{{ first_name }}, thank you for your answer. I would like to go through it with you in person.”

1. {% if comment %}Say back what they wrote, in their words.\
{% else %}“You gave us {{ score }} out of 10. What is behind it?”{% endif %}
2. “How do your colleagues see it?”
3. “What do you want to have reached with us by your next renewal?”
4. Agree on one thing, by whom, and by when."""


def fits(situation: Situation) -> bool:
    return situation.is_key_account


PLAYBOOK = Playbook(
    key="key_account",
    name="Key account",
    when="Whatever the score, from an account among the tenth with the highest revenue.",
    aim="A conversation in person, whatever they answered, and the leadership knows of trouble.",
    fits=fits,
    steps=(
        Step(key="call", kind=StepKind.CALL, title="Call them", text=SCRIPT, if_silent=True),
        Step(
            key="mail",
            kind=StepKind.MAIL,
            title="Write, if the phone does not reach them",
            text="From the person who looks after the account.",
            if_silent=True,
        ),
        Step(
            key="sponsor",
            kind=StepKind.DEPARTMENT,
            title="Know of this and speak with the account’s sponsor",
            text="A key account is unhappy. Who on their side has to hear from us?",
            department=Department.LEADERSHIP,
            days=2,
            groups=(Group.DETRACTOR,),
        ),
        common.REASON,
        replace(common.EDUCATE, groups=(Group.PASSIVE,)),
        replace(common.ADVOCATE, groups=(Group.PROMOTER,)),
        common.GIFT,
        replace(common.CHECK_BACK, groups=(Group.PASSIVE, Group.DETRACTOR)),
    ),
)
