"""What commands share: a ready Django, a running database, the workspace meant, output."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from afterscore.kit.errors import Refused

if TYPE_CHECKING:
    from afterscore.workspaces.models import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Django is set up; the private server runs for as long as the command does."""
    import django
    from django.db import OperationalError, ProgrammingError, connection

    from afterscore.config import environment, postgres

    private = environment.is_private_database()
    with postgres.running(environment.data_dir()) if private else contextlib.nullcontext():
        django.setup()
        try:
            yield
        except OperationalError as error:
            raise Refused(f"The database does not answer: {_first_line(error)}") from error
        except ProgrammingError as error:
            if "does not exist" not in str(error):
                raise
            raise Refused(
                "The database is empty or older than this program. Run: afterscore migrate"
            ) from error
        finally:
            connection.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def with_database(command: Command) -> Command:
    """Decorator: the command's body runs inside `database()`."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            with database():
                return command(*arguments, **options)
        except Refused as error:
            raise click.ClickException(error.message) from error

    return run  # type: ignore[return-value]


workspace_option = click.option(
    "--workspace", "-w", "slug", help="Its slug; may be left out when there is only one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def workspace_of(slug: str | None) -> Workspace:
    from afterscore.kit.errors import NotFound
    from afterscore.workspaces import queries

    if slug:
        try:
            return queries.get_workspace(slug=slug)
        except NotFound as error:
            raise Refused(f"{error} Create it with: afterscore workspace create") from error
    only = queries.find_only_workspace()
    if only is None:
        raise Refused("Say which workspace with --workspace SLUG.")
    return only


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """A list for people (aligned columns) or for machines."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        click.echo(empty)
        return
    columns = list(rows[0])
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in [columns, *cells]) for i in range(len(columns))]
    for line in [columns, *cells]:
        padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
