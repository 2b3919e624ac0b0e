"""What the demo's customers use, as their product tells it each month: some features more, some
less; and who has complained to the help desk. Nobody has told anything of a few of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from afterscore.config.demo.cast import Company
from afterscore.customers import operations
from afterscore.domain.events import Actor
from afterscore.workspaces.models import Workspace

FEATURES = {  # the share of companies that use it
    "login": 1.0,
    "bulk_import": 0.7,
    "alerts": 0.55,
    "team_reports": 0.45,
    "api": 0.3,
    "customs_forms": 0.2,
}
COMPLAIN = 0.12  # the share of companies that have complained within the year
SILENT = 0.1  # the share of companies whose usage nobody tells


def tell(
    workspace: Workspace, companies: Sequence[Company], *, seed: int, actor: Actor, now: datetime
) -> None:
    chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
    told = [one for one in companies if one.left_on is None and chance.random() >= SILENT]
    signals = [
        operations.NewSignal(
            kind="usage",
            name=feature,
            source="product",
            occurred_at=now,
            account=company.name,
            external_id=f"{feature}:{company.name}",
        )
        for company in told
        for feature, share in FEATURES.items()
        if chance.random() < share
    ]
    signals += [
        operations.NewSignal(
            kind="ticket",
            name="complaint",
            source="help desk",
            occurred_at=now - timedelta(days=chance.randrange(10, 350)),
            account=company.name,
            external_id=f"complaint:{company.name}",
        )
        for company in told
        if chance.random() < COMPLAIN
    ]
    intake = operations.record_signals(workspace=workspace, signals=signals, actor=actor, now=now)
    if intake.problems:
        raise AssertionError(f"the demo's own usage was refused: {intake.problems}")
