"""The log of fetches: evidence for a judgement, and nothing that would change by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from afterscore.domain import scanners
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Visit

MOST_AN_HOUR = 60
MOST = 300
"""For one person's link. A scanner comes with some forty requests; more say nothing new."""

KEPT_FOR = timedelta(days=30)

_INSERT = """
    INSERT INTO responses_visit
        (workspace_id, enrolment_id, at, method, visitor, agent, score, is_trap, is_prefetch)
    SELECT %(workspace)s, %(enrolment)s, %(at)s, %(method)s, %(visitor)s, %(agent)s, %(score)s,
        %(is_trap)s, %(is_prefetch)s
    FROM (
        SELECT count(*) AS all_told, count(*) FILTER (WHERE at > %(hour_ago)s) AS lately
        FROM responses_visit WHERE enrolment_id = %(enrolment)s
    ) AS known
    WHERE all_told < %(most)s AND lately < %(most_an_hour)s
"""


def note_visit(*, enrolment: Enrolment, visit: scanners.Visit) -> None:
    """One statement; what goes beyond the bounds is not kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "workspace": enrolment.workspace_id,
                "enrolment": enrolment.pk,
                "at": visit.at,
                "method": visit.method,
                "visitor": visit.visitor,
                "agent": visit.agent.value,
                "score": visit.score,
                "is_trap": visit.is_trap,
                "is_prefetch": visit.is_prefetch,
                "hour_ago": visit.at - timedelta(hours=1),
                "most": MOST,
                "most_an_hour": MOST_AN_HOUR,
            },
        )


@transaction.atomic
def forget_visits(*, now: datetime) -> int:
    """Deletes what is older than a month, and all of people whose data was erased; returns how
    many. Safe to repeat."""
    is_old = Q(at__lt=now - KEPT_FOR)
    is_of_nobody = Q(enrolment__contact__erased_at__isnull=False)
    deleted, _by_model = Visit.objects.filter(is_old | is_of_nobody).delete()
    return deleted
