from __future__ import annotations

from afterscore.insights.forms.reports import LanguageForm, ReportForm

__all__ = ["LanguageForm", "ReportForm"]
