"""The decisions about a program's policy: who changed what, when, and why it is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from afterscore.domain import policies
from afterscore.domain.events import Change, ProgramApplied
from afterscore.domain.reminders import Positioning
from afterscore.journal import queries as journal
from afterscore.programs import definitions
from afterscore.programs.definitions import Definition
from afterscore.programs.models import Program
from afterscore.workspaces import queries as workspaces

MOST_SHOWN = 50
_LABELS: Mapping[str, str] = {
    "positioning": "What it is to the customer",
    "sender": "Who asks",
    "accounts.limit": "People of one account",
    "accounts.spread_days": "Days between people of one account",
    "trigger": "What starts it",
    "cadence": "Days between two askings",
    "touches.heads_up": "A word ahead",
    "touches.heads_up_days": "Days from the word ahead to the invitation",
    "touches.heads_up_hold_out": "Percent without a word ahead",
    "touches.reminders": "Reminders",
    "touches.reminder_after_days": "Days between messages",
    "touches.reminder_hold_out": "Percent not reminded",
    "touches.quotes_peers": "Peers quoted",
    "send_window": "When mails go out",
    "open_days": "Days open for answers",
    "answer_within_days": "Working days until an answer",
    "mail.commitment": "The promise",
}


_NOBODY = {"system": "The command line"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One saving that changed the policy. `why` is what was typed, or ""."""

    at: datetime
    who: str
    why: str
    changes: tuple[Change, ...]


def changes_of(*, before: Definition | None, after: Definition) -> tuple[Change, ...]:
    """The settings of the policy that differ, each with why it is as it is proposed. Those of a
    new program are told against nothing."""
    old = _settings(before) if before else {}
    new = _settings(after)
    return tuple(
        Change(
            setting=_LABELS[path],
            before=old.get(path, ""),
            after=new.get(path, ""),
            why=policies.why_of(path, after.positioning),
        )
        for path in _LABELS
        if old.get(path, "") != new.get(path, "")
    )


def _settings(definition: Definition) -> dict[str, str]:
    """By path, as a person would read it."""
    data = definitions.to_data(definition)
    found = dict(_flat(data, ""))
    found["positioning"] = Positioning(definition.positioning).label
    found.setdefault("sender", "the workspace's sender")
    found["cadence"] = str(definition.cadence_days)
    found["mail.commitment"] = definition.commitment or "in each reader's language"
    return found


def _flat(data: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        full = f"{path}.{key}" if path else key
        if full == "sender" and isinstance(value, Mapping):
            yield full, f"{value['name']} <{value['email']}>"
        elif isinstance(value, Mapping):
            if full == "trigger":
                yield full, ", ".join(f"{name} {each}" for name, each in value.items())
            yield from _flat(value, full)
        else:
            yield full, _said(value)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")


def list_decisions(*, program: Program) -> list[Decision]:
    """Newest first."""
    facts = journal.list_facts(workspace=program.workspace, subjects=[program.public_id])
    applied = list(facts.filter(name=ProgramApplied.name)[:MOST_SHOWN])
    members = workspaces.list_members(workspace=program.workspace)
    names = {f"member:{member.public_id}": str(member) for member in members}
    decisions = (
        Decision(
            at=fact.occurred_at,
            who=names.get(fact.actor, _NOBODY.get(fact.actor, "somebody who has left")),
            why=fact.payload.get("why", ""),
            changes=tuple(_change(each) for each in fact.payload.get("policy", ())),
        )
        for fact in applied
    )
    return [each for each in decisions if each.changes or each.why]


def _change(data: Mapping[str, str]) -> Change:
    """Facts are never rewritten: one of an earlier version may say less, of a later one more."""
    return Change(
        setting=data.get("setting", ""),
        before=data.get("before", ""),
        after=data.get("after", ""),
        why=data.get("why", ""),
    )
