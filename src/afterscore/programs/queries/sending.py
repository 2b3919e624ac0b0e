"""In whose name a contact is asked."""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.customers.models import Contact
from afterscore.programs.models import Program
from afterscore.workspaces.models import Member


@dataclass(frozen=True, slots=True)
class Sender:
    """`note` is a sentence where it is not who the program wanted."""

    name: str
    email: str
    owner: Member | None = None
    note: str = ""


def sender_of(*, program: Program, contact: Contact) -> Sender:
    """The named person, or the account's owner, or else the workspace's own sender.

    The account must be loaded with its owner and the owner's user.
    """
    owner = contact.account.owner if contact.account else None
    if program.sender == Program.Sender.NAMED:
        if program.sender_email:
            return Sender(program.sender_name, program.sender_email, owner)
        return _workspace_sender(program, owner)
    if owner is not None and owner.is_active and owner.user.is_active:
        return Sender(owner.user.name or owner.user.email, owner.user.email, owner)
    return _workspace_sender(program, owner, _why_not_the_owner(contact, owner))


def _workspace_sender(program: Program, owner: Member | None, why: str = "") -> Sender:
    workspace = program.workspace
    note = f"{why}, so {workspace.sender_name or workspace.sender_email} asks." if why else ""
    return Sender(workspace.sender_name, workspace.sender_email, owner, note)


def _why_not_the_owner(contact: Contact, owner: Member | None) -> str:
    if contact.account is None:
        return "Belongs to no account"
    if owner is None:
        return "The account has no owner"
    return f"The account's owner, {owner}, has left"


def needs_workspace_sender(program: Program) -> bool:
    """Whether some invitations may have to come from the workspace's own sender."""
    return program.sender == Program.Sender.ACCOUNT_OWNER or not program.sender_email
