"""What waits for a member, or for a team, today: the material of digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from afterscore.cases.models import Alert, Case, Commitment, Mention, Task
from afterscore.cases.queries import days, praising, tasks
from afterscore.domain import alike, digests, events, intervals, nps, trends
from afterscore.domain.alerts import Kind
from afterscore.domain.bulletins import Line
from afterscore.domain.departments import Department
from afterscore.domain.digests import Day, Load, Part, TeamDay, Waiting
from afterscore.domain.nps import Tally
from afterscore.domain.roles import Role, at_least
from afterscore.journal import queries as journal
from afterscore.programs import queries as programs
from afterscore.programs.models import Wave
from afterscore.responses import queries as responses
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

LOOKED_AT = 60
"""Rows of one part that are read: the lines shown, and what is at stake behind them."""


def get_day(*, member: Member, now: datetime) -> Day:
    """Everything that waits for a member by the end of her day. Each case stands in one part."""
    workspace = member.workspace
    ends = days.day_ends_at(workspace, now=now)
    mine = _open(workspace).filter(owner=member)
    inbox = _inbox(workspace, "?show=mine")
    wrote = mine.filter(customer_wrote_at__isnull=False)
    silent = mine.filter(customer_wrote_at__isnull=True)
    return Day(
        now=now,
        currency=workspace.currency,
        url=inbox,
        settings_url=page("notices:mine", workspace),
        late=_waiting(silent.filter(next_due_at__lt=now), inbox),
        wrote=_waiting(wrote.order_by("customer_wrote_at", "id"), inbox),
        promises=_promises(_promises_of(member), today_of(workspace, now), inbox),
        today=_waiting(silent.filter(next_due_at__gte=now, next_due_at__lt=ends), inbox),
        tasks=_tasks(member, ends, page("cases:tasks", workspace)),
        mentions=_mentions(member),
        calls=_calls(member, ends),
        alerts=_alerts(member),
        watched=_watched(member),
        praise=_praise(workspace, now),
        results=_results(workspace, now),
    )


def get_team_day(*, workspace: Workspace, department: Department | None, now: datetime) -> TeamDay:
    """The same of everybody, or of a department: its people's cases and its own."""
    ends = days.day_ends_at(workspace, now=now)
    theirs = _open(workspace)
    promises = Commitment.objects.filter(workspace=workspace)
    if department is not None:
        theirs = theirs.filter(Q(owner__department=department) | Q(department=department))
        promises = promises.filter(
            Q(promised_by__department=department) | Q(case__department=department)
        )
    inbox = _inbox(workspace, "?show=all")
    return TeamDay(
        name=department.label if department else workspace.name,
        now=now,
        currency=workspace.currency,
        url=inbox,
        late=_waiting(
            theirs.filter(next_due_at__lt=now), _inbox(workspace, "?show=overdue"), owners=True
        ),
        unowned=_waiting(theirs.filter(owner=None), _inbox(workspace, "?show=unassigned")),
        promises=_promises(promises, today_of(workspace, now), inbox),
        loads=_loads(theirs, now, ends),
    )


def today_of(workspace: Workspace, now: datetime) -> date:
    return now.astimezone(days.zone_of(workspace)).date()


def page(name: str, workspace: Workspace, *rest: str) -> str:
    """A whole address, as it stands in mails."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=[workspace.slug, *rest])}"


def _inbox(workspace: Workspace, query: str) -> str:
    return page("cases:inbox", workspace) + query


def _open(workspace: Workspace) -> QuerySet[Case]:
    return (
        Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .select_related("workspace", "contact", "account", "owner__user", "response")
        .order_by("next_due_at", "-priority", "id")
    )


def _waiting(found: QuerySet[Case], url: str, *, owners: bool = False) -> Part:
    items = tuple(waiting(case, owner=owners) for case in found[:LOOKED_AT])
    total = len(items) if len(items) < LOOKED_AT else found.count()
    return Part(items, total, url)


def waiting(case: Case, *, owner: bool = False) -> Waiting:
    return Waiting(
        who=str(case.contact),
        url=page("cases:case", case.workspace, case.public_id),
        score=case.score,
        due_at=case.next_due_at or case.due_at,
        company=case.account.name if case.account else "",
        words=case.response.comment,
        since=_since(case),
        stake=_stake(case),
        account=case.account.public_id if case.account else "",
        owner=str(case.owner) if owner and case.owner else "",
        has_written=case.customer_wrote_at is not None,
    )


def _since(case: Case) -> datetime | None:
    if case.customer_wrote_at is not None:
        return case.customer_wrote_at
    return case.response.received_at if case.first_reply_at is None else None


def _stake(case: Case) -> Decimal | None:
    """Only in the workspace's own currency: others cannot be added without a rate."""
    account = case.account
    if account is None or account.currency not in {"", case.workspace.currency}:
        return None
    return account.recurring_revenue


