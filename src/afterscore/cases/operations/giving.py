"""Gifts to say thank you: asked for in a case, decided by a manager, paid from a quarter's budget.

The budget's row is locked while somebody decides, so that two who approve at the same moment see
each other's money spent. Nothing here looks at a score (docs/desk.md says why).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from afterscore.cases import queries
from afterscore.cases.models import Budget, Case, Entry, Gesture, Gift
from afterscore.cases.operations import history, steps
from afterscore.cases.operations.promising import today_of
from afterscore.domain import events, gestures
from afterscore.domain.events import Actor
from afterscore.domain.gestures import Purse, State
from afterscore.domain.money import format_price
from afterscore.domain.roles import Role, at_least
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member, Workspace

SCORE_REFUSED = (
    "“{word}” ties a gift to a score. A gift is for the answer, whatever it says: else people "
    "learn to give the score that brings one."
)


@transaction.atomic
def ask_gesture(*, case: Case, gift: Gift, why: str, actor: Actor, now: datetime) -> Case:
    """Asks for a gift to whoever answered; one that needs no approval is approved at once.

    Refused for an answer that does not count (yet), for a second gift in the same case, and for a
    reason that names a score.
    """
    case = history.lock(case)
    if not case.response.is_counted:
        raise Refused("There is no answer to say thank you for: what stands here does not count.")
    if queries.list_gestures(case=case).filter(state__in=queries.ALIVE).exists():
        raise Refused("This customer gets a gift already, for this answer.", field="gift")
    if not gift.is_active or gift.workspace_id != case.workspace_id:
        raise Refused("This gift is no longer in the catalogue. Choose another.", field="gift")
    gesture = Gesture.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        gift=gift,
        cost=gift.cost,
        why=_checked(why, field="why", empty="Say what you want to thank them for."),
        asked_by=history.author_of(case, actor),
        asked_at=now,
    )
    _tell(case, f"Gift asked for: {gift.name}.\n{gesture.why}", actor, now=now)
    event = events.GestureAsked(
        gesture.public_id, case=case.public_id, gift=gift.public_id, cost=str(gift.cost)
    )
    case = history.keep(case, event=event, actor=actor, now=now)
    if not gift.needs_approval:
        _spend(case.workspace, gift.cost, now=now)
        _move(case, gesture, State.APPROVED, "", actor=actor, now=now)
    return case


@transaction.atomic
def approve_gesture(*, gesture: Gesture, actor: Actor, now: datetime) -> Gesture:
    """Refused beyond the quarter's budget, and to whoever asked for it, if another could decide."""
    case, gesture = _lock(gesture)
    _refuse_own(case, gesture, actor)
    _refuse_move(gesture, State.APPROVED)
    _spend(case.workspace, gesture.cost, now=now)
    return _move(case, gesture, State.APPROVED, "", actor=actor, now=now)


@transaction.atomic
def decline_gesture(*, gesture: Gesture, why: str, actor: Actor, now: datetime) -> Gesture:
    case, gesture = _lock(gesture)
    _refuse_move(gesture, State.DECLINED)
    why = _checked(why, field="why", empty="Say why, to whoever asked.")
    return _move(case, gesture, State.DECLINED, why, actor=actor, now=now)


@transaction.atomic
def cancel_gesture(*, gesture: Gesture, why: str = "", actor: Actor, now: datetime) -> Gesture:
    """Before it is sent; its money is there for others again."""
    case, gesture = _lock(gesture)
    _refuse_move(gesture, State.CANCELLED)
    return _move(case, gesture, State.CANCELLED, why.strip()[:300], actor=actor, now=now)


@transaction.atomic
def send_gesture(*, gesture: Gesture, actor: Actor, now: datetime) -> Gesture:
    case, gesture = _lock(gesture)
    _refuse_move(gesture, State.SENT)
    gesture.sent_at = now
    steps.note_given(case, author=history.author_of(case, actor), now=now)
    return _move(case, gesture, State.SENT, "", actor=actor, now=now)


@transaction.atomic
def confirm_gesture(*, gesture: Gesture, actor: Actor, now: datetime) -> Gesture:
    """It has arrived."""
    case, gesture = _lock(gesture)
    _refuse_move(gesture, State.ARRIVED)
    gesture.arrived_at = now
    return _move(case, gesture, State.ARRIVED, "", actor=actor, now=now)


def _lock(gesture: Gesture) -> tuple[Case, Gesture]:
    case = history.lock(gesture.case)
    fresh = Gesture.objects.select_for_update().get(pk=gesture.pk)
    fresh.case, fresh.gift = case, gesture.gift
    return case, fresh


def _refuse_move(gesture: Gesture, wanted: State) -> None:
    state = State(gesture.state)
    if not gestures.may_become(state, wanted):
        label = Gesture.State(state).label.lower()
        raise Refused(f"This gift has moved on meanwhile: {label}. Load the page again.")


