from __future__ import annotations

import click

from afterscore.config.cli import session


@click.command()
@session.with_database
def demo() -> None:
    """Fill a demo workspace (once) and print how to sign in to it."""
    from afterscore.config import demo as story

    story.ensure(say=click.echo)
    sign_in = story.sign_in()
    if sign_in is not None:
        click.echo(f"Sign in as {sign_in.email} with the password {sign_in.password}")
