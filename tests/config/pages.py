"""Which addresses show no page of their own, and why; everything else is looked at."""

from __future__ import annotations

PART = "a part of a page, which a script brings in"
FRAME = "a mail or a survey as it looks, in a frame"
DOWNLOAD = "a file"

NO_PAGES = {
    "cases:file": DOWNLOAD,
    "customers:progress": PART,
    "customers:refused": DOWNLOAD,
    "files:report": DOWNLOAD,
    "insights:standing": PART,
    "loops:csv": DOWNLOAD,
    "outreach:html": FRAME,
    "programs:effects": PART,
    "programs:left_out": DOWNLOAD,
    "programs:mail": FRAME,
    "programs:preview": PART,
    "programs:survey": FRAME,
    "reports:mail": FRAME,
    "reports:pdf": DOWNLOAD,
    "reports:slides": DOWNLOAD,
    "responses:download": DOWNLOAD,
    "score:csv": DOWNLOAD,
    "score:satisfaction_csv": DOWNLOAD,
    "targets:csv": DOWNLOAD,
    "targets:line": PART,
    "workspaces:settings": "leads to the first page of the settings",
}
NOT_IN_THE_STORY = {
    "files:file": "nobody has uploaded a file of answers; tests/insights/test_files_page.py",
    "routes:route": "the demo sends no mail; tests/outreach/test_route_browser.py",
    "score:explain_predicting": "too few of the story have left; "
    "tests/insights/test_every_number_of_health.py",
    "targets:benchmark": "the story knows no benchmark; its form is that of targets:new_benchmark",
}
"""What the story has not, and what looks at it instead."""
