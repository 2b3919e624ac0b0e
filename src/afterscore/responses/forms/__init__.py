"""What a browser has sent, read strictly: the form, and who sends it."""

from __future__ import annotations

from afterscore.responses.forms.deciding import Decision, DecisionForm
from afterscore.responses.forms.submission import Submission, read, read_score
from afterscore.responses.forms.visitor import read_act, read_visit

__all__ = ["Decision", "DecisionForm", "Submission", "read", "read_act", "read_score", "read_visit"]
