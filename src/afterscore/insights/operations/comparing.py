"""Writing down other people's scores: only with everything that makes them worth reading."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from afterscore.domain import benchmarks, events
from afterscore.domain.benchmarks import Draft
from afterscore.domain.events import Actor
from afterscore.insights.models import Benchmark
from afterscore.insights.queries import measuring
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

LONGEST_SOURCE = 200
LONGEST_AUDIENCE = 300
LONGEST_LINK = 500


@transaction.atomic
def save_benchmark(
    *,
    workspace: Workspace,
    benchmark: Benchmark | None = None,
    draft: Draft,
    link: str,
    actor: Actor,
    now: datetime,
) -> Benchmark:
    """Raises Refused for the first thing that is missing, at its field."""
    for gap in benchmarks.gaps(draft, today=measuring.today_of(workspace, now)):
        raise Refused(gap.sentence, field=gap.field)
    values = _columns(draft, link)
    row = _lock(benchmark) if benchmark else Benchmark(workspace=workspace, created_at=now)
    changed = tuple(name for name, value in values.items() if getattr(row, name, None) != value)
    if row.pk and not changed:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    event = events.BenchmarkChanged(row.public_id, changed=changed)
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return row


@transaction.atomic
def remove_benchmark(*, benchmark: Benchmark, actor: Actor, now: datetime) -> None:
    row = _lock(benchmark)
    event = events.BenchmarkRemoved(row.public_id, source=row.source)
    row.delete()
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)


def _columns(draft: Draft, link: str) -> dict[str, object]:
    if draft.method is None:
        raise AssertionError("a draft without gaps has a method")
    link = link.strip()
    if urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).netloc:
        raise Refused("Give the address where it can be read, from https:// on.", field="link")
    if len(link) > LONGEST_LINK:
        raise Refused(f"At most {LONGEST_LINK} characters.", field="link")
    audience = " ".join(draft.audience.split())
    if not audience:
        raise Refused("Say who was asked: whose customers, in which countries.", field="audience")
    return {
        "source": " ".join(draft.source.split())[:LONGEST_SOURCE],
        "link": link,
        "audience": audience[:LONGEST_AUDIENCE],
        "method": draft.method.value,
        "scale": draft.scale,
        "is_standard_question": draft.is_standard_question,
        "score": draft.score,
        "answers": draft.n,
        "collected_on": draft.collected_on,
    }


def _lock(benchmark: Benchmark) -> Benchmark:
    rows = Benchmark.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.get(pk=benchmark.pk)
