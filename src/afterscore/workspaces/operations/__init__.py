from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from afterscore.domain import calendars, doubts, events, identity
from afterscore.domain.events import Actor
from afterscore.domain.roles import Role
from afterscore.domain.scanners import Counting
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces import queries
from afterscore.workspaces.models import ApiKey, Member, User, Workspace
from afterscore.workspaces.operations.absences import (
    change_absence,
    plan_absence,
    remove_absence,
)
from afterscore.workspaces.operations.paces import set_pace

__all__ = [
    "EDITABLE",
    "add_member",
    "change_absence",
    "change_member",
    "change_workspace",
    "create_key",
    "create_user",
    "create_workspace",
    "invite_member",
    "plan_absence",
    "remove_absence",
    "revoke_key",
    "set_pace",
    "touch_key",
]

KEY_BYTES = 32
EDITABLE = frozenset(
    {
        "name", "language", "time_zone", "country", "currency", "postal_address", "sender_name",
        "sender_email", "business_days", "business_opens", "business_closes", "praise_signature",
        "minimum_gap_days", "answer_within_days", "check_back_days", "consent_required",
        "budget_messages", "budget_days", "daily_cap", "doubt_policy", "answers_count",
        "is_sending_paused", "sending_paused_why", "region", "closed_on",
    }
)  # fmt: skip


@transaction.atomic
def create_workspace(
    *,
    name: str,
    slug: str = "",
    actor: Actor,
    now: datetime,
    settings: Mapping[str, Any] | None = None,
) -> Workspace:
    """Raises Refused when the name is empty or the slug is taken."""
    name = _one_line(name)
    slug = slugify(slug or name)[:60]
    if not name or not slug:
        raise Refused("A workspace needs a name with at least one letter.", field="name")
    if Workspace.objects.filter(slug=slug).exists():
        raise Refused(f"There is already a workspace '{slug}'. Choose another slug.", field="slug")
    workspace = Workspace.objects.create(
        name=name,
        slug=slug,
        business_days=queries.DEFAULT_BUSINESS_DAYS,
        created_at=now,
        **_checked(settings or {}),
    )
    journal.record(
        workspace=workspace,
        event=events.WorkspaceCreated(workspace.public_id),
        actor=actor,
        now=now,
    )
    return workspace


