"""After a case is closed: planning the question whether it is solved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases import composition as drafts
from afterscore.cases import queries
from afterscore.cases.models import Case, CheckBack, Entry
from afterscore.cases.operations import history, steps, timing, writing
from afterscore.domain import casework, check_backs, events, nps
from afterscore.domain.check_backs import Ask
from afterscore.domain.events import SYSTEM
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach


@transaction.atomic
def plan_check_back(*, case: Case, now: datetime) -> CheckBack | None:
    """Plans the mail that asks the customer, some business days after the case was closed.

    None where there is nothing to ask. What stands in the way is said in the history: a third
    automated mail, an address that takes none, a case without an owner. Safe to repeat.
    """
    case = history.lock(case)
    if case.closed_at is None:
        return None
    days = case.workspace.check_back_days
    verdict = check_backs.may_ask(
        group=nps.group_of(case.score),
        outcome=casework.Outcome(case.outcome) if case.outcome else None,
        days=days,
        was_asked=queries.was_asked_back(case=case, since=case.closed_at),
    )
    if not isinstance(verdict, Ask):
        return None
    try:
        with transaction.atomic():
            return _plan(case, days, now=now)
    except Refused as refusal:
        _say_why_not(case, refusal.message, now=now)
        return None


def _plan(case: Case, days: int, *, now: datetime) -> CheckBack:
    due_at = timing.business_days_after(case.workspace, days, since=case.closed_at or now)
    planned = CheckBack.objects.create(
        workspace_id=case.workspace_id, case=case, planned_at=now, due_at=due_at
    )
    draft = drafts.check_back(case.response)
    planned.message = writing.plan_automated(
        case=case,
        subject=draft.subject,
        body=draft.body,
        due_at=due_at,
        told="The customer will be asked whether it is solved.",
        key=planned.public_id,
        actor=SYSTEM,
        now=now,
    )
    planned.save(update_fields=["message"])
    outreach.refresh_fields(
        workspace=case.workspace,
        messages=[planned.message.pk],
        fields={"check_path": drafts.check_back_path(planned)},
    )
    event = events.CheckBackPlanned(
        planned.public_id, case=case.public_id, message=planned.message.public_id
    )
    steps.note_asked_back(case, now=now)
    history.keep(history.lock(case), event=event, actor=SYSTEM, now=now)
    return planned


def _say_why_not(case: Case, why: str, *, now: datetime) -> None:
    """Once for each time the case was closed."""
    text = f"The customer is not asked whether it is solved.\n{why}"
    told = queries.list_entries(case=case).filter(text=text, happened_at__gte=case.closed_at)
    if told.exists():
        return
    history.add_entry(case, kind=Entry.Kind.CHANGE, author=None, text=text, now=now)
    event = events.CaseChanged(case.public_id, changed=("check_back",))
    history.keep(case, event=event, actor=SYSTEM, now=now)
