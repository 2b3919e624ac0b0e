"""The command line. Errors end in one clear line: status 1 = refused, 2 = wrong usage."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from afterscore import __version__

COMMANDS = {
    "up": "afterscore.config.cli.server",
    "web": "afterscore.config.cli.server",
    "worker": "afterscore.config.cli.server",
    "migrate": "afterscore.config.cli.server",
    "doctor": "afterscore.config.cli.checks",
    "workspace": "afterscore.config.cli.people",
    "user": "afterscore.config.cli.people",
    "key": "afterscore.config.cli.people",
    "contacts": "afterscore.config.cli.customers",
    "signals": "afterscore.config.cli.signals",
    "program": "afterscore.config.cli.programs",
    "why": "afterscore.config.cli.why",
    "messages": "afterscore.config.cli.lists",
    "responses": "afterscore.config.cli.lists",
    "cases": "afterscore.config.cli.lists",
    "nps": "afterscore.config.cli.figures",
    "analyze": "afterscore.config.cli.analyze",
    "loops": "afterscore.config.cli.figures",
    "insights": "afterscore.config.cli.insights",
    "mail": "afterscore.config.cli.mail",
    "routes": "afterscore.config.cli.routes",
    "sending": "afterscore.config.cli.sending",
    "restore": "afterscore.config.cli.sending",
    "secrets": "afterscore.config.cli.secrets",
    "demo": "afterscore.config.cli.demo",
}


class Afterscore(click.Group):
    """Loads only the module of the command that is called."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name]), name)
        return command


@click.group(cls=Afterscore)
@click.version_option(__version__, prog_name="afterscore")
def cli() -> None:
    """Closed-loop Net Promoter Score, self-hosted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterscore.config.settings")


def main() -> None:
    from afterscore.kit.errors import NotFound, Refused

    try:
        cli(standalone_mode=True)
    except (Refused, NotFound) as error:
        click.echo(f"afterscore: {error}", err=True)
        sys.exit(1)