def _refuse_own(case: Case, gesture: Gesture, actor: Actor) -> None:
    """Four eyes, as far as there are four."""
    decider = history.author_of(case, actor)
    if decider is None or decider.pk != gesture.asked_by_id:
        return
    if any(other.pk != decider.pk for other in list_deciders(case.workspace)):
        raise Refused("You asked for this gift yourself; somebody else decides about it.")


def list_deciders(workspace: Workspace) -> list[Member]:
    """Active managers and owners."""
    members = queries.list_assignable(workspace=workspace)
    return [member for member in members if at_least(Role(member.role), Role.MANAGER)]


def _spend(workspace: Workspace, cost: Decimal, *, now: datetime) -> None:
    """Raises Refused unless the quarter's purse holds it; others wait until we are done."""
    today = today_of(workspace, now)
    starts_on = gestures.quarter_of(today)
    mine = Budget.objects.filter(workspace=workspace, starts_on=starts_on)
    list(mine.select_for_update().values_list("pk"))
    purse = queries.purse_of(workspace=workspace, day=today)
    if purse.holds(cost):
        return
    if purse.amount is None:
        raise Refused(
            f"No budget is set for {gestures.quarter_name(today)}. A manager sets it under "
            "Settings, Gifts; until then only what costs nothing can be given."
        )
    raise Refused(_too_little(workspace, purse, cost, today))


def _too_little(workspace: Workspace, purse: Purse, cost: Decimal, today: date) -> str:
    left = format_price(max(purse.left, Decimal(0)), workspace.currency)
    return (
        f"{format_price(cost, workspace.currency)} are needed and {left} are left of the budget of "
        f"{gestures.quarter_name(today)}."
    )


def _move(
    case: Case, gesture: Gesture, state: State, why: str, *, actor: Actor, now: datetime
) -> Gesture:
    decides = state in (State.APPROVED, State.DECLINED)
    gesture.state = state
    if decides:
        gesture.decided_by, gesture.decided_at = history.author_of(case, actor), now
    gesture.decided_why = why or gesture.decided_why
    gesture.save()
    label = Gesture.State(state).label
    text = f"Gift: {gesture.gift.name}. {label}."
    _tell(case, f"{text}\n{why}".strip(), actor, now=now)
    event = events.GestureMoved(gesture.public_id, case=case.public_id, state=state)
    history.keep(case, event=event, actor=actor, now=now)
    return gesture


def _tell(case: Case, text: str, actor: Actor, *, now: datetime) -> None:
    author = history.author_of(case, actor)
    history.add_entry(case, kind=Entry.Kind.CHANGE, author=author, text=text, now=now)


def _checked(text: str, *, field: str, empty: str) -> str:
    text = " ".join(text.split())[:300]
    if not text:
        raise Refused(empty, field=field)
    _refuse_score(text, field=field)
    return text


def _refuse_score(text: str, *, field: str) -> None:
    word = gestures.names_score(text)
    if word:
        raise Refused(SCORE_REFUSED.format(word=word), field=field)


# --- the catalogue -------------------------------------------------------------------------------


@transaction.atomic
def save_gift(
    *,
    workspace: Workspace,
    gift: Gift | None,
    name: str,
    kind: str,
    cost: Decimal,
    needs_approval: bool,
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> Gift:
    """Adds a line, or changes it; what was asked for before keeps its price."""
    name = _checked(name, field="name", empty="Give it a name.")[:80]
    if not Decimal(0) <= cost <= gestures.LARGEST:
        most = format_price(gestures.LARGEST, workspace.currency)
        raise Refused(f"A thank-you costs up to {most}; more is a payment.", field="cost")
    row = gift or Gift(workspace=workspace, created_at=now)
    values: dict[str, Any] = {
        "name": name, "kind": kind, "cost": cost, "needs_approval": needs_approval,
        "is_active": is_active,
    }  # fmt: skip
    changed = tuple(key for key, value in values.items() if getattr(row, key) != value)
    for key, value in values.items():
        setattr(row, key, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("There is a gift of this name already.", field="name") from error
    event = events.GiftChanged(row.public_id, changed=changed)
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return row


@transaction.atomic
def set_budget(
    *, workspace: Workspace, starts_on: date, amount: Decimal, actor: Actor, now: datetime
) -> Budget:
    """For the quarter of this day. Less than is spent stops further gifts and takes none back."""
    if amount < 0:
        raise Refused("A budget is nothing or more.", field="amount")
    quarter = gestures.quarter_of(starts_on)
    budget, is_new = Budget.objects.select_for_update().get_or_create(
        workspace=workspace, starts_on=quarter, defaults={"amount": amount}
    )
    before = "" if is_new else str(budget.amount)
    budget.amount = amount
    budget.save(update_fields=["amount"])
    event = events.BudgetSet(
        workspace.public_id, starts_on=quarter.isoformat(), amount=str(amount), before=before
    )
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return budget
