"""Door two: what time starts. One line each: when, and which task."""

from __future__ import annotations

from procrastinate import App

from afterscore.kit import jobs

PERIODIC = {
    "* * * * *": (
        "cases.settle_check_backs",
        "outreach.recover",
        "programs.close_waves",
        "programs.watch_waves",
        "responses.settle",
    ),
    "*/5 * * * *": (
        "cases.escalate",
        "cases.tell_colleagues",
        "insights.plan_editions",
        "insights.seal",
        "kit.retry_stalled_jobs",
        "outreach.hear_again",
    ),
    "*/30 * * * *": ("insights.watch_scores", "programs.quote_peers"),
    "11 * * * *": (
        "cases.break_promises",
        "cases.draw_turns",
        "cases.open_missing",
        "cases.watch_key_contacts",
        "insights.forget_old_files",
        "outreach.forget_words",
        "programs.keep_asking",
        "programs.launch_due_waves",
        "programs.remind_again",
        "programs.replan_waves",
        "programs.settle_doubts",
        "responses.forget_visits",
    ),
    "17 3 * * *": (
        "cases.forget_old_notices",
        "kit.delete_old_jobs",
        "customers.discard_stale_imports",
        "insights.forget_editions",
        "insights.forget_readings",
        "insights.judge_targets",
        "insights.watch_parity",
        "outreach.forget_old_mail",
        "outreach.forget_old_reports",
        "outreach.forget_old_throttles",
    ),
}


def register(app: App) -> None:
    """Called once, when the job system is ready."""
    for cron, names in PERIODIC.items():
        for name in names:
            jobs.defer_on_schedule(app, cron=cron, name=name)