def _one_line(name: str) -> str:
    """A company's name as it is written (Booking.com), without what would break a mail header."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:120]


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(settings) - EDITABLE
    if unknown:
        raise Refused(f"There is no setting '{min(unknown)}'.", field=min(unknown))
    values = dict(settings)
    if "name" in values:
        values["name"] = _one_line(values["name"])
    if values.get("sender_email"):
        values["sender_email"] = _checked_email(values["sender_email"], "sender_email")
    policy = values.get("doubt_policy")
    if policy is not None and policy not in set(doubts.Policy):
        raise Refused(f"'{policy}' is not hold or resend_once.", field="doubt_policy")
    counting = values.get("answers_count")
    if counting is not None and counting not in set(Counting):
        raise Refused(f"'{counting}' is not sent, tapped or opened.", field="answers_count")
    if "closed_on" in values:
        values["closed_on"] = _checked_days(values["closed_on"])
    zone = values.get("time_zone")
    if zone and calendars.zone_or(zone, "") != zone:
        raise Refused(f"'{zone}' is not a time zone like Europe/Paris.", field="time_zone")
    return values


def _checked_days(days: Iterable[str]) -> list[str]:
    try:
        return sorted({date.fromisoformat(day).isoformat() for day in days})
    except ValueError as error:
        raise Refused(f"{error}. Write days as 2026-12-24.", field="closed_on") from error


def _checked_email(text: str, field: str) -> str:
    try:
        return identity.normalise_email(text)
    except identity.InvalidEmail as error:
        raise Refused(f"'{text}' is not an e-mail address: {error}", field=field) from error


@transaction.atomic
def change_workspace(
    *, workspace: Workspace, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    values = _checked(changes)
    changed = sorted(key for key, value in values.items() if getattr(workspace, key) != value)
    if not changed:
        return
    for key in changed:
        setattr(workspace, key, values[key])
    workspace.save(update_fields=changed)
    journal.record(
        workspace=workspace,
        event=events.WorkspaceChanged(workspace.public_id, changed=tuple(changed)),
        actor=actor,
        now=now,
    )


@transaction.atomic
def create_user(*, email: str, name: str, password: str, now: datetime) -> User:
    """A person who can sign in. Raises Refused for a taken address or a weak password."""
    address = _checked_email(email, "email")
    if User.objects.filter(email=address).exists():
        raise Refused(f"There is already a user {address}.", field="email")
    user = User(email=address, name=identity.clean_name(name), created_at=now)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def add_member(
    *,
    workspace: Workspace,
    user: User,
    role: Role,
    actor: Actor,
    now: datetime,
    department: str = "",
) -> Member:
    """Adds the person, or brings her back with this role when she was a member before."""
    member, _created = Member.objects.update_or_create(
        workspace=workspace,
        user=user,
        defaults={"role": role, "department": department, "is_active": True},
        create_defaults={
            "role": role, "department": department, "is_active": True, "joined_at": now,
        },
    )  # fmt: skip
    journal.record(
        workspace=workspace,
        event=events.MemberAdded(member.public_id, role=role),
        actor=actor,
        now=now,
    )
    return member


@transaction.atomic
def invite_member(
    *,
    workspace: Workspace,
    email: str,
    name: str,
    role: Role,
    department: str,
    actor: Actor,
    now: datetime,
) -> tuple[Member, bool]:
    """The member, and whether she is new here altogether and still needs a password."""
    address = _checked_email(email, "email")
    user, is_new = User.objects.get_or_create(
        email=address,
        defaults={"name": identity.clean_name(name), "created_at": now, "password": "!"},
    )
    member = add_member(
        workspace=workspace, user=user, role=role, department=department, actor=actor, now=now
    )
    return member, is_new or not user.has_usable_password()


@transaction.atomic
def change_member(
    *,
    member: Member,
    role: Role,
    is_active: bool,
    department: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Refuses to take away the last active owner."""
    stays_owner = role is Role.OWNER and is_active
    if member.role == Role.OWNER and not stays_owner:
        _require_another_owner(member)
    new = {"role": role, "is_active": is_active, "department": department}
    changed = sorted(key for key, value in new.items() if getattr(member, key) != value)
    if not changed:
        return
    for key in changed:
        setattr(member, key, new[key])
    member.save(update_fields=changed)
    journal.record(
        workspace=member.workspace,
        event=events.MemberChanged(member.public_id, changed=tuple(changed)),
        actor=actor,
        now=now,
    )


def _require_another_owner(member: Member) -> None:
    owners = Member.objects.select_for_update().filter(
        workspace=member.workspace, role=Role.OWNER, is_active=True
    )
    if not any(owner.pk != member.pk for owner in owners):
        raise Refused("This is the only owner. Make somebody else an owner first.", field="role")


@transaction.atomic
def create_key(
    *, workspace: Workspace, name: str, role: Role, actor: Actor, now: datetime
) -> tuple[ApiKey, str]:
    """Returns the key's row and its secret; the secret is not kept and cannot be shown again."""
    if role is Role.OWNER:
        raise Refused("A key can be at most a manager.", field="role")
    secret = f"nps_{secrets.token_urlsafe(KEY_BYTES)}"
    key = ApiKey.objects.create(
        workspace=workspace,
        name=identity.clean_name(name) or "API key",
        prefix=secret[:10],
        digest=queries.digest_of(secret),
        role=role,
        created_by=str(actor),
        created_at=now,
    )
    journal.record(
        workspace=workspace, event=events.KeyCreated(key.public_id), actor=actor, now=now
    )
    return key, secret


@transaction.atomic
def revoke_key(*, workspace: Workspace, public_id: str, actor: Actor, now: datetime) -> None:
    changed = ApiKey.objects.filter(
        workspace=workspace, public_id=public_id, revoked_at=None
    ).update(revoked_at=now)
    if changed:
        journal.record(
            workspace=workspace, event=events.KeyRevoked(public_id), actor=actor, now=now
        )


def touch_key(*, key: ApiKey, now: datetime) -> None:
    """Notes the use; at most one write a minute."""
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() > 60:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
