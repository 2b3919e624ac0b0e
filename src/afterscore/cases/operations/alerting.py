"""Saying once that something is wrong, and taking it back when it is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Alert, Case
from afterscore.domain import events
from afterscore.domain.alerts import Kind
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal import operations as journal
from afterscore.workspaces.models import Member, Workspace

LONGEST_TEXT = 400


@transaction.atomic
def raise_alert(
    *,
    workspace: Workspace,
    kind: Kind,
    key: str,
    text: str,
    url: str = "",
    case: Case | None = None,
    member: Member | None = None,
    now: datetime,
) -> Alert | None:
    """The alert, or None where this was told before: it still stands, or a person put it away.

    `key` says what it is about (a case, a promise, a wave); what was over in between is news again.
    `member` is whom it concerns; without one it is for managers and owners. `url` is a path below
    the workspace's address or a whole one of the product; by default the case's page.
    """
    told, is_new = Alert.objects.get_or_create(
        workspace=workspace,
        kind=kind,
        key=key,
        defaults={
            "case": case, "member": member, "text": _short(text), "url": url, "raised_at": now,
        },
    )  # fmt: skip
    if not is_new and not _raise_again(told, text=text, url=url, member=member, now=now):
        return None
    event = events.AlertRaised(told.public_id, kind=kind, about=_about(case), text=told.text)
    journal.record(workspace=workspace, event=event, actor=SYSTEM, now=now)
    return told


def _raise_again(
    alert: Alert, *, text: str, url: str, member: Member | None, now: datetime
) -> bool:
    """Whether it was over meanwhile; of two that come at once, one is right."""
    alert.text, alert.url, alert.member, alert.raised_at = _short(text), url, member, now
    alert.settled_at = alert.told_at = None
    return bool(
        Alert.objects.filter(pk=alert.pk, settled_at__isnull=False, settled_by=None).update(
            text=alert.text,
            url=url,
            member=member,
            raised_at=now,
            settled_at=None,
            told_at=None,
        )
    )


@transaction.atomic
def settle_alerts(
    *,
    workspace: Workspace,
    kind: Kind,
    key: str = "",
    case: Case | None = None,
    now: datetime,
    actor: Actor = SYSTEM,
) -> int:
    """What this kind said of the key, or of the case, is no longer so; how many alerts ended."""
    if not key and case is None:
        raise ValueError("say of which key or case")
    open_ones = Alert.objects.filter(workspace=workspace, kind=kind, settled_at=None)
    if key:
        open_ones = open_ones.filter(key=key)
    if case is not None:
        open_ones = open_ones.filter(case=case)
    found = list(open_ones.select_for_update(of=("self",)).select_related("case"))
    Alert.objects.filter(pk__in=[alert.pk for alert in found]).update(settled_at=now)
    for alert in found:
        _tell_end(alert, workspace, actor=actor, now=now)
    return len(found)


@transaction.atomic
def put_away(*, alert: Alert, by: Member, now: datetime) -> None:
    """A person has seen to it; the same is not told again. Nothing happens a second time."""
    changed = Alert.objects.filter(pk=alert.pk, settled_at=None).update(
        settled_at=now, settled_by=by
    )
    if changed:
        _tell_end(alert, by.workspace, actor=Actor("member", by.public_id), now=now)


def _tell_end(alert: Alert, workspace: Workspace, *, actor: Actor, now: datetime) -> None:
    event = events.AlertSettled(alert.public_id, kind=alert.kind, about=_about(alert.case))
    journal.record(workspace=workspace, event=event, actor=actor, now=now)


def _about(case: Case | None) -> str:
    return case.public_id if case else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"
