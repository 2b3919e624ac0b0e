from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from afterscore.customers.models import Contact
from afterscore.responses.models import Response, Visit


def erase(*, contact: Contact, now: datetime) -> Iterable[str]:
    """The score stays, and what kind of customer gave it; no word, and no attribute of theirs."""
    mine = Response.objects.filter(workspace=contact.workspace, contact=contact)
    for response in mine:
        response.comment = ""
        response.drivers = {
            key: answer for key, answer in response.drivers.items() if isinstance(answer, int)
        }
        response.frozen = _without_person(response.frozen)
        response.evidence = {}
        response.settles_at = None
        response.save(update_fields=["comment", "drivers", "frozen", "evidence", "settles_at"])
    Visit.objects.filter(workspace=contact.workspace, enrolment__contact=contact).delete()
    return [response.public_id for response in mine]


def _without_person(frozen: dict[str, Any]) -> dict[str, Any]:
    return {**frozen, "contact": {**frozen.get("contact", {}), "attribute": {}}}
