"""What one may do with a case, as forms. Each says by `given` what the operation is given."""

from __future__ import annotations

from afterscore.cases.forms.acting import (
    AssignForm,
    CallForm,
    CloseForm,
    HeardForm,
    NoteForm,
    ReopenForm,
    ReplyForm,
)
from afterscore.cases.forms.base import CaseForm
from afterscore.cases.forms.tagging import ThemesForm

__all__ = [
    "AssignForm",
    "CallForm",
    "CaseForm",
    "CloseForm",
    "HeardForm",
    "NoteForm",
    "ReopenForm",
    "ReplyForm",
    "ThemesForm",
]
