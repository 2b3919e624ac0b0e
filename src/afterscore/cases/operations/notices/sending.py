"""Saying what was planned, outside any transaction: a mail server is slow, and a chat may hang."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from afterscore.cases.models import Alert, Notice
from afterscore.cases.queries import agendas, notices
from afterscore.domain.bulletins import Bulletin
from afterscore.outreach.channels import Accepted, Declined, Outcome
from afterscore.outreach.operations import colleagues, rooms
from afterscore.workspaces.models import ChatRoom, Member

LONGEST_WHY = 300


class NotTaken(Exception):
    """The other side did not take it now; the job is to try again."""


def send_notice(*, public_id: str, now: datetime) -> bool:
    """Says it, unless it was said, may have been, or there is nothing to say any more. Raises
    NotTaken where a later try may succeed."""
    notice = (
        Notice.objects.filter(public_id=public_id)
        .select_related("workspace", "member__user", "member__workspace", "room__workspace")
        .first()
    )
    if notice is None or (notice.begun_at is not None and not notice.failed_why):
        return False
    alerts = _alerts_of(notice, now)
    bulletin = _bulletin(notice, alerts, now)
    if bulletin is None:
        return False
    Notice.objects.filter(pk=notice.pk).update(lines=bulletin.count)
    is_sent = _say(notice, bulletin, now)
    if is_sent:
        Alert.objects.filter(pk__in=[each.pk for each in alerts], told_at=None).update(told_at=now)
    return is_sent


def _alerts_of(notice: Notice, now: datetime) -> list[Alert]:
    if notice.kind == Notice.Kind.DIGEST and notice.member is not None:
        return list(agendas.news_for(notice.member))  # told by it once, unlike what still stands
    if notice.kind != Notice.Kind.ALERTS:
        return []
    if notice.member is not None:
        return notices.untold_for_member(member=notice.member, now=now, before=notice)
    if notice.room is not None:
        return notices.untold_for_room(room=notice.room, now=now, before=notice)
    return []


def _bulletin(notice: Notice, alerts: list[Alert], now: datetime) -> Bulletin | None:
    if notice.kind == Notice.Kind.ALERTS:
        return notices.alerts_bulletin(alerts, member=notice.member)
    if notice.kind == Notice.Kind.PRAISE:
        return notices.week_of(room=notice.room, now=now) if notice.room is not None else None
    if notice.member is not None:
        return notices.digest_of(member=notice.member, now=now)
    return notices.room_digest_of(room=notice.room, now=now) if notice.room is not None else None


def _say(notice: Notice, bulletin: Bulletin, now: datetime) -> bool:
    if notice.member is not None:
        return _mail(notice, notice.member, bulletin, now)
    if notice.room is not None:
        return _post(notice, notice.room, bulletin, now)
    return False


def _mail(notice: Notice, member: Member, bulletin: Bulletin, now: datetime) -> bool:
    outcome = colleagues.write_to_colleague(
        member=member,
        bulletin=bulletin,
        public_id=notice.public_id,
        begin=lambda: _begin(notice, now),
        now=now,
    )
    return _settle(notice, outcome, now)


def _settle(notice: Notice, outcome: Outcome, now: datetime) -> bool:
    """Without a clear answer it stays begun: it may be in her mailbox."""
    if isinstance(outcome, Accepted):
        return _sent(notice, now)
    if isinstance(outcome, Declined):
        _failed(notice, outcome.reply)
        if not outcome.is_permanent:
            raise NotTaken(outcome.reply)
    return False


def _post(notice: Notice, room: ChatRoom, bulletin: Bulletin, now: datetime) -> bool:
    if not room.is_active or not _begin(notice, now):
        return False
    answer = rooms.write_to_room(room=room, bulletin=bulletin)
    if answer.is_taken:
        return _sent(notice, now)
    if answer.is_taken is False:
        _failed(notice, room.failed_why)
        if answer.may_try_again:
            raise NotTaken(room.failed_why)
    return False


def _begin(notice: Notice, now: datetime) -> bool:
    """Of two workers one begins."""
    fresh = Notice.objects.filter(pk=notice.pk).filter(Q(begun_at=None) | ~Q(failed_why=""))
    return bool(fresh.update(begun_at=now, failed_why=""))


def _sent(notice: Notice, now: datetime) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk).update(sent_at=now))


def _failed(notice: Notice, why: str) -> None:
    said = (why or "no reason was given")[:LONGEST_WHY]
    Notice.objects.filter(pk=notice.pk).update(failed_why=said)
