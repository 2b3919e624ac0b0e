"""What a program's positioning proposes for each setting, and why. Proposals only: each may be
changed, within the caps of `domain.reminders`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.domain.reminders import Positioning, touch_policy

ACCOUNT_OWNER = "account_owner"
WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`setting` is its path in a program's file, such as "touches.reminders"."""

    setting: str
    value: str | int
    why: str


_SENDERS: Mapping[Positioning, tuple[str, str]] = {
    Positioning.HELP_ME_HELP_YOU: (
        ACCOUNT_OWNER,
        (
            "Whoever asks should be the one who helps afterwards: the account's owner, by name, "
            "and the replies reach them."
        ),
    ),
    Positioning.BETWEEN: (
        WORKSPACE,
        "A named person asks. Mails from a name are answered, mails from a department are not.",
    ),
    Positioning.MEASUREMENT: (
        WORKSPACE,
        (
            "One named person asks everybody; an owner who will not act on the answers should "
            "not seem to ask."
        ),
    ),
}
_HEADS_UPS: Mapping[Positioning, str] = {
    Positioning.HELP_ME_HELP_YOU: "Announcing the question is what raises participation most, and "
    "shows that somebody waits for the answer.",
    Positioning.BETWEEN: "Not proposed: it would cost a third message, which brings few further "
    "answers.",
    Positioning.MEASUREMENT: "Not proposed: announcing a question that serves us is one more mail "
    "without a benefit.",
}
_REMINDERS: Mapping[Positioning, str] = {
    Positioning.HELP_ME_HELP_YOU: "One reminder, because busy people do mean to answer. A second "
    "one goes only to those who opted in, or where the first demonstrably works.",
    Positioning.BETWEEN: "One invitation and one reminder; a third message brings few further "
    "answers.",
    Positioning.MEASUREMENT: "None: the benefit is ours, and more mails do not help, however many.",
}
_COMMITMENTS: Mapping[Positioning, str] = {
    Positioning.HELP_ME_HELP_YOU: "The owner promises up front to come back to whatever they hear. "
    "The inbox keeps count of whether the promise was kept.",
    Positioning.BETWEEN: "A promise to answer is what tells this mail from a mass mailing.",
    Positioning.MEASUREMENT: "Without a promise there is nothing in it for the reader; even a "
    "measurement should say what follows from it.",
}


def proposals(positioning: Positioning) -> tuple[Proposal, ...]:
    touches = touch_policy(positioning)
    sender, sender_why = _SENDERS[positioning]
    return (
        Proposal("sender", sender, sender_why),
        Proposal("touches.heads_up", touches.heads_up or "none", _HEADS_UPS[positioning]),
        Proposal("touches.reminders", touches.reminders, _REMINDERS[positioning]),
        # Empty: said in each reader's own language.
        Proposal("mail.commitment", "", _COMMITMENTS[positioning]),
    )


def proposal(positioning: Positioning, setting: str) -> Proposal:
    return next(each for each in proposals(positioning) if each.setting == setting)


# Why other settings of the policy are there at all, whatever the positioning.
WHYS: Mapping[str, str] = {
    "positioning": "It decides how much asking is acceptable: what serves this customer may ask "
    "more than what serves us.",
    "cadence": "People who are asked too often stop answering, or give a worse score.",
    "touches.reminder_after_days": "Far enough apart that the reminder is not a nuisance, close "
    "enough that the first mail is remembered.",
    "touches.reminder_hold_out": "Without people who are not reminded nobody can say what "
    "reminding brings.",
    "accounts.limit": "A company whose people are all asked at once feels surveyed.",
    "accounts.spread_days": "Colleagues talk; days apart, each is asked as a person.",
    "send_window": "A mail that arrives at night is read as a machine's.",
    "open_days": "Long enough for a holiday, short enough that answers belong together.",
    "answer_within_days": "The invitation promises it, so it has to be kept.",
    "trigger": "The right moment is worth more than one more mail.",
}


def why_of(setting: str, positioning: Positioning) -> str:
    """Why a setting is as it is proposed; "" for what is no question of policy."""
    for each in proposals(positioning):
        if each.setting == setting:
            return each.why
    return WHYS.get(setting, "")
