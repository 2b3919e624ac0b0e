"""The filters of the inbox as a sentence: "Late cases of detractors, without a comment, about
Import, in German"."""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.cases.queries import Filters, Show
from afterscore.cases.schemas import Selection
from afterscore.domain.casework import State
from afterscore.improvements.models import Theme
from afterscore.kit.templatetags import display
from afterscore.workspaces.models import Workspace

BEGINNINGS = {
    Show.MINE: "My cases",
    Show.ALL: "All open cases",
    Show.UNASSIGNED: "Cases that nobody has",
    Show.OVERDUE: "Late cases",
    Show.WAITING: "Cases that wait for the customer",
    Show.WATCHED: "Cases that I watch",
    Show.CLOSED: "Closed cases",
}
URGENCIES = {1: "not calm", 2: "urgent", 3: "most urgent"}
SEGMENTS = {
    "plan": "on the plan {}",
    "industry": "in the industry {}",
    "country": "in {}",
    "lifecycle_stage": "at the stage {}",
    "persona": "with the role {}",
}
COMMENTS = {"with": "with a comment", "without": "without a comment"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of the sentence, and the address of the list without it."""

    text: str
    url: str


def beginning_of(selection: Selection) -> str:
    return BEGINNINGS[selection.show]


def phrases_of(
    workspace: Workspace, selection: Selection, filters: Filters, *, inbox: str
) -> list[Phrase]:
    """What narrows the drawer, in the order in which one would say it."""
    words = {
        "group": selection.group and f"of {selection.group.value}s",
        "comment": COMMENTS.get(selection.comment),
        "theme": selection.theme and f"about {_theme(workspace, selection.theme)}",
        "segment": selection.segment and segment_words(selection.segment),
        "language": selection.language and f"in {display.language_name(selection.language)}",
        "department": selection.department and f"with {selection.department.label}",
        "owner": selection.owner and f"owned by {filters.owner or 'somebody unknown'}",
        "state": selection.state and f"that are {STATES[selection.state]}",
        "urgency": selection.urgency and URGENCIES[selection.urgency],
        "due": selection.due and selection.due.label,
        "search": selection.search and f"with “{selection.search}”",
    }
    nothing = selection.clear()
    return [
        Phrase(text, inbox + selection.change(**{name: getattr(nothing, name)}).query)
        for name, text in words.items()
        if text
    ]


STATES = {
    State.NEW: "new",
    State.IN_PROGRESS: "in progress",
    State.WAITING: "waiting",
    State.RESOLVED: "resolved",
    State.CLOSED: "closed",
    State.REOPENED: "open again",
}


def segment_words(segment: str) -> str:
    field, _, value = segment.partition(":")
    return SEGMENTS[field].format(value)


def _theme(workspace: Workspace, public_id: str) -> str:
    found = Theme.objects.filter(workspace=workspace, public_id=public_id).first()
    return str(found) if found else "a theme that is gone"