def _promises_of(member: Member) -> QuerySet[Commitment]:
    return Commitment.objects.filter(workspace=member.workspace).filter(
        Q(promised_by=member) | Q(promised_by=None, case__owner=member)
    )


def _promises(found: QuerySet[Commitment], today: date, url: str) -> Part:
    """Those that come due today, and those whose day has passed."""
    due = (
        found.filter(
            state__in=[Commitment.State.OPEN, Commitment.State.BROKEN],
            settled_at=None,
            due_on__lte=today,
        )
        .select_related("workspace", "case__contact", "case__account")
        .order_by("due_on", "id")
    )
    lines = [
        Line(
            text=promise.text,
            url=page("cases:case", promise.workspace, promise.case.public_id),
            detail=f"to {_who(promise.case)}",
            mark="today" if promise.due_on == today else f"was due {_said(promise.due_on, today)}",
        )
        for promise in due[:LOOKED_AT]
    ]
    return _part(lines, due, url)


def _tasks(member: Member, ends: datetime, url: str) -> Part:
    """Her own, and her department's that nobody has taken, which are named as such."""
    due = tasks.list_asked_of(member=member, before=ends).select_related(
        "workspace", "case__contact", "case__account"
    )
    lines = [
        Line(
            text=task.title,
            url=page("cases:case", task.workspace, task.case.public_id),
            detail=f"for {_who(task.case)}",
            mark=_pool(task),
        )
        for task in due[:LOOKED_AT]
    ]
    return _part(lines, due, url)


def _pool(task: Task) -> str:
    pool = tasks.pool_of(task)
    return f"for anybody in {pool}" if pool else ""


def _mentions(member: Member) -> Part:
    unseen = (
        Mention.objects.filter(workspace=member.workspace, member=member, seen_at=None)
        .select_related("workspace", "entry__author__user", "entry__case__contact")
        .order_by("-id")
    )
    lines = [
        Line(
            text=f"{each.entry.author or 'Somebody'}, about {each.entry.case.contact}",
            url=page("cases:case", each.workspace, each.entry.case.public_id),
            detail=digests.shorten(each.entry.text),
        )
        for each in unseen[:LOOKED_AT]
    ]
    return _part(lines, unseen, "")


def _calls(member: Member, ends: datetime) -> Part:
    workspace = member.workspace
    due = programs.list_calls_to_make(workspace=workspace, owner=member).filter(due_at__lt=ends)
    url = page("programs:calls", workspace)
    lines = [Line(str(call.enrolment.contact), url) for call in due[:LOOKED_AT]]
    return _part(lines, due, url)


def _alerts(member: Member) -> Part:
    """Those that no line above says already."""
    told_above = [Kind.BREACH, Kind.BREACH_AHEAD, Kind.BROKEN_PROMISE]
    open_ones = alerts_for(member).exclude(kind__in=told_above, case__owner=member)
    open_ones = open_ones.exclude(kind=Kind.WATCHED)
    open_ones = open_ones.exclude(kind=Kind.ANSWER_CHANGED, told_at__isnull=False)
    lines = [alert_line(alert) for alert in open_ones[:LOOKED_AT]]
    return _part(lines, open_ones, page("notices:alerts", member.workspace))


def news_for(member: Member) -> QuerySet[Alert]:
    """Turns in cases she watches that no mail has told her of and she has not seen."""
    return alerts_for(member).filter(kind=Kind.WATCHED, told_at=None)


def _watched(member: Member) -> Part:
    news = news_for(member)
    shown = list(news[:LOOKED_AT])
    part = _part(map(alert_line, shown), news, page("notices:alerts", member.workspace))
    return replace(part, foot=tuple(stop_watching_lines(shown)))


def stop_watching_lines(alerts: Iterable[Alert]) -> Iterator[Line]:
    """For each case of which they tell: how to hear no more of it."""
    by_case = {alert.case_id: alert for alert in alerts if alert.kind == Kind.WATCHED}
    for alert in by_case.values():
        if alert.case is not None:
            address = page("cases:unwatch", alert.workspace, alert.case.public_id)
            yield Line(f"Stop watching the case of {alert.case.contact}", address)


def alerts_for(member: Member) -> QuerySet[Alert]:
    """Open ones that concern her; managers and owners also those that concern nobody else."""
    concerns = Q(member=member)
    if at_least(Role(member.role), Role.MANAGER):
        concerns |= Q(member=None)
    return (
        Alert.objects.filter(concerns, workspace=member.workspace, settled_at=None)
        .select_related("workspace", "case__contact", "case__account", "member__user")
        .order_by("-raised_at", "-id")
    )


def alert_line(alert: Alert) -> Line:
    return Line(text=alert.text, url=alert_url(alert))


def alert_url(alert: Alert) -> str:
    """A whole address: where one can do something about it."""
    if alert.url.startswith("/"):
        return f"{settings.PUBLIC_URL}{alert.url}"
    if alert.case is not None:
        return page("cases:case", alert.workspace, alert.case.public_id)
    return alert.url or page("notices:alerts", alert.workspace)


