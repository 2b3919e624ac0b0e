"""Who stops asking customers when something speaks against it: dotted paths, so that this file
imports nothing. Each is called in the transaction that makes it true (`customers.registry`)."""

from __future__ import annotations

WATCHERS: tuple[str, ...] = ("afterscore.programs.operations.watching.watch",)
"""Called when a mail came back or was reported as spam (`outreach.registry`)."""

STOPS: tuple[str, ...] = ("afterscore.programs.operations.enrolments.stop_asking",)
