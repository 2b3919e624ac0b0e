"""What a case says to whoever has it before her, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from afterscore.cases.models import Alert, Case, CheckBack, Gesture, Mention, Playbook, Watching
from afterscore.cases.queries import agendas, background, lately, letters
from afterscore.cases.queries.counting import NumberOf
from afterscore.domain import alerts
from afterscore.outreach import queries as outbox
from afterscore.workspaces.models import Member


@dataclass(frozen=True, slots=True)
class Reading:
    """Who watches, by name; whether the reader does; whether she is named in it and has not looked
    since; and what she was told of it since she last looked, the latest first.

    Beside that what would cost a query each: automated mails planned after the answer, contacts of
    the account, whether the customer was asked if it is solved, whether a gift was asked for, the
    workspace's own steps of the playbook (None while the built-in ones hold), how many alerts
    the reader has, the subject of the last mail, and why the customer's address gets no mail.
    """

    watchers: Sequence[str]
    is_watching: bool
    is_named: bool
    news: Sequence[str]
    follow_ups: int
    contacts: int
    was_asked_back: bool
    has_gestures: bool
    steps: Sequence[Any] | None
    alerts: int
    last_subject: str
    reasons_against: Sequence[str]

    @property
    def suppressed_as(self) -> str:
        """Why the customer's address gets no mail, "" for none."""
        return outbox.strongest(self.reasons_against)


def reading_of(*, case: Case, member: Member) -> Reading:
    watching = Watching.objects.filter(case=OuterRef("pk"))
    name = Coalesce(
        NullIf("member__user__name", Value("")), "member__user__email", output_field=CharField()
    )
    mentions = Mention.objects.filter(entry__case=OuterRef("pk"), member=member, seen_at=None)
    news = Alert.objects.filter(
        case=OuterRef("pk"), member=member, kind__in=alerts.NEWS, settled_at=None
    )
    editions = Playbook.objects.filter(workspace=OuterRef("workspace"), key=OuterRef("playbook"))
    against = outbox.reasons_against(workspace=case.workspace, email=case.contact.email or "")
    found = Case.objects.filter(workspace_id=case.workspace_id, pk=case.pk).annotate(
        watchers=ArraySubquery(
            watching.annotate(named=name).order_by("since", "id").values("named")
        ),
        is_watching=Exists(watching.filter(member=member)),
        is_named=Exists(mentions),
        news=ArraySubquery(news.order_by("-raised_at", "-id").values("text")),
        follow_ups=NumberOf(background.follow_ups_of(case).values("pk")),
        contacts=NumberOf(lately.contacts_of(case).values("pk")),
        was_asked_back=Exists(CheckBack.objects.filter(case=OuterRef("pk"))),
        has_gestures=Exists(Gesture.objects.filter(case=OuterRef("pk"))),
        steps=Subquery(editions.values("steps")[:1]),
        last_subject=Coalesce(Subquery(letters.last_subjects(case)[:1]), Value("")),
        reasons_against=ArraySubquery(against.values("reason")),
        alerts=NumberOf(agendas.alerts_for(member).order_by().values("pk")),
    )
    names = [field.name for field in fields(Reading)]
    return Reading(**found.values(*names).get())
