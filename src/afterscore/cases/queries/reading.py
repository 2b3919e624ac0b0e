"""What a case says to whoever has it before her, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Coalesce, NullIf

from afterscore.cases.models import Alert, Case, Mention, Watching
from afterscore.domain import alerts
from afterscore.workspaces.models import Member


@dataclass(frozen=True, slots=True)
class Reading:
    """Who watches, by name; whether the reader does; whether she is named in it and has not looked
    since; and what she was told of it since she last looked, the latest first."""

    watchers: Sequence[str]
    is_watching: bool
    is_named: bool
    news: Sequence[str]


def reading_of(*, case: Case, member: Member) -> Reading:
    watching = Watching.objects.filter(case=OuterRef("pk"))
    name = Coalesce(
        NullIf("member__user__name", Value("")), "member__user__email", output_field=CharField()
    )
    mentions = Mention.objects.filter(entry__case=OuterRef("pk"), member=member, seen_at=None)
    news = Alert.objects.filter(
        case=OuterRef("pk"), member=member, kind__in=alerts.NEWS, settled_at=None
    )
    found = Case.objects.filter(workspace_id=case.workspace_id, pk=case.pk).annotate(
        watchers=ArraySubquery(
            watching.annotate(named=name).order_by("since", "id").values("named")
        ),
        is_watching=Exists(watching.filter(member=member)),
        is_named=Exists(mentions),
        news=ArraySubquery(news.order_by("-raised_at", "-id").values("text")),
    )
    return Reading(**found.values("watchers", "is_watching", "is_named", "news").get())
