"""Whether customers were asked if it is solved, and what they said."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from afterscore.cases.models import Case, CheckBack
from afterscore.domain import check_backs, nps
from afterscore.domain.check_backs import Answer, Result
from afterscore.domain.nps import Group
from afterscore.domain.scanners import Validity
from afterscore.outreach.models import State
from afterscore.workspaces.models import Workspace

IS_ANSWERED = Q(validity=Validity.COUNTED)
WAS_SENT = Q(message__state__in=(State.SENT, State.IN_DOUBT)) | IS_ANSWERED


def was_asked_back(*, case: Case, since: datetime) -> bool:
    """Also where the mail is only planned, or was called off."""
    return CheckBack.objects.filter(
        workspace_id=case.workspace_id, case=case, planned_at__gte=since
    ).exists()


def list_check_backs(*, case: Case) -> QuerySet[CheckBack]:
    """The latest first, with their mails."""
    return (
        CheckBack.objects.filter(workspace_id=case.workspace_id, case=case)
        .select_related("message")
        .order_by("-id")
    )


def find_check_back(*, public_id: str) -> CheckBack | None:
    """By the link alone, with all that its page says: whoever asks has no workspace."""
    return (
        CheckBack.objects.filter(public_id=public_id)
        .select_related(
            "workspace",
            "message",
            "case__workspace",
            "case__contact",
            "case__owner__user",
            "case__response__contact",
            "case__response__enrolment__workspace",
            "case__response__wave__program",
            "case__response__wave__survey_version",
        )
        .first()
    )


def check_back_results(
    *, workspace: Workspace, since: datetime | None = None
) -> dict[Group, Result]:
    """By group: of the questions that went out, how many were answered by a person, and how.

    `since` looks at when the question was due.
    """
    found = CheckBack.objects.filter(WAS_SENT, workspace=workspace)
    if since is not None:
        found = found.filter(due_at__gte=since)
    said = {
        answer.value: Count("id", filter=IS_ANSWERED & Q(answer=answer)) for answer in Answer
    }  # in the order of Result
    rows = found.values_list("case__score").annotate(asked=Count("id"), **said).order_by()
    results = dict.fromkeys(Group, Result())
    for score, *counts in rows:
        group = nps.group_of(score)
        results[group] = _sum(results[group], Result(*counts))
    return results


def _sum(one: Result, other: Result) -> Result:
    return check_backs.Result(
        asked=one.asked + other.asked,
        yes=one.yes + other.yes,
        partly=one.partly + other.partly,
        no=one.no + other.no,
    )
