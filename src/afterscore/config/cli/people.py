from __future__ import annotations

import click

from afterscore.config.cli import session
from afterscore.domain.roles import Role


@click.group()
def workspace() -> None:
    """Workspaces: one company's customers, programs and answers."""


@workspace.command("create")
@click.argument("name")
@click.option("--slug", default="", help="Its name in addresses; made from the name when left out.")
@click.option("--time-zone", default="UTC", show_default=True)
@click.option("--country", default="", help="Two letters, for public holidays.")
@click.option("--language", default="en", show_default=True)
@click.option("--postal-address", default="", help="Printed at the foot of each invitation.")
@click.option("--sender-name", default="")
@click.option("--sender-email", default="")
@session.json_option
@session.with_database
def create_workspace(name: str, slug: str, as_json: bool, **settings: str) -> None:
    """Create a workspace."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.workspaces import operations

    made = operations.create_workspace(
        name=name, slug=slug, actor=SYSTEM, now=clock.now(), settings=settings
    )
    if as_json:
        session.print_json({"id": made.public_id, "slug": made.slug, "name": made.name})
    else:
        click.echo(f"Created the workspace {made.slug}.")


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.argument("email")
@session.workspace_option
@click.option("--name", default="")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.OWNER.value,
    show_default=True,
)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@session.with_database
def create_user(email: str, slug: str | None, name: str, role: str, password: str) -> None:
    """Create a person and make her a member of the workspace."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.workspaces import operations

    place = session.workspace_of(slug)
    now = clock.now()
    person = operations.create_user(email=email, name=name, password=password, now=now)
    operations.add_member(workspace=place, user=person, role=Role(role), actor=SYSTEM, now=now)
    click.echo(f"{person.email} can sign in to {place.slug} as {role}.")


@click.group()
def key() -> None:
    """API keys."""


@key.command("create")
@session.workspace_option
@click.option("--name", default="API key", show_default=True)
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role if role is not Role.OWNER]),
    default=Role.AGENT.value,
    show_default=True,
)
@session.json_option
@session.with_database
def create_key(slug: str | None, name: str, role: str, as_json: bool) -> None:
    """Create an API key and print it; it is shown only this once."""
    from afterscore.domain.events import SYSTEM
    from afterscore.kit import clock
    from afterscore.workspaces import operations

    row, secret = operations.create_key(
        workspace=session.workspace_of(slug), name=name, role=Role(role), actor=SYSTEM,
        now=clock.now(),
    )  # fmt: skip
    if as_json:
        session.print_json({"id": row.public_id, "name": row.name, "role": role, "key": secret})
    else:
        click.echo(secret)
