"""Door two: what time starts. One line each: when, and which task."""

from __future__ import annotations

from procrastinate import App

from afterscore.kit import jobs

PERIODIC = {
    "* * * * *": ("outreach.recover", "programs.close_waves"),
    "*/5 * * * *": ("kit.retry_stalled_jobs",),
    "17 3 * * *": ("kit.delete_old_jobs", "customers.discard_stale_imports"),
}


def register(app: App) -> None:
    """Called once, when the job system is ready."""
    for cron, names in PERIODIC.items():
        for name in names:
            _add(app, cron, name)


def _add(app: App, cron: str, name: str) -> None:
    @app.periodic(cron=cron, periodic_id=name)
    @app.task(name=f"schedule.{name}", queueing_lock=f"schedule.{name}")
    def start(timestamp: int) -> None:
        jobs.defer(name)
