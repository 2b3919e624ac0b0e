"""The keys under which the passwords and keys of others are stored."""

from __future__ import annotations

import click

from afterscore.config.cli import session


@click.group()
def secrets() -> None:
    """Stored passwords and provider keys: change the key that locks them."""


@secrets.command("new-key")
def new_key() -> None:
    """Print a fresh key, to be put in front of AFTERSCORE_SECRETS_KEYS."""
    from cryptography.fernet import Fernet

    click.echo(Fernet.generate_key().decode())


@secrets.command("rotate")
@session.with_database
def rotate() -> None:
    """Lock everything with the newest key. Without AFTERSCORE_SECRETS_KEYS one is made and put in
    front of those in the data folder; the older ones stay readable until you take them out."""
    import os

    from django.conf import settings

    from afterscore.config import environment
    from afterscore.outreach import operations
    from afterscore.outreach.operations import rooms

    if not os.environ.get("AFTERSCORE_SECRETS_KEYS"):
        settings.AFTERSCORE_SECRETS_KEYS = environment.add_secrets_key(settings.DATA_DIR)
    count = operations.rotate_secrets() + rooms.rotate_room_secrets()
    click.echo(f"{count} {'entry is' if count == 1 else 'entries are'} locked with the newest key.")
