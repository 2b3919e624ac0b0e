"""An analysis of a file: no server, no database, nothing kept."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from afterscore.insights.files.reporting import Report
    from afterscore.insights.files.speaking import Speech


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--score", default="", metavar="COL", help="The column with the score.")
@click.option("--comment", default="", metavar="COL", help="The column with what they wrote.")
@click.option("--date", default="", metavar="COL", help="The column with the day of the answer.")
@click.option("--segment", "segments", multiple=True, metavar="COL", help="Tell apart by it.")
@click.option(
    "--driver", "drivers", multiple=True, metavar="COL", help="A rating beside the score."
)
@click.option("--account", default="", metavar="COL", help="The column with the company.")
@click.option("--churn", default="", metavar="COL", help="Who has left: yes or no.")
@click.option("--revenue", default="", metavar="COL", help="What they pay.")
@click.option("--csat", default="", metavar="COL", help="A rating of satisfaction.")
@click.option("--ces", default="", metavar="COL", help="A rating of effort.")
@click.option(
    "--csat-scale", type=click.Choice(["1-5", "1-7", "1-10", "0-10"]), help="That of --csat."
)
@click.option("--ces-scale", type=click.Choice(["1-7", "1-5"]), help="That of --ces.")
@click.option(
    "--scale", type=click.Choice(["0-10", "1-10", "1-5"]), help="On which scale they were asked."
)
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="How 03/04/2026 is meant.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a report as one file."
)
@click.option(
    "--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a report for paper."
)
@click.option(
    "--language", default="", metavar="CODE",
    help="Of text and reports, such as de; else that of the surroundings, else English.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON (docs/api/analysis.md).")
def analyze(
    file: Path,
    score: str,
    comment: str,
    date: str,
    segments: tuple[str, ...],
    drivers: tuple[str, ...],
    account: str,
    churn: str,
    revenue: str,
    csat: str,
    ces: str,
    csat_scale: str | None,
    ces_scale: str | None,
    scale: str | None,
    dates: str | None,
    html: Path | None,
    pdf: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Analyse a FILE of answers: CSV, TSV, Excel, Parquet or JSON lines, in any usual encoding.

    Columns that are not named are guessed, and it says what was guessed. Every number comes with
    its uncertainty, and at the end stands what the file cannot say.
    """
    from afterscore.customers.importers.files import FileError
    from afterscore.domain.scales import Scale
    from afterscore.insights.files import analysing, reporting, telling
    from afterscore.insights.files.counting import Ambiguous
    from afterscore.insights.files.guessing import Given, Unclear
    from afterscore.kit.errors import Refused

    speech = _speech(language)
    wishes = analysing.Wishes(
        given=Given(
            score=score, comment=comment, date=date, account=account, churn=churn,
            revenue=revenue, csat=csat, ces=ces, segments=segments, drivers=drivers,
        ),
        scale=Scale(scale) if scale else None,
        dates=dates or "",
        csat_scale=Scale(csat_scale) if csat_scale else None,
        ces_scale=Scale(ces_scale) if ces_scale else None,
    )  # fmt: skip
    try:
        found = analysing.analyse(file, wishes)
    except (FileError, Unclear, Ambiguous, analysing.NotAScore) as error:
        raise Refused(str(error)) from error
    if html or pdf:
        _write_reports(reporting.report_of(found, speech), file, html=html, pdf=pdf)
    if as_json:
        click.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=2))
    elif not (html or pdf):
        for line in telling.tell(found, speech):
            click.echo(line)


def _speech(wish: str) -> Speech:
    """Raises Refused for one that was asked for by name and is none of ours."""
    from afterscore.insights import languages
    from afterscore.insights.files import speaking
    from afterscore.kit.errors import Refused
    from afterscore.surveys import languages as known

    if not wish:
        names = ("LC_ALL", "LC_MESSAGES", "LANG")  # as every program on the machine looks
        return speaking.choose(
            next((os.environ[each] for each in names if os.environ.get(each)), "")
        )
    if known.recognise(wish) not in languages.available_for_files():
        codes = ", ".join(languages.available_for_files())
        raise Refused(f"There is no language “{wish}”. There are: {codes}.")
    return speaking.choose(wish)


def _write_reports(report: Report, file: Path, *, html: Path | None, pdf: Path | None) -> None:
    """Raises Refused rather than writing over the answers."""
    from afterscore.insights.files import documents, printing
    from afterscore.kit.errors import Refused

    for target in (html, pdf):
        if target is not None and target.exists() and target.samefile(file):
            raise Refused(f"{target} is the file of answers; name another one for the report.")
    try:
        if html is not None:
            html.write_text(documents.to_html(report), encoding="utf-8")
            click.echo(f"Written: {html}", err=True)
        if pdf is not None:
            pdf.write_bytes(printing.to_pdf(report))
            click.echo(f"Written: {pdf}", err=True)
    except OSError as error:
        raise Refused(f"The report cannot be written: {error}.") from error
