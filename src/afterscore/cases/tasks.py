from __future__ import annotations

import secrets

from afterscore.cases import operations
from afterscore.cases.operations import escalating, handing_on, lookout, notices
from afterscore.kit import clock, jobs


@jobs.task("cases.break_promises")
def break_promises() -> None:
    """Every hour, for days end at different hours: whose day is over and that is not done."""
    operations.break_promises(now=clock.now())


@jobs.task("cases.draw_turns")
def draw_turns() -> None:
    """Every hour, for days begin at different hours; once a day for each member."""
    operations.draw_turns(now=clock.now(), new_seed=lambda: secrets.token_hex(16))


@jobs.task("cases.settle_check_backs")
def settle_check_backs() -> None:
    operations.settle_check_backs(now=clock.now())


@jobs.task("cases.tell_colleagues")
def tell_colleagues() -> None:
    """Every five minutes: digests of a business day that has opened, then alerts not told yet."""
    notices.plan_digests(now=clock.now())
    notices.plan_alert_notices(now=clock.now())


@jobs.task("cases.watch_key_contacts")
def watch_key_contacts() -> None:
    """Every hour: whose silence somebody should know of."""
    lookout.watch_key_contacts(now=clock.now())


@jobs.task("cases.send_notice")
def send_notice(*, notice: str) -> None:
    notices.send_notice(public_id=notice, now=clock.now())


@jobs.task("cases.forget_old_notices")
def forget_old_notices() -> None:
    """Every night: what was told to whom a quarter ago."""
    notices.forget_old_notices(now=clock.now())


@jobs.task("cases.escalate")
def escalate() -> None:
    """Every five minutes: finds owners for what has none, then tells what is near or late."""
    handing_on.hand_on(now=clock.now())
    escalating.escalate(now=clock.now())


@jobs.task("cases.open_missing")
def open_missing() -> None:
    """Every hour: answers whose case was never opened."""
    handing_on.open_missing(now=clock.now())
