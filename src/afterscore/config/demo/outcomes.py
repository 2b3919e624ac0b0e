"""What became of the demo's contracts, as billing would tell it, and the lots of a morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from afterscore.cases import operations as cases
from afterscore.customers import operations as customers
from afterscore.domain.events import Actor
from afterscore.workspaces.models import Workspace


def tell(
    workspace: Workspace,
    *,
    account: str,
    has_left: bool,
    on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """One signal for each contract that ended."""
    intake = customers.record_signals(
        workspace=workspace,
        signals=[
            customers.NewSignal(
                kind="outcome",
                name="left" if has_left else "renewed",
                source="billing",
                occurred_at=min(datetime.combine(on, time(12), tzinfo=UTC), now),
                account=account,
            )
        ],
        actor=actor,
        now=now,
    )
    if intake.problems:
        raise AssertionError(f"the demo's own signals were refused: {intake.problems}")


def draw_lots(*, seed: int, now: datetime) -> int:
    """Where somebody has more equal work today than fits; none on a day off."""
    numbers = iter(range(1_000))
    return cases.draw_turns(now=now, new_seed=lambda: f"demo-{seed}-{next(numbers)}")
