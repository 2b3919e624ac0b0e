"""Upkeep of the job system itself."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEEP_HOURS = 72  # ended jobs, for whoever looks after a failure


@app.task(name="kit.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext) -> None:
    """A worker that was killed leaves its jobs 'doing': give them back. Takes no lock itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.task(name="kit.delete_old_jobs", pass_context=True)
async def delete_old_jobs(context: JobContext) -> None:
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True
    )
