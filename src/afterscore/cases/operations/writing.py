"""Mails to the customer: written by a person, or planned in case the customer stays silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from afterscore.cases import composition as drafts
from afterscore.cases import queries
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import addresses, assigning, history, steps, timing
from afterscore.domain import casework, events, reminders
from afterscore.domain.events import Actor
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.outreach import operations as outreach
from afterscore.outreach import queries as outbox
from afterscore.outreach.models import Kind, Message
from afterscore.workspaces.models import Member

FOLLOW_UP_STAYS_VALID = timedelta(days=14)


@transaction.atomic
def reply(
    *,
    case: Case,
    body: str,
    subject: str = "",
    waits: bool = True,
    follows_up: bool = False,
    actor: Actor,
    now: datetime,
) -> Case:
    """A personal mail from the acting member, or from the case's owner when a machine acts.

    With `waits` the case comes up again after some days, else by its group's deadline;
    `follows_up` also plans one automated mail for then, in case the customer stays silent.
    Raises Refused for an empty text, an unknown field in it, and a customer mail cannot reach.
    """
    case = history.lock(case)
    author = history.author_of(case, actor)
    sender = author if author and assigning.may_own(author) else case.owner
    if sender is None:
        raise Refused("This case has no owner. Assign it to somebody who replies.", field="owner")
    history.move(case, casework.Action.REPLY)
    message = _plan(
        case,
        kind=Kind.REPLY,
        sender=sender,
        subject=subject or drafts.next_reply(case).subject,
        body=body,
        due_at=now,
        now=now,
    )
    cancel_follow_ups(case, why="A personal reply took its place.", now=now)
    case.owner = case.owner or sender
    case.first_reply_at = case.first_reply_at or now
    case.customer_wrote_at = None
    steps.note_reply(case, author=sender, now=now)
    _wait(case, waits=waits or follows_up, now=now)
    history.add_entry(
        case,
        kind=Entry.Kind.REPLY,
        author=sender,
        text=drafts.fill(
            body,
            case.response,
            sender_name=str(sender),
            theme=queries.theme_in_mail(case=case),
        ),
        message=message,
        now=now,
    )
    case = history.keep(
        case,
        event=events.CaseReplied(case.public_id, message=message.public_id),
        actor=actor,
        now=now,
    )
    return plan_follow_up(case=case, actor=actor, now=now) if follows_up else case


def _wait(case: Case, *, waits: bool, now: datetime) -> None:
    if not waits:
        history.come_up(case, timing.answer_due(case.response, since=now, owner=case.owner))
        return
    if casework.Action.WAIT in casework.allowed_actions(casework.State(case.state)):
        history.move(case, casework.Action.WAIT)
    history.come_up(case, timing.check_back_at(case.workspace, since=now, owner=case.owner))


@transaction.atomic
def plan_follow_up(
    *,
    case: Case,
    subject: str = "",
    body: str = "",
    due_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Case:
    """One automated mail in the owner's name, in case the customer stays silent.

    It is cancelled when the customer replies, somebody writes or calls, or the case is closed.
    Without texts it takes the language's own; without `due_at` it goes when the case comes up.
    """
    case = history.lock(case)
    if casework.State(case.state) not in casework.OPEN_STATES:
        raise Refused("This case is finished; nothing more is sent. Reopen it first.")
    draft = drafts.follow_up(case.response)
    plan_automated(
        case=case,
        subject=subject or draft.subject,
        body=body or draft.body,
        due_at=due_at or timing.check_back_at(case.workspace, since=now, owner=case.owner),
        told="Follow-up mail planned, in case there is no answer.",
        actor=actor,
        now=now,
    )
    return history.lock(case)


@transaction.atomic
def plan_automated(
    *,
    case: Case,
    subject: str,
    body: str,
    due_at: datetime,
    told: str,
    key: str = "",
    stays_valid: timedelta = FOLLOW_UP_STAYS_VALID,
    actor: Actor,
    now: datetime,
) -> Message:
    """The one way for every automated mail after an answer: it goes in the owner's name.

    At most two are ever planned for an answer, whatever became of them; the third is Refused, as
    is a mail that cannot reach its reader. Whether it fits into the reader's budget of automated
    messages is seen when it is about to leave. `told` is its line in the history. A mail with a
    `key` is planned once: planning it again gives the message that is there.
    """
    case = history.lock(case)
    planned = _find_planned(case, key)
    if planned is not None:
        return planned
    verdict = reminders.may_follow_up(queries.count_follow_ups(case=case))
    if isinstance(verdict, reminders.Stop):
        raise Refused(verdict.why, field="follows_up")
    message = _plan(
        case,
        kind=Kind.FOLLOW_UP,
        sender=_sender_of(case),
        subject=subject,
        body=body,
        due_at=due_at,
        valid_until=due_at + stays_valid,
        key=key,
        now=now,
    )
    history.add_entry(
        case, kind=Entry.Kind.CHANGE, author=None, text=told, message=message, now=now
    )
    event = events.CaseChanged(case.public_id, changed=("follow_up",))
    history.keep(case, event=event, actor=actor, now=now)
    return message


def _find_planned(case: Case, key: str) -> Message | None:
    if not key:
        return None
    found: Message | None = _messages(case, Kind.FOLLOW_UP).filter(fields__key=key).first()
    return found


def _sender_of(case: Case) -> Member:
    """Who signs what is sent by itself: the owner, as long as she answers customers."""
    owner = case.owner
    if owner is None:
        raise Refused("This case has no owner to write in the name of.", field="owner")
    if not assigning.may_own(owner):
        raise Refused(
            f"{owner} no longer answers customers. Assign the case to somebody who does.",
            field="owner",
        )
    return owner


def _plan(
    case: Case,
    *,
    kind: Kind,
    sender: Member,
    subject: str,
    body: str,
    due_at: datetime,
    now: datetime,
    valid_until: datetime | None = None,
    key: str = "",
) -> Message:
    _refuse_unreachable(case)
    if not body.strip():
        raise Refused("Write a reply first.", field="body")
    composition.check_template(subject, field="subject")
    composition.check_template(body, field="body")
    step = _messages(case, kind).count() + 1
    draft = outreach.Draft(
        workspace=case.workspace,
        kind=kind,
        stream=_stream(case, kind),
        step=step,
        contact=case.contact,
        sender_name=str(sender),
        sender_email=sender.user.email,
        reply_to=addresses.reply_to(case, sender),
        language=case.response.language,
        subject=subject.strip(),
        body=body.strip(),
        fields=_fields(case) | addresses.threading(case) | ({"key": key} if key else {}),
        send_window="always" if kind == Kind.REPLY else "business_hours",
        time_zone=case.contact.time_zone or case.workspace.time_zone,
        due_at=due_at,
        valid_until=valid_until,
    )
    outreach.plan_messages(drafts=[draft], now=now)
    message: Message = _messages(case, kind).get(step=step)
    return message


def _stream(case: Case, kind: Kind) -> str:
    """Replies belong to the case, automated mails to the answer they are counted for."""
    return case.public_id if kind == Kind.REPLY else case.response.public_id


def _messages(case: Case, kind: Kind) -> Any:
    return Message.objects.filter(
        workspace_id=case.workspace_id, stream=_stream(case, kind), contact=case.contact, kind=kind
    )


def _fields(case: Case) -> dict[str, Any]:
    response = case.response
    return {
        "company": response.wave.survey_version.company,
        "account": response.account.name if response.account else "",
        "days": response.wave.program.answer_within_days,
        "score": response.score,
        "comment": drafts.quote(response),
        "theme": queries.theme_in_mail(case=case),
    }


def _refuse_unreachable(case: Case) -> None:
    email = case.contact.email
    if not email:
        raise Refused("This contact has no e-mail address. Call instead, and log the call.")
    reason = outbox.suppression_reasons(workspace=case.workspace, emails=[email]).get(email)
    if reason is not None:
        raise Refused(f"{email} gets no more mail: {reason}. Call instead, and log the call.")


def cancel_follow_ups(case: Case, *, why: str, now: datetime) -> None:
    outreach.cancel_messages(
        workspace=case.workspace, stream=case.response.public_id, why=why, now=now
    )
