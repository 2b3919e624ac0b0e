from __future__ import annotations

import os
from pathlib import Path

import click

from afterscore.config.cli import session


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder. Default: ./data")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the web pages. Default: 8000")
@click.option("--demo", is_flag=True, help="Fill a demo workspace when there is none yet.")
def up(data: Path | None, port: int | None, demo: bool) -> None:
    """Run everything: database, web pages, worker and scheduler."""
    if data is not None:
        os.environ["AFTERSCORE_DATA_DIR"] = str(data)
    if port is not None:
        os.environ["AFTERSCORE_PORT"] = str(port)
    from afterscore.config import postgres, supervisor

    try:
        supervisor.run(with_demo=demo)
    except (postgres.ServerFailed, supervisor.CannotStart) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8000")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=8, show_default=True)
def web(port: int | None, host: str, processes: int, threads: int) -> None:
    """Serve the pages, the survey and the API."""
    from granian.constants import Interfaces
    from granian.server import Server

    from afterscore.config import environment

    Server(
        "afterscore.config.wsgi:application",
        address=host,
        port=port or environment.port(),
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backpressure=threads * 16,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()


@click.command()
@click.option("--once", is_flag=True, help="Do what is waiting, then stop.")
def worker(once: bool) -> None:
    """Send the messages and do the deferred work; also starts what the schedule says."""
    import django

    django.setup()
    from afterscore.config import workers

    workers.run(once=once)


@click.command()
@session.with_database
def migrate() -> None:
    """Bring the database to this version. Safe to repeat."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    click.echo("The database is up to date.")
