"""What people at Harbourline promise, give, and ask afterwards, and what their customers say.

It has a chance of its own, so that the story beside it stays the same with it or without.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from afterscore.cases import operations as cases
from afterscore.cases.models import Case, CheckBack, Commitment, Entry, Gesture, Gift
from afterscore.config.demo import cast
from afterscore.domain import gestures
from afterscore.domain.casework import Outcome
from afterscore.domain.causes import RootCause
from afterscore.domain.check_backs import Answer
from afterscore.domain.events import Actor
from afterscore.domain.nps import Group
from afterscore.domain.scanners import Act, AgentKind, Conduct, Means
from afterscore.domain.scanners import Gesture as Hand
from afterscore.kit.errors import Refused
from afterscore.outreach.models import State
from afterscore.workspaces.models import Workspace

Happening = Callable[[datetime], None]
At = Callable[[datetime, Happening], None]

CATALOGUE = (
    (Gift.Kind.NOTE, "Note by hand", "0", False),
    (Gift.Kind.GOODS, "Harbourline T-shirt", "18.50", True),
    (Gift.Kind.GOODS, "Book of your choice", "25", True),
    (Gift.Kind.CARD, "Gift card", "40", True),
)
BUDGET = Decimal(400)
CAUSES = {
    "support": RootCause.SUPPORT,
    "onboarding": RootCause.START,
    "price": RootCause.PRICE,
    "reliability": RootCause.SPEED,
    "reporting": RootCause.FEATURES,
    "ease": RootCause.EASE,
}
PROMISED = 0.3  # of the detractors and passives whom somebody speaks or writes to
PROMISES = (
    ("A call with the product team about the export", 10),
    ("An answer from finance about the invoice", 5),
    ("A training for the two new colleagues", 14),
    ("The fix of the slow report in the next release", 21),
)
KEPT, KEPT_LATE = 0.82, 0.12
CHECKED = 0.55  # of those who are asked whether it is solved answer
SAYS = {Answer.YES: 0.68, Answer.PARTLY: 0.2, Answer.NO: 0.12}
STILL_MISSING = {
    Answer.PARTLY: "Better, but the second site still waits for it.",
    Answer.NO: "The same thing happened again on Monday.",
    Answer.YES: "",
}
GIVEN = 0.05  # of all answers, whatever they say
THANKS = (
    "Took an hour to show us the problem",
    "Tested the beta and wrote everything down",
    "Answered every survey since they joined",
)


class Keeping:
    """Called at the turns of the story; what follows later goes into its calendar by `at`."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        manager: Actor,
        seed: int,
        at: At,
        send: Happening,
    ) -> None:
        self.workspace = workspace
        self.manager = manager
        self.at = at
        self.send = send
        self.chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
        self.gifts: list[Gift] = []
        self.budgets: set[date] = set()

    def stock(self, now: datetime) -> None:
        """The catalogue, before the first answer."""
        for kind, name, cost, needs_approval in CATALOGUE:
            gift = cases.save_gift(
                workspace=self.workspace,
                gift=None,
                name=name,
                kind=kind,
                cost=Decimal(cost),
                needs_approval=needs_approval,
                actor=self.manager,
                now=now,
            )
            self.gifts.append(gift)

    def cause_of(self, case: Case) -> RootCause:
        """What the customer spoke of; of a silent one it is seldom known."""
        spoken_of = _theme_of(case.response.comment)
        if spoken_of:
            return CAUSES[spoken_of]
        is_found_out = self.chance.random() < 0.4
        return self.chance.choice(list(CAUSES.values())) if is_found_out else RootCause.UNKNOWN

    def after_contact(self, case: Case, group: Group, *, actor: Actor, now: datetime) -> None:
        """Somebody has just spoken with the customer, and may have promised something."""
        if group is not Group.PROMOTER and self.chance.random() < PROMISED:
            text, days = self.chance.choice(PROMISES)
            due_on = (now + timedelta(days=days)).date()
            cases.promise(case=case, text=text, due_on=due_on, actor=actor, now=now)
            self._cast_promise(Commitment.objects.latest("id"), actor)
        if self.chance.random() < GIVEN:
            self._thank(case, actor=actor, now=now)

    def _cast_promise(self, given: Commitment, actor: Actor) -> None:
        """Kept in time, late, or never."""
        noon = datetime.combine(given.due_on, datetime.min.time(), given.promised_at.tzinfo)
        noon += timedelta(hours=11)
        luck = self.chance.random()
        self.at(noon + timedelta(days=1), _break)
        if luck < KEPT:
            self.at(noon - timedelta(hours=20), lambda now: self._keep(given, actor, now))
        elif luck < KEPT + KEPT_LATE:
            self.at(noon + timedelta(days=4), lambda now: self._keep(given, actor, now))

    def _keep(self, given: Commitment, actor: Actor, now: datetime) -> None:
        given.case.workspace = self.workspace
        cases.keep_promise(commitment=given, actor=actor, now=now)

    def _thank(self, case: Case, *, actor: Actor, now: datetime) -> None:
        gift, why = self.chance.choice(self.gifts), self.chance.choice(THANKS)
        self._fund(now.date())
        cases.ask_gesture(case=case, gift=gift, why=why, actor=actor, now=now)
        gesture = Gesture.objects.select_related("gift", "case").latest("id")
        gesture.case.workspace = self.workspace
        later = now + timedelta(days=1)
        if gift.needs_approval:
            self.at(later, lambda at: self._approve(gesture, at))
        self.at(later + timedelta(days=2), lambda at: self._ship(gesture, actor, at))
        self.at(later + timedelta(days=6), lambda at: self._arrive(gesture, actor, at))

    def _fund(self, day: date) -> None:
        quarter = gestures.quarter_of(day)
        if quarter in self.budgets:
            return
        self.budgets.add(quarter)
        now = datetime.combine(quarter, datetime.min.time()).astimezone()
        cases.set_budget(
            workspace=self.workspace,
            starts_on=quarter,
            amount=BUDGET,
            actor=self.manager,
            now=now,
        )

    def _approve(self, gesture: Gesture, now: datetime) -> None:
        self._fund(now.date())
        try:
            cases.approve_gesture(gesture=gesture, actor=self.manager, now=now)
        except Refused as refusal:
            why = refusal.message
            cases.decline_gesture(gesture=gesture, why=why, actor=self.manager, now=now)

    def _ship(self, gesture: Gesture, actor: Actor, now: datetime) -> None:
        if Gesture.objects.filter(pk=gesture.pk, state=gestures.State.APPROVED).exists():
            cases.send_gesture(gesture=gesture, actor=actor, now=now)

    def _arrive(self, gesture: Gesture, actor: Actor, now: datetime) -> None:
        if Gesture.objects.filter(pk=gesture.pk, state=gestures.State.SENT).exists():
            cases.confirm_gesture(gesture=gesture, actor=actor, now=now)

    def after_closing(self, case: Case, *, actor: Actor) -> None:
        """The question whether it is solved goes out by itself; some answer it."""
        asked = CheckBack.objects.filter(case=case, validity="").order_by("id").last()
        if asked is None:
            return
        leaves = asked.due_at + timedelta(days=3)  # over a weekend, too
        leaves = leaves.replace(hour=9, minute=10)
        self.at(leaves, self.send)
        if self.chance.random() >= CHECKED:
            return
        answer = self.chance.choices(list(SAYS), list(SAYS.values()))[0]
        hours = self.chance.uniform(1, 60)
        self.at(
            leaves + timedelta(hours=hours),
            lambda now: self._answer(asked, answer, actor, now),
        )

    def _answer(self, asked: CheckBack, answer: Answer, actor: Actor, now: datetime) -> None:
        asked = CheckBack.objects.select_related("case__contact", "message").get(pk=asked.pk)
        asked.case.workspace = self.workspace
        if asked.message is None or asked.message.state != State.SENT:
            return
        cases.answer_check_back(
            check_back=asked, answer=answer, comment=STILL_MISSING[answer], act=_hand(now), now=now
        )
        if answer.wakes:
            again = now + timedelta(days=self.chance.uniform(1, 4))
            self.at(again, lambda at: self._mend(asked.case, actor, at))

    def _mend(self, case: Case, actor: Actor, now: datetime) -> None:
        """Somebody calls, and this time asks until it is understood."""
        said = "Went through it together, step by step."
        cases.log_call(
            case=case, outcome=Entry.Call.REACHED, text=said, minutes=25, actor=actor, now=now
        )
        cases.close_case(case=case, outcome=Outcome.UNDERSTOOD, minutes=5, actor=actor, now=now)


def _theme_of(comment: str) -> str:
    """By how the sentence ends: its beginning may name somebody."""
    ending = comment[-30:]
    themes = (
        theme
        for language in ("en", "de", "fr", "es")
        for theme, sentences in cast.sentences(language).items()
        if ending and any(each.endswith(ending) for said in sentences.values() for each in said)
    )
    return next(themes, "")


def _hand(now: datetime) -> Act:
    """A person's own tap, as the page's script tells it."""
    conduct = Conduct(gesture=Hand.TOUCH, reach=2400, press=80)
    return Act(
        at=now, means=Means.SENT, has_comment=False, agent=AgentKind.BROWSER, conduct=conduct
    )


def _break(now: datetime) -> None:
    cases.break_promises(now=now)
