"""The program form: the same fields as the file, and the same checks behind them."""

from __future__ import annotations

from afterscore.programs.forms.program import ProgramForm

__all__ = ["ProgramForm"]
