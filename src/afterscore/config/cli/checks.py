from __future__ import annotations

import sys
from dataclasses import asdict

import click

from afterscore.config.cli import session

SIGNS = {"ok": "ok     ", "warning": "warning", "failure": "FAILURE"}


@click.command()
@session.json_option
@click.option("--thorough", is_flag=True, help="Read every byte of the files of answers.")
@session.with_database
def doctor(as_json: bool, thorough: bool) -> None:
    """Check database, clocks, mail, disk, public address, files of answers; say how to mend what is
    wrong."""
    from afterscore.config import doctor as examination
    from afterscore.kit import clock

    findings = list(examination.examine(now=clock.now(), thorough=thorough))
    if as_json:
        session.print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{SIGNS[finding.level]}  {finding.check}: {finding.text}")
            if finding.mend:
                click.echo(f"         {finding.mend}")
    if any(finding.level == "failure" for finding in findings):
        sys.exit(1)
