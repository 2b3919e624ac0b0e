from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from afterscore.customers.models import Contact
from afterscore.programs.models import Enrolment, HeadsUpCall


def erase(*, contact: Contact, now: datetime) -> Iterable[str]:
    """What was noted when somebody called."""
    mine = Enrolment.objects.filter(workspace=contact.workspace, contact=contact)
    HeadsUpCall.objects.filter(workspace=contact.workspace, enrolment__in=mine).update(note="")
    return mine.values_list("public_id", flat=True)
