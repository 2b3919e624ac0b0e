from __future__ import annotations

from afterscore.kit import clock, jobs
from afterscore.programs import operations


@jobs.task("programs.keep_asking")
def keep_asking() -> None:
    """Every hour: whoever is due in programs that ask by themselves."""
    operations.keep_going(now=clock.now())


@jobs.task("programs.launch_due_waves")
def launch_due_waves() -> None:
    """Every hour: waves that the calendar launches."""
    operations.launch_due_waves(now=clock.now())


@jobs.task("programs.replan_waves")
def replan_waves() -> None:
    """Every hour: waves that take their time, once after each midnight of their workspace."""
    operations.replan_waves(now=clock.now())


@jobs.task("programs.quote_peers")
def quote_peers() -> None:
    """Every half-hour: how many companies take part, for the reminders that leave next."""
    operations.quote_peers(now=clock.now())


@jobs.task("programs.remind_again")
def remind_again() -> None:
    """Every hour: second reminders that are due by now."""
    operations.remind_again(now=clock.now())


@jobs.task("programs.watch_waves")
def watch_waves() -> None:
    """Every minute: pauses waves of which too much comes back."""
    operations.watch_waves(now=clock.now())


@jobs.task("programs.close_waves")
def close_waves() -> None:
    """Every minute: waves whose time is over."""
    operations.close_waves(now=clock.now())


@jobs.task("programs.settle_doubts")
def settle_doubts() -> None:
    """Every hour: mails of which nobody knows whether they arrived."""
    operations.settle_doubts(now=clock.now())