def ends_week(workspace: Workspace, day: date) -> bool:
    """Whether it is the last weekday on which the workspace works."""
    return day.weekday() == max(workspace.business_days or workspaces.DEFAULT_BUSINESS_DAYS)


def _praise(workspace: Workspace, now: datetime) -> Part:
    """The week's, on its last business day; everybody reads it."""
    if not ends_week(workspace, today_of(workspace, now)):
        return Part()
    lines = praise_lines(workspace, now)
    return Part(lines, len(lines), page("praise:wall", workspace))


def _results(workspace: Workspace, now: datetime) -> Part:
    """Of the week, on its last business day."""
    if not ends_week(workspace, today_of(workspace, now)):
        return Part()
    lines = result_lines(workspace, now)
    return Part(lines, len(lines), page("insights:pulse", workspace))


def result_lines(workspace: Workspace, now: datetime) -> tuple[Line, ...]:
    """Targets that were met this week, and what came of the waves that closed in it, beside the
    wave before each."""
    closed = Wave.objects.filter(
        workspace=workspace,
        state=Wave.State.CLOSED,
        closes_at__gt=now - praising.WEEK,
        closes_at__lte=now,
    )
    found = closed.select_related("program").order_by("closes_at", "id")
    waves = (line for wave in found if (line := _result(workspace, wave)) is not None)
    return (*_reached(workspace, now), *waves)


def _reached(workspace: Workspace, now: datetime) -> Iterator[Line]:
    """Read from the facts: targets live above this app."""
    facts = journal.list_named(workspace=workspace, name=events.TargetMet.name)
    for fact in facts.filter(occurred_at__gt=now - praising.WEEK, occurred_at__lte=now):
        yield Line(text=fact.payload["text"], url=page("targets:target", workspace, fact.subject))


def _result(workspace: Workspace, wave: Wave) -> Line | None:
    before = Wave.objects.filter(program=wave.program, number__lt=wave.number)
    earlier = before.order_by("-number").first()
    waves = [each for each in (wave, earlier) if each is not None]
    counted = responses.histograms_by_wave(workspace=workspace, waves=waves)
    alike_in = responses.sums_by_wave(workspace=workspace, waves=waves)

    def tally(one: Wave) -> Tally:
        effect = alike.design_effect(alike_in.get(one.public_id))
        histogram = counted.get(one.public_id, nps.empty_histogram())
        return nps.tally(histogram, design_effect=effect)

    current = tally(wave)
    interval = intervals.score_interval(current)
    if current.score is None or interval is None:
        return None
    detail = f"{current.n:,} of {wave.eligible:,} people answered."
    if earlier is not None:
        detail += f" {trends.describe_change(tally(earlier), current).sentence}"
    score, low, high = (_points(value) for value in (current.score, interval.low, interval.high))
    return Line(
        text=f"{wave.program}, wave {wave.number}: {score} ({low} to {high})",
        url=f"{page('insights:pulse', workspace)}?wave={wave.public_id}",
        detail=detail,
    )


def _points(value: float) -> str:
    rounded = round(value)
    return f"{'−' if rounded < 0 else '+' if rounded > 0 else ''}{abs(rounded)}"


def praise_lines(workspace: Workspace, now: datetime) -> tuple[Line, ...]:
    wall = page("praise:wall", workspace)
    words = praising.list_words(workspace=workspace, since=now - praising.WEEK)
    return tuple(
        Line(
            text=f"“{digests.shorten(each.text)}”",
            url=wall,
            detail=f"{each.signature}, about {' and '.join(each.names)}",
        )
        for each in words
    )


def _loads(found: QuerySet[Case], now: datetime, ends: datetime) -> tuple[Load, ...]:
    rows = (
        found.order_by()
        .values_list(F("owner__user__name"), F("owner__user__email"))
        .annotate(
            late=Count("id", filter=Q(next_due_at__lt=now)),
            today=Count("id", filter=Q(next_due_at__gte=now, next_due_at__lt=ends)),
            wrote=Count("id", filter=Q(customer_wrote_at__isnull=False)),
        )
    )
    loads = [Load(name or email or "", *counts) for name, email, *counts in rows]
    return tuple(sorted(loads, key=lambda load: (-load.late, -load.today, load.who)))


def _part(lines: Iterable[Line], found: QuerySet[Any], url: str) -> Part:
    items = tuple(lines)
    return Part(items, len(items) if len(items) < LOOKED_AT else found.count(), url)


def _said(day: date, today: date) -> str:
    """With its year where the day alone would be taken for another."""
    is_near = abs(day - today) < timedelta(days=180)
    return f"{day:%-d %B}" if is_near else f"{day:%-d %B %Y}"


def _who(case: Case) -> str:
    return f"{case.contact}, {case.account.name}" if case.account else str(case.contact)
