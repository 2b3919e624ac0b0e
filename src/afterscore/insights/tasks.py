from __future__ import annotations

from afterscore.domain.events import SYSTEM
from afterscore.insights import operations
from afterscore.insights.operations import aiming, alarms, fairness, filing, reports, sealing
from afterscore.insights.queries import filing as files
from afterscore.kit import clock, jobs
from afterscore.workspaces import queries as workspaces


@jobs.task("insights.forget_readings")
def forget_readings() -> None:
    """Each night: who looked at what, once nobody asks any more."""
    operations.forget_readings(now=clock.now())


@jobs.task("insights.watch_scores")
def watch_scores() -> None:
    """Every half-hour: whether the score of a wave really fell, at the few looks it has."""
    alarms.watch_scores(now=clock.now())


@jobs.task("insights.watch_parity")
def watch_parity() -> None:
    """Each night: whether some respondents' loops are closed less often than all others'."""
    fairness.watch_parity(now=clock.now())


@jobs.task("insights.judge_targets")
def judge_targets() -> None:
    """Each morning: what is met is celebrated, and what is due has its verdict."""
    aiming.judge_targets(now=clock.now())


@jobs.task("insights.plan_editions")
def plan_editions() -> None:
    """Every five minutes: reports of a business day that has opened."""
    reports.plan_editions(now=clock.now())


@jobs.task("insights.send_edition")
def send_edition(*, edition: str) -> None:
    reports.send_edition(public_id=edition, now=clock.now())


@jobs.task("insights.forget_editions")
def forget_editions() -> None:
    """Each night: that a report was sent a year ago."""
    reports.forget_editions(now=clock.now())


@jobs.task("insights.analyse_file")
def analyse_file(*, analysis: str) -> None:
    row = files.find_analysis(public_id=analysis)
    if row is not None:
        filing.run_analysis(analysis=row, actor=SYSTEM, now=clock.now())


@jobs.task("insights.forget_old_files")
def forget_old_files() -> None:
    """Each hour: nobody's answers stay longer than was said."""
    filing.forget_old_files(now=clock.now())


@jobs.task("insights.seal")
def seal() -> None:
    """Every five minutes: months of answers into files, where they are due."""
    sealing.seal_due(now=clock.now())


@jobs.task("insights.renew")
def renew(workspace: str) -> None:
    """At once: files that hold somebody who was erased, without that person."""
    found = workspaces.get_workspace(slug=workspace)
    sealing.seal_workspace(workspace=found, now=clock.now())
