"""Steps that stand in several playbooks, word for word."""

from __future__ import annotations

from afterscore.domain.playbooks import Step
from afterscore.domain.steps import Moment, StepKind

# In every playbook or in none: what somebody is given must not depend on the score.
GIFT = Step(
    key="gift",
    kind=StepKind.GIFT,
    title="Where it fits, say thank you with something",
    text="For the time they took, never for the score.",
    starts=Moment.NEVER,
)

CHECK_BACK = Step(
    key="check_back",
    kind=StepKind.CHECK_BACK,
    title="Ask whether it is solved",
    text="Where a mail may ask, it does so by itself; where none can go, you do.",
    starts=Moment.CLOSING,
    days=5,
)

REASON = Step(
    key="reason",
    kind=StepKind.ASK_REASON,
    title="Note why there was no comment",
    text="Once you have heard from them. Chosen from a list, so that the reasons can be counted.",
    starts=Moment.REPLY,
    days=5,
    comment="without",
)

EDUCATE = Step(
    key="educate",
    kind=StepKind.EDUCATE,
    title="Show them what they do not use yet",
    text="One thing that fits what they do, shown in fifteen minutes; not a list of features.",
    starts=Moment.REPLY,
    days=3,
)

ADVOCATE = Step(
    key="advocate",
    kind=StepKind.ADVOCATE,
    title="Ask for a referral or a testimonial",
    text="One of the two, whichever is easier for them. Once; a no is a fine answer.",
    starts=Moment.REPLY,
    days=3,
)
