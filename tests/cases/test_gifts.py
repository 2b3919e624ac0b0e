"""Gifts to say thank you: after the answer, within the budget, and never for a score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection

from afterscore.cases import operations, queries
from afterscore.cases.forms.keeping import GestureForm, GiftForm
from afterscore.cases.models import Budget, Case, Entry, Gesture, Gift, Task
from afterscore.domain import gestures
from afterscore.domain.gestures import Purse, Share, State, Verdict
from afterscore.domain.nps import Group
from afterscore.domain.scanners import Validity
from afterscore.domain.steps import StepKind
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound, Refused
from afterscore.responses.models import Response
from tests.cases.answers import by, open_for
from tests.cases.test_closing import at_once
from tests.people import NOW, People

TODAY = NOW.date()
THANKS = "Took an hour to show us the problem"


def offer(
    people: People, *, cost: str = "25.00", name: str = "Book", approval: bool = True
) -> Gift:
    return operations.save_gift(
        workspace=people.workspace,
        gift=None,
        name=name,
        kind=Gift.Kind.GOODS,
        cost=Decimal(cost),
        needs_approval=approval,
        actor=by(people.max),
        now=NOW,
    )


def fund(people: People, amount: str, *, on: date = TODAY) -> Budget:
    return operations.set_budget(
        workspace=people.workspace, starts_on=on, amount=Decimal(amount), actor=by(people.max),
        now=NOW,
    )  # fmt: skip


def wish(people: People, gift: Gift, *, case: Case | None = None, why: str = THANKS) -> Gesture:
    case = case or open_for(people, owner=people.ana)
    operations.ask_gesture(case=case, gift=gift, why=why, actor=by(people.ana), now=NOW)
    return Gesture.objects.latest("id")


def approve(people: People, gesture: Gesture, *, now: datetime = NOW) -> Gesture:
    return operations.approve_gesture(gesture=gesture, actor=by(people.max), now=now)


def test_the_states_of_the_rows_are_those_of_the_domain() -> None:
    assert [state.value for state in Gesture.State] == [state.value for state in State]


def test_a_gift_is_asked_for_approved_sent_and_arrives(people: People) -> None:
    fund(people, "100")
    gesture = wish(people, offer(people))
    assert (gesture.state, gesture.cost, gesture.asked_by) == (
        State.ASKED, Decimal("25.00"), people.ana,
    )  # fmt: skip
    gesture = approve(people, gesture)
    assert (gesture.state, gesture.decided_by) == (State.APPROVED, people.max)
    act = {"gesture": gesture, "actor": by(people.ana)}
    gesture = operations.send_gesture(now=NOW + timedelta(days=1), **act)  # type: ignore[arg-type]
    gesture = operations.confirm_gesture(now=NOW + timedelta(days=4), **act)  # type: ignore[arg-type]
    assert (gesture.state, gesture.arrived_at) == (State.ARRIVED, NOW + timedelta(days=4))
    told = Entry.objects.filter(case=gesture.case, text__startswith="Gift").order_by("id")
    assert [entry.text.splitlines()[0] for entry in told] == [
        "Gift asked for: Book.", "Gift: Book. Approved.", "Gift: Book. On its way.",
        "Gift: Book. Arrived.",
    ]  # fmt: skip
    assert Fact.objects.filter(name="gesture.moved").count() == 3
    step = Task.objects.get(case=gesture.case, kind=StepKind.GIFT)
    assert (step.state, step.result) == (Task.State.DONE, "given")


def test_what_needs_no_approval_is_approved_at_once_within_the_budget(people: People) -> None:
    note = offer(people, name="Note by hand", cost="0", approval=False)
    assert wish(people, note).state == State.APPROVED
    card = offer(people, name="Card", cost="5", approval=False)
    with pytest.raises(Refused, match="No budget is set for Q2 2026"):
        wish(people, card)
    assert Gesture.objects.count() == 1
    fund(people, "5")
    assert wish(people, card).state == State.APPROVED
    with pytest.raises(Refused, match="€5 are needed and €0 are left"):
        wish(people, card)


# --- never for a score ---------------------------------------------------------------------------


def test_without_an_answer_that_counts_there_is_nothing_to_thank_for(people: People) -> None:
    case = open_for(people, owner=people.ana)
    Response.objects.update(validity=Validity.PROVISIONAL)
    with pytest.raises(Refused, match="no answer to say thank you for"):
        wish(people, offer(people), case=case)


@pytest.mark.parametrize("why", ["For a 10/10", "Our best promoter", "A good NPS answer"])
def test_a_reason_that_names_a_score_is_refused(people: People, why: str) -> None:
    with pytest.raises(Refused, match="ties a gift to a score") as refusal:
        wish(people, offer(people), why=why)
    assert refusal.value.field == "why"
    assert not Gesture.objects.exists()


def test_a_gift_cannot_be_named_after_a_score(people: People) -> None:
    with pytest.raises(Refused, match="“promoters” ties a gift to a score") as refusal:
        offer(people, name="Mug for promoters")
    assert refusal.value.field == "name"


def test_no_rule_of_the_catalogue_can_name_a_score(people: People) -> None:
    """Neither a gift nor a wish for one has anywhere to put a score, a group or a theme."""
    about = {field.name for model in (Gift, Gesture) for field in model._meta.get_fields()}
    asked = {*GiftForm.base_fields, *GestureForm.base_fields}
    assert not {"score", "group", "segment", "conditions", "rule"} & (about | asked)


@pytest.mark.parametrize("score", [0, 7, 10])
def test_what_is_offered_is_the_same_whatever_the_score(people: People, score: int) -> None:
    fund(people, "100")
    gift = offer(people)
    case = open_for(people, score=score, owner=people.ana)
    form = GestureForm(case=case, member=people.ana)
    assert list(form.gifts.values()) == [gift]
    assert approve(people, wish(people, gift, case=case)).state == State.APPROVED


def test_the_audit_finds_gifts_that_follow_the_score(people: People) -> None:
    fund(people, "1000")
    gift = offer(people, cost="1")
    for _ in range(10):
        wish(people, gift, case=open_for(people, score=10, owner=people.ana))
        open_for(people, score=2, owner=people.ana)
    declined = wish(people, gift, case=open_for(people, score=2, owner=people.ana))
    operations.decline_gesture(gesture=declined, why="Asked twice", actor=by(people.max), now=NOW)
    shares = queries.gift_shares(workspace=people.workspace)
    assert shares == {
        Group.PROMOTER: Share(10, 10), Group.PASSIVE: Share(0, 0), Group.DETRACTOR: Share(0, 11),
    }  # fmt: skip
    assert gestures.audit(shares).verdict is Verdict.UNEVEN
    assert queries.gift_shares(workspace=people.elsewhere) == dict.fromkeys(Group, Share(0, 0))


# --- money ---------------------------------------------------------------------------------------


def test_nobody_approves_more_than_there_is(people: People) -> None:
    fund(people, "40.00")
    gift = offer(people, cost="20.01")
    first, second = wish(people, gift), wish(people, gift)
    approve(people, first)
    with pytest.raises(Refused, match=r"€20\.01 are needed and €19\.99 are left"):
        approve(people, second)
    operations.cancel_gesture(gesture=first, actor=by(people.ana), now=NOW)
    assert approve(people, second).state == State.APPROVED


def test_the_purse_is_exact_to_the_cent(people: People) -> None:
    fund(people, "0.30")
    gift = offer(people, cost="0.10")
    for _ in range(3):
        approve(people, wish(people, gift))
    purse = queries.purse_of(workspace=people.workspace, day=NOW.date())
    assert purse == Purse(Decimal("0.30"), spent=Decimal("0.30"))
    assert purse.left == 0


def test_each_quarter_has_its_own_money_by_the_workspaces_own_midnight(people: People) -> None:
    people.workspace.time_zone = "Europe/Dublin"  # an hour ahead of UTC in summer
    people.workspace.save()
    fund(people, "25")
    fund(people, "25", on=date(2026, 9, 30))
    gift = offer(people)
    last_minute = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    approve(people, wish(people, gift), now=last_minute)
    with pytest.raises(Refused, match="Q2 2026"):
        approve(people, wish(people, gift), now=last_minute)
    approve(people, wish(people, gift), now=last_minute + timedelta(minutes=1))
    spent = partial(queries.purse_of, workspace=people.workspace)
    assert spent(day=date(2026, 6, 30)).spent == spent(day=date(2026, 7, 1)).spent == 25


def test_a_lower_budget_takes_nothing_back_and_stops_more(people: People) -> None:
    fund(people, "50")
    gift = offer(people)
    approve(people, wish(people, gift))
    fund(people, "10")
    purse = queries.purse_of(workspace=people.workspace, day=NOW.date())
    assert (purse.left, purse.ratio) == (Decimal(-15), 1.0)
    with pytest.raises(Refused, match="€0 are left"):
        approve(people, wish(people, gift))
    assert Fact.objects.filter(name="budget.set").latest("id").payload["before"] == "50.00"


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_cannot_overdraw(people: People) -> None:
    fund(people, "30")
    gift = offer(people)
    wishes = [wish(people, gift) for _ in range(4)]
    deciders = [people.max, people.olivia, people.max, people.olivia]

    def decide(gesture: Gesture, member: Any) -> Gesture:
        return operations.approve_gesture(gesture=gesture, actor=by(member), now=NOW)

    deeds = [partial(decide, *pair) for pair in zip(wishes, deciders, strict=True)]
    results = at_once(*deeds)
    assert sum(isinstance(result, Refused) for result in results) == 3, results
    assert Gesture.objects.filter(state=State.APPROVED).count() == 1
    assert queries.purse_of(workspace=people.workspace, day=NOW.date()).left == 5
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_the_same_gift_at_once_decide_it_once(people: People) -> None:
    fund(people, "100")
    gesture = wish(people, offer(people))
    approve_it = partial(operations.approve_gesture, gesture=gesture, actor=by(people.max), now=NOW)
    decline_it = partial(
        operations.decline_gesture, gesture=gesture, why="No", actor=by(people.olivia), now=NOW
    )
    results = at_once(approve_it, decline_it)
    [refusal] = [result for result in results if isinstance(result, Refused)]
    assert "has moved on meanwhile" in refusal.message
    assert Fact.objects.filter(name="gesture.moved").count() == 1


# --- who, and in which order ---------------------------------------------------------------------


def test_nobody_approves_what_she_asked_for_unless_she_is_alone(people: People) -> None:
    fund(people, "100")
    case = open_for(people, owner=people.max)
    operations.ask_gesture(case=case, gift=offer(people), why=THANKS, actor=by(people.max), now=NOW)
    gesture = Gesture.objects.get()
    with pytest.raises(Refused, match="somebody else decides"):
        approve(people, gesture)
    people.olivia.is_active = False
    people.olivia.save()
    assert approve(people, gesture).state == State.APPROVED


def test_one_gift_for_one_answer(people: People) -> None:
    gift = offer(people)
    first = wish(people, gift)
    with pytest.raises(Refused, match="gets a gift already"):
        wish(people, gift, case=first.case)
    operations.cancel_gesture(gesture=first, actor=by(people.ana), now=NOW)
    assert wish(people, gift, case=first.case).state == State.ASKED


def test_nothing_is_sent_that_nobody_approved(people: People) -> None:
    gesture = wish(people, offer(people))
    with pytest.raises(Refused, match="waits for approval"):
        operations.send_gesture(gesture=gesture, actor=by(people.ana), now=NOW)


def test_the_catalogue_keeps_names_apart_and_prices_small(people: People) -> None:
    offer(people)
    with pytest.raises(Refused, match="of this name already"):
        offer(people)
    with pytest.raises(Refused, match="more is a payment"):
        offer(people, name="Car", cost="1000.01")


def test_a_new_price_leaves_earlier_wishes_alone(people: People) -> None:
    gift = offer(people)
    gesture = wish(people, gift)
    operations.save_gift(
        workspace=people.workspace, gift=gift, name="Book", kind=Gift.Kind.GOODS,
        cost=Decimal(40), needs_approval=True, is_active=False, actor=by(people.max), now=NOW,
    )  # fmt: skip
    gesture.refresh_from_db()
    assert gesture.cost == Decimal(25)
    with pytest.raises(Refused, match="no longer in the catalogue"):
        wish(people, gift)


def test_gifts_stay_in_their_workspace(people: People) -> None:
    gesture = wish(people, offer(people))
    with pytest.raises(NotFound):
        queries.get_gesture(workspace=people.elsewhere, public_id=gesture.public_id)
    with pytest.raises(NotFound):
        queries.get_gift(workspace=people.elsewhere, public_id=gesture.gift.public_id)
