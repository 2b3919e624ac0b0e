from __future__ import annotations

from afterscore.kit import clock, jobs
from afterscore.outreach import operations, sender


@jobs.task("outreach.recover")
def recover() -> None:
    sender.recover()


@jobs.task("outreach.forget_old_throttles")
def forget_old_throttles() -> None:
    """Every night: buckets that nobody has asked for days, and days that are over."""
    sender.forget_old_throttles(now=clock.now())


@jobs.task("outreach.read_mail")
def read_mail(event: str) -> None:
    operations.make_sense(event=event, now=clock.now())


@jobs.task("outreach.forget_old_mail")
def forget_old_mail() -> None:
    operations.forget_old_mail(now=clock.now())


@jobs.task("outreach.hear_reports")
def hear_reports(event: str) -> None:
    operations.hear_reports(event=event, now=clock.now())


@jobs.task("outreach.hear_again")
def hear_again() -> None:
    operations.hear_again(now=clock.now())


@jobs.task("outreach.forget_old_reports")
def forget_old_reports() -> None:
    operations.forget_old_reports(now=clock.now())


@jobs.task("outreach.forget_words")
def forget_words() -> None:
    """Every hour: what providers said, once it is read; all mail about whoever was erased."""
    now = clock.now()
    operations.forget_words(now=now)
    operations.forget_mail_of_erased(now=now)
