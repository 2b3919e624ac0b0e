"""What the parts of a case's page want to know of it, read once for all of them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from afterscore.cases import playbooks, queries
from afterscore.cases.composition import Setting
from afterscore.cases.models import Case
from afterscore.cases.queries import Reading
from afterscore.cases.views import offering
from afterscore.workspaces import access


def reading_for(request: HttpRequest, case: Case) -> Reading:
    found: tuple[int, Reading] | None = getattr(request, "reading", None)
    if found is None or found[0] != case.pk:
        found = case.pk, queries.reading_of(case=case, member=access.member_of(request))
        request.reading = found  # type: ignore[attr-defined]
        request.counted = {"notices:alerts": found[1].alerts}  # type: ignore[attr-defined]
    return found[1]


def setting_for(request: HttpRequest, case: Case, *, now: datetime) -> Setting:
    """What its drafts have in common, without asking for it again."""
    is_known = case.playbook in playbooks.PLAYBOOKS
    reading = reading_for(request, case)
    themes = offering.offered_for(request, case.workspace, now=now).themes if case.themes else ()
    return Setting(
        playbook=queries.edited(case.playbook, reading.steps) if is_known else None,
        theme=queries.theme_in_mail(case=case, known=themes),
        last_subject=reading.last_subject,
    )
