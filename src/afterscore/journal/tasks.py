from __future__ import annotations

from django.db import transaction

from afterscore.journal import registry
from afterscore.journal.models import Fact
from afterscore.kit import jobs


@jobs.task("journal.dispatch")
def dispatch(*, fact: str) -> None:
    """One job a subscriber, so that one that fails is retried alone; a single one is told here."""
    row = Fact.objects.select_related("workspace").get(public_id=fact)
    handlers = registry.handlers_of(row.name)
    if len(handlers) == 1:
        registry.load(handlers[0])(row)
        return
    with transaction.atomic():
        for handler in handlers:
            jobs.defer("journal.deliver", fact=fact, handler=handler)


@jobs.task("journal.deliver")
def deliver(*, fact: str, handler: str) -> None:
    registry.load(handler)(Fact.objects.select_related("workspace").get(public_id=fact))
