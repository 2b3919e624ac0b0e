"""The doors of this app without a sign-in: the survey page, and a link that no person sees."""

from __future__ import annotations

from afterscore.responses.public.answering import answer, follow_trap

__all__ = ["answer", "follow_trap"]
