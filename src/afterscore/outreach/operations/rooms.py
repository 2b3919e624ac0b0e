"""Rooms of the company's chat: made, changed, removed, tried out, and written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from afterscore.domain import events
from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit import secrets
from afterscore.kit.errors import Refused
from afterscore.outreach.channels import Unreachable, chat
from afterscore.outreach.channels.chat import posting
from afterscore.outreach.channels.chat.posting import Answer
from afterscore.outreach.operations.routes import Trial
from afterscore.workspaces.models import ChatRoom, Workspace

HEARS = ("digest", "alerts", "praise")
LONGEST_WHY = 300


@transaction.atomic
def create_room(
    *,
    workspace: Workspace,
    name: str,
    style: str,
    address: str,
    hears: Sequence[str],
    department: str = "",
    actor: Actor,
    now: datetime,
) -> ChatRoom:
    """`address` is the incoming webhook that the chat shows. Raises Refused."""
    if not address.strip():
        raise Refused("Copy here the address that the chat shows.", field="address")
    room = ChatRoom(workspace=workspace, created_at=now)
    _fill(room, name=name, style=style, address=address, hears=hears, department=department)
    room.save()
    _record(room, events.RoomCreated(room.public_id, hears=tuple(room.hears)), actor, now)
    return room


@transaction.atomic
def change_room(
    *,
    room: ChatRoom,
    name: str,
    style: str,
    address: str,
    hears: Sequence[str],
    department: str,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """An address that is left empty stays as it is."""
    room = ChatRoom.objects.select_for_update().select_related("workspace").get(pk=room.pk)
    watched = ("name", "style", "secret", "hears", "department", "is_active")
    before = {key: getattr(room, key) for key in watched}
    room.is_active = is_active
    _fill(room, name=name, style=style, address=address, hears=hears, department=department)
    changed = tuple(key for key in watched if getattr(room, key) != before[key])
    if not changed:
        return
    if not is_active or "secret" in changed:
        room.failed_why = ""
    room.save()
    _record(room, events.RoomChanged(room.public_id, changed=changed), actor, now)


@transaction.atomic
def remove_room(*, room: ChatRoom, actor: Actor, now: datetime) -> None:
    workspace, public_id = room.workspace, room.public_id
    room.delete()
    journal.record(workspace=workspace, event=events.RoomRemoved(public_id), actor=actor, now=now)


def try_room(*, room: ChatRoom, actor: Actor, now: datetime) -> Trial:
    """Really writes into the room, and keeps what came of it beside it."""
    trial = _trial_of(write_to_room(room=room, bulletin=_trial(room)))
    with transaction.atomic():
        event = events.RoomTested(room.public_id, is_taken=trial.is_taken)
        _record(room, event, actor, now)
    return trial


def write_to_room(*, room: ChatRoom, bulletin: Bulletin) -> Answer:
    """Posts it, outside any transaction. Why it did not arrive is kept beside the room."""
    style = chat.style_of(room.style)
    try:
        answer = posting.post(
            address_of(room), style.write(bulletin), allowed=settings.AFTERSCORE_CHAT_NETWORKS
        )
    except posting.Forbidden as error:
        answer = Answer(is_taken=False, said=str(error))
    except Unreachable as error:
        answer = Answer(is_taken=False, said=str(error), may_try_again=True)
    except secrets.Unreadable as error:
        answer = Answer(is_taken=False, said=error.message)
    if answer.is_taken and (fault := style.fault(answer.said)):
        answer = Answer(is_taken=False, said=fault, may_try_again=True)
    _keep_failure(room, "" if answer.is_taken else answer.said)
    return answer


def address_of(room: ChatRoom) -> str:
    """In the clear: for the post alone, never for a page. Raises Unreadable."""
    return secrets.unlock(room.secret, owner=room.public_id)["address"]


@transaction.atomic
def rotate_room_secrets() -> int:
    """Locks every address with the newest key; returns how many were under an older one."""
    count = 0
    for room in ChatRoom.objects.select_for_update().order_by("pk"):
        if not secrets.is_current(room.secret):
            ChatRoom.objects.filter(pk=room.pk).update(secret=secrets.rotate(room.secret))
            count += 1
    return count


def _keep_failure(room: ChatRoom, said: str) -> None:
    """The address is a secret: no answer may give it away on a page."""
    room.failed_why = _without_address(room, said)[:LONGEST_WHY]
    ChatRoom.objects.filter(pk=room.pk).exclude(failed_why=room.failed_why).update(
        failed_why=room.failed_why
    )


def _without_address(room: ChatRoom, said: str) -> str:
    try:
        return secrets.hide(said, {"address": address_of(room)})
    except secrets.Unreadable:
        return said


def _fill(
    room: ChatRoom,
    *,
    name: str,
    style: str,
    address: str,
    hears: Sequence[str],
    department: str,
) -> None:
    room.name = _checked_name(room, name)
    if style not in chat.STYLES:
        raise Refused("Choose which chat it is.", field="style")
    unknown = set(hears) - set(HEARS)
    if unknown:
        raise Refused(f"No room can hear of '{min(unknown)}'.", field="hears")
    room.style, room.department = style, department
    room.hears = [each for each in HEARS if each in hears]
    if address := address.strip():
        problem = posting.check(address, allowed=settings.AFTERSCORE_CHAT_NETWORKS)
        if problem:
            raise Refused(problem, field="address")
        room.secret = secrets.lock({"address": address}, owner=room.public_id)


def _checked_name(room: ChatRoom, name: str) -> str:
    name = " ".join(name.split())[:80]
    if not name:
        raise Refused("Give the room the name it has in the chat.", field="name")
    others = ChatRoom.objects.filter(workspace=room.workspace, name=name).exclude(pk=room.pk)
    if others.exists():
        raise Refused(f"There is already a room '{name}'.", field="name")
    return name


def _trial(room: ChatRoom) -> Bulletin:
    page = f"{settings.PUBLIC_URL}/w/{room.workspace.slug}/inbox/"
    line = Line(f"Open the inbox of {room.workspace.name}", page)
    return Bulletin("Afterscore can write here", (Section("Try a link", (line,)),))


def _trial_of(answer: Answer) -> Trial:
    if answer.is_taken is None:
        return Trial(is_taken=False, reply=f"It may have arrived: {answer.said}")
    return Trial(is_taken=answer.is_taken, reply=answer.said)


def _record(room: ChatRoom, event: events.Event, actor: Actor, now: datetime) -> None:
    journal.record(workspace=room.workspace, event=event, actor=actor, now=now)
