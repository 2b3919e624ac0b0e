"""What a member or a chat room is to be told, and has been told already."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from afterscore.cases.models import Alert, Notice
from afterscore.cases.queries import agendas
from afterscore.domain import digests
from afterscore.domain.alerts import NEWS, Kind
from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.domain.departments import Department
from afterscore.domain.roles import Role, at_least
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import ChatRoom, Member, Workspace

LATELY = timedelta(days=30)
OLDEST = timedelta(days=4)
"""Of alerts, for whoever has been told nothing yet: what is older stands on the page. A long
weekend fits, for nobody is told anything while it lasts."""

MOST_ALERTS = 8
MOST_LISTED = 200


def digest_of(*, member: Member, now: datetime) -> Bulletin | None:
    return digests.compose(agendas.get_day(member=member, now=now))


def room_digest_of(*, room: ChatRoom, now: datetime) -> Bulletin | None:
    department = Department(room.department) if room.department else None
    return digests.compose_team(
        agendas.get_team_day(workspace=room.workspace, department=department, now=now)
    )


def week_of(*, room: ChatRoom, now: datetime) -> Bulletin | None:
    """The week's results and praise, for a room; None for a week without any."""
    lines = agendas.praise_lines(room.workspace, now)
    results = agendas.result_lines(room.workspace, now)
    if not (lines or results):
        return None
    shown = lines[:MOST_ALERTS]
    left = len(lines) - len(shown)
    wall = agendas.page("praise:wall", room.workspace)
    sections = (
        Section("Results of the week", results),
        Section("In customers' words", shown, Line(f"{left:,} more", wall) if left else None),
    )
    return Bulletin(
        title="What customers said about us this week" if lines else "Results of the week",
        sections=tuple(each for each in sections if each.lines),
        foot=(Line("Open the wall of praise", wall),),
    )


def untold_for_member(
    *, member: Member, now: datetime, before: Notice | None = None
) -> list[Alert]:
    """Open alerts that concern her, raised since she was last told something; `before` is the
    notice that is about to tell them."""
    since = _last_told(Q(member=member), now, before)
    return _in_order(agendas.alerts_for(member).filter(raised_at__gt=since))


def untold_for_room(*, room: ChatRoom, now: datetime, before: Notice | None = None) -> list[Alert]:
    """The same for a room: not what concerns one person alone; of a department, what is its own."""
    since = _last_told(Q(room=room), now, before)
    found = Alert.objects.filter(
        workspace=room.workspace, settled_at=None, raised_at__gt=since
    ).select_related("workspace", "case__contact", "case__account", "member__user")
    if room.department:
        found = found.filter(
            Q(case__department=room.department)
            | Q(member__department=room.department)
            | Q(case=None, member=None)
        )
    return _each_once([alert for alert in _in_order(found) if Kind(alert.kind).goes_to_rooms])


def _each_once(alerts: list[Alert]) -> list[Alert]:
    """Owner and leaders are each told of the same; whoever reads everybody's reads it once, and
    "you" is somebody else to her."""
    seen: dict[tuple[str, object], Alert] = {}
    for alert in alerts:
        alert.text = alert.text.replace(" from you by ", f" from {alert.member} by ")
        seen.setdefault((alert.kind, alert.case_id or alert.text), alert)
    return list(seen.values())


def _last_told(hearer: Q, now: datetime, before: Notice | None) -> datetime:
    """A digest tells of every open alert, so it counts too."""
    told = Notice.objects.filter(hearer, kind__in=[Notice.Kind.DIGEST, Notice.Kind.ALERTS])
    if before is not None:
        told = told.filter(created_at__lt=before.created_at)
    latest: datetime | None = told.aggregate(latest=Max("created_at"))["latest"]
    return max(latest or now - OLDEST, now - OLDEST)


def _in_order(found: QuerySet[Alert]) -> list[Alert]:
    """What costs most when it is missed comes first."""
    return sorted(found, key=lambda alert: (Kind(alert.kind).rank, alert.raised_at, alert.pk))


def alerts_bulletin(alerts: list[Alert], *, member: Member | None) -> Bulletin | None:
    if not alerts:
        return None
    workspace = alerts[0].workspace
    lines = tuple(_line(alert, owner=member is None) for alert in alerts[:MOST_ALERTS])
    left = len(alerts) - len(lines)
    page = agendas.page("notices:alerts", workspace)
    foot = [Line("Open all alerts", page), *agendas.stop_watching_lines(alerts[:MOST_ALERTS])]
    if member is not None:
        foot.append(Line("Choose what you hear", agendas.page("notices:mine", workspace)))
    return Bulletin(
        title=_title(alerts),
        sections=(Section("To know now", lines, Line(f"{left:,} more", page) if left else None),),
        foot=tuple(foot),
    )


def _title(alerts: list[Alert]) -> str:
    """Alone it says all; of several it says the gravest."""
    first = digests.shorten(alerts[0].text, 70)
    return first if len(alerts) == 1 else f"{first} (and {len(alerts) - 1} more)"


def _line(alert: Alert, *, owner: bool) -> Line:
    whose = f"{alert.member} has it" if owner and alert.member else ""
    return Line(text=alert.text, url=agendas.alert_url(alert), detail=whose)


def list_notices(*, member: Member) -> list[Notice]:
    """What was sent to her lately, the newest first; days without anything to say are left out."""
    return list(
        Notice.objects.filter(member=member).exclude(lines=0, failed_why="").order_by("-id")[:10]
    )


def list_alerts(*, member: Member, everybodys: bool = False) -> list[Alert]:
    """Open ones that concern her; with `everybodys` all that she may see, each thing once."""
    if not everybodys:
        return list(agendas.alerts_for(member)[:MOST_LISTED])
    found = _visible(member).filter(settled_at=None).exclude(kind__in=NEWS)
    found = found.order_by("-raised_at", "-id")
    return _each_once(list(found[:MOST_LISTED]))


def list_open(*, workspace: Workspace) -> QuerySet[Alert]:
    """Everybody's, the newest first: for machines. What members are told of cases is their
    own; machines hear of it by facts."""
    return (
        Alert.objects.filter(workspace=workspace, settled_at=None)
        .exclude(kind__in=NEWS)
        .select_related("workspace", "case", "member__user")
        .order_by("-raised_at", "-id")
    )


def list_settled(*, member: Member, now: datetime) -> list[Alert]:
    """What is over or was seen to within a month."""
    found = _visible(member).filter(settled_at__gt=now - LATELY)
    return list(found.select_related("settled_by__user").order_by("-settled_at", "-id")[:10])


def count_alerts(*, member: Member) -> int:
    """Of those that concern her, for the navigation."""
    return agendas.alerts_for(member).order_by().count()


def get_alert(*, workspace: Workspace, member: Member, public_id: str) -> Alert:
    try:
        return _visible(member).get(workspace=workspace, public_id=public_id)
    except Alert.DoesNotExist as error:
        raise NotFound("There is no such alert.") from error


def _visible(member: Member) -> QuerySet[Alert]:
    found = Alert.objects.filter(workspace=member.workspace).select_related(
        "workspace", "case__contact", "case__account", "member__user"
    )
    found = found.exclude(~Q(member=member), kind__in=NEWS)  # what others are told is theirs
    if at_least(Role(member.role), Role.MANAGER):
        return found
    return found.filter(Q(member=member) | Q(case__owner=member))
