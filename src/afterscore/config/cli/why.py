"""Why somebody was asked or not, in sentences or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from afterscore.config.cli import session
from afterscore.kit.errors import NotFound, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from afterscore.customers.models import Contact
    from afterscore.customers.registry import AskedStory
    from afterscore.workspaces.models import Workspace


@click.command()
@click.argument("email")
@click.option("--program", "program_slug", metavar="SLUG", help="Only this program.")
@session.workspace_option
@session.json_option
@session.with_database
def why(email: str, program_slug: str | None, slug: str | None, as_json: bool) -> None:
    """Say why EMAIL was asked or not, in every wave, and who may ask now."""
    from afterscore.kit import clock
    from afterscore.programs import queries

    workspace = session.workspace_of(slug)
    contact = _find(workspace, email)
    program = None
    if program_slug:
        try:
            program = queries.get_program(workspace=workspace, slug=program_slug)
        except NotFound as error:
            raise Refused(f"{error} See: afterscore program list") from error
    story = queries.tell_asking(contact=contact, now=clock.now(), program=program)
    if as_json:
        session.print_json(_data(contact, story))
        return
    for line in _lines(contact, story):
        click.echo(line)


def _find(workspace: Workspace, email: str) -> Contact:
    from afterscore.customers import queries as customers
    from afterscore.outreach import queries as outreach

    contact = customers.find_contact(workspace=workspace, email=email)
    if contact is not None:
        return contact
    reasons = outreach.suppression_reasons(workspace=workspace, emails=[email])
    known = f" The address gets no mail from us: {reasons[email]}." if email in reasons else ""
    raise Refused(f"No contact of {workspace.name} has the address {email}.{known}")


def _data(contact: Contact, story: AskedStory) -> dict[str, object]:
    return {
        "contact": contact.public_id,
        "name": contact.name,
        "email": contact.email,
        "account": contact.account.name if contact.account else None,
        **asdict(story),
    }


def _lines(contact: Contact, story: AskedStory) -> Iterator[str]:
    at = f", {contact.account}" if contact.account else ""
    yield f"{contact.name or contact.email} <{contact.email}>{at}"
    yield ""
    yield "Now"
    for each in story.now:
        yield f"  {each.program}: {each.text}"
    if not story.now:
        yield "  There is no program yet."
    yield ""
    yield "So far"
    if not story.past:
        yield "  Was in no wave yet."
    for row in story.past:
        state = "asked" if row.is_asked else "not asked"
        yield f"  {row.program}, wave {row.wave}, {_day(row.at)}: {state}. {row.text}"
        for touch in row.touches:
            why = f": {touch.why}" if touch.why else ""
            yield f"    {touch.label}: {touch.says.lower()}, {_minute(touch.at)}{why}"


def _day(at: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(at):%Y-%m-%d}"


def _minute(at: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}"
