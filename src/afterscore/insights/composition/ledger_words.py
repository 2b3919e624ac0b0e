"""Whose loops a figure of the ledger is of, as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.cases import queries as cases
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause
from afterscore.insights import queries
from afterscore.insights.queries import Figure
from afterscore.programs.models import Program
from afterscore.workspaces.models import Workspace

_WHO = {
    "": "Everybody",
    queries.EVERY: "Everybody",
    "speaking": "Everybody with a comment",
    "silent": "Everybody without a comment",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which answers a page is: `when` reads "in the last 90 days", and is "" of all time."""

    workspace: Workspace
    when: str
    program: Program | None


def whose(scope: Scope, figure: Figure, among: str = "") -> str:
    """Everybody who answered in the last 90 days, with the owner Max: those whose time is up."""
    who = _WHO.get(figure.part) or queries.LABELS[figure.part]
    answered = f"answered {scope.when}" if scope.when else "ever answered"
    program = f"in the program {scope.program.name}" if scope.program else ""
    words = [f"{who} who {answered}", program, row_words(scope, figure)]
    text = ", ".join(filter(None, words))
    return f"{text}: {among}" if among else text


def row_words(scope: Scope, figure: Figure) -> str:
    """Which row of a split table: "with the owner Max", "without an owner"; "" without a split."""
    if not figure.key:
        return ""
    name = queries.name_of(workspace=scope.workspace, key=figure.key, value=figure.value)
    label = queries.KEYS.get(figure.key, figure.key.rpartition(".")[2]).lower()
    if name:
        return f"with the {label} {name}"
    if figure.key in {cases.OWNER, cases.DEPARTMENT}:
        return f"without {'an' if label == 'owner' else 'a'} {label}"
    return f"whose {label} is not known"


def title(scope: Scope, figure: Figure) -> str:
    """What the list behind a plain count is called."""
    what = [_ended(figure) or (figure.standing.label if figure.standing else "All loops")]
    if figure.is_contacted is False:
        what.append("no reply or call written down")
    if figure.is_ripe:
        what.append("older than 14 days")
    of = [queries.LABELS[figure.part].lower()] if figure.part else []
    of += filter(None, [row_words(scope, figure)])
    return f"{', '.join(what)}: {', '.join(of)}" if of else ", ".join(what)


def _ended(figure: Figure) -> str:
    if figure.reason:
        return f"Not closed, “{NotClosedReason(figure.reason).label}”"
    if figure.root_cause:
        return f"What was behind it, “{RootCause(figure.root_cause).label}”"
    return f"Closed, “{Outcome(figure.outcome).label}”" if figure.outcome else ""
