"""In whose name a person is asked."""

from __future__ import annotations

from typing import NamedTuple

from afterscore.programs.models import Program
from afterscore.programs.queries.judging import Person


class Sender(NamedTuple):
    """`note` is a sentence where it is not who the program wanted."""

    name: str
    email: str
    note: str = ""


def sender_of(*, program: Program, person: Person) -> Sender:
    """The named person, or the account's owner, or else the workspace's own sender."""
    if program.sender == Program.Sender.NAMED:
        if program.sender_email:
            return Sender(program.sender_name, program.sender_email)
        return _workspace_sender(program)
    if person.owner_email and person.owner_is_active:
        return Sender(person.owner_name or person.owner_email, person.owner_email)
    return _workspace_sender(program, _why_not_the_owner(person))


def may_be_told_ahead(*, program: Program, person: Person) -> bool:
    """Whether a word ahead can reach this person: a call needs an owner who makes it."""
    if program.heads_up == Program.HeadsUp.CALL:
        return person.owner_id is not None and bool(person.owner_is_active)
    return program.heads_up == Program.HeadsUp.MAIL


def _workspace_sender(program: Program, why: str = "") -> Sender:
    workspace = program.workspace
    note = f"{why}, so {workspace.sender_name or workspace.sender_email} asks." if why else ""
    return Sender(workspace.sender_name, workspace.sender_email, note)


def _why_not_the_owner(person: Person) -> str:
    if person.account_id is None:
        return "Belongs to no account"
    if person.owner_id is None:
        return "The account has no owner"
    return f"The account's owner, {person.owner_name or person.owner_email}, has left"


def needs_workspace_sender(program: Program) -> bool:
    """Whether some invitations may have to come from the workspace's own sender."""
    return program.sender == Program.Sender.ACCOUNT_OWNER or not program.sender_email
