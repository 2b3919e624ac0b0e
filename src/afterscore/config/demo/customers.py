"""Brings the demo's customers in as anybody would: from a file; and changes them by form."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import datetime

from afterscore.config.demo.cast import Company
from afterscore.customers import operations
from afterscore.customers.models import Account
from afterscore.domain.events import Actor
from afterscore.workspaces.models import Workspace

COLUMNS = (
    "email",
    "name",
    "persona",
    "language",
    "timezone",
    "consent basis",
    "consent source",
    "consent date",
    "account",
    "plan",
    "industry",
    "country",
    "lifecycle stage",
    "revenue",
    "currency",
    "renewal date",
    "owner",
    "account.health score",
)


def bring_in(
    workspace: Workspace, companies: Sequence[Company], *, actor: Actor, now: datetime
) -> None:
    source = operations.start_import(
        workspace=workspace,
        file=io.BytesIO(_file(companies, now)),
        file_name=f"customers-{now:%Y-%m-%d}.csv",
        actor=actor,
        now=now,
    )
    source = operations.launch_import(source=source, is_dry_run=False, now=now, in_background=False)
    done = operations.run_import(source=source, now=now)
    if done.refused:
        raise AssertionError(f"{done.refused} of the demo's own rows were refused")


def _file(companies: Sequence[Company], now: datetime) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for company in companies:
        shared = (
            company.name,
            company.plan,
            company.industry,
            company.country,
            "customer",
            company.revenue,
            "EUR",
            company.renewal_on.isoformat(),
            company.owner,
            _health(company),
        )
        consent = ("contract", "Terms of service", f"{now:%Y-%m-%d}")
        for person in company.people:
            own = (person.email, person.name, person.persona, company.language, company.zone)
            rows.writerow([*own, *consent, *shared])
    return text.getvalue().encode()


def _health(company: Company) -> int:
    """From 0 to 100, as a tool of customer success would say it: it knows a little of how the
    company leans, and the rest is chance."""
    chance = random.Random(company.name)  # noqa: S311 (a story, not a secret)
    return min(100, max(0, round(chance.gauss(65 + 10 * company.leaning, 12))))


def renew(workspace: Workspace, company: Company, *, actor: Actor, now: datetime) -> None:
    """The contract goes on for a year, or the company has left."""
    account = Account.objects.get(workspace=workspace, name=company.name)
    if company.left_on is not None:
        changes = {"lifecycle_stage": "churned", "churned_on": company.left_on}
    else:
        changes = {"renewal_on": company.renewal_on}
    operations.change_account(account=account, changes=changes, actor=actor, now=now)


def tell_of_onboarding(
    workspace: Workspace, companies: Sequence[Company], *, actor: Actor, now: datetime
) -> None:
    """As the onboarding tool would: one signal for each company."""
    intake = operations.record_signals(
        workspace=workspace,
        signals=[
            operations.NewSignal(
                kind="event", name="onboarding_finished", source="onboarding",
                occurred_at=now, account=company.name,
            )
            for company in companies
        ],
        actor=actor,
        now=now,
    )  # fmt: skip
    if intake.problems:
        raise AssertionError(f"the demo's own signals were refused: {intake.problems}")
