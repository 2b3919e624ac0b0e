"""An edition of a report as its reader gets it: the bulletin, its pictures and the PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from afterscore.domain.bulletins import Bulletin, Picture
from afterscore.domain.departments import Department
from afterscore.insights import languages
from afterscore.insights.composition import documents, drawing, telling
from afterscore.insights.composition.places import Places
from afterscore.insights.composition.telling import Teller
from afterscore.insights.languages import Phrases
from afterscore.insights.models import Edition, Report
from afterscore.insights.queries import reporting
from afterscore.insights.queries.reporting import Contents
from afterscore.outreach.composition.wire import Enclosed
from afterscore.workspaces.models import Member

WIDTH = 560  # of pictures in a mail, in pixels


@dataclass(frozen=True, slots=True)
class Letter:
    bulletin: Bulletin
    enclosed: tuple[Enclosed, ...] = ()


def compose(edition: Edition) -> Letter:
    """The same at any time, but for what has happened since to the cases behind it."""
    report = edition.report
    teller = teller_of(contents_of(edition), phrases_for(edition.member))
    enclosed: tuple[Enclosed, ...] = ()
    if report.has_pdf:
        pdf = documents.pdf(teller)
        enclosed = (Enclosed(f"{documents.file_name(teller)}.pdf", "application/pdf", pdf),)
    return Letter(
        telling.tell(teller, name=report.name, stop=_stop(report), pictures=pictures(teller)),
        enclosed,
    )


def contents_of(edition: Edition) -> Contents:
    department = Department(edition.report.department)
    if edition.wave is not None:
        return reporting.report_wave(wave=edition.wave, department=department, now=edition.until)
    return reporting.report_week(
        workspace=edition.workspace, department=department, until=edition.until
    )


def teller_of(contents: Contents, phrases: Phrases) -> Teller:
    return Teller(contents, phrases, Places(contents.workspace, contents.department))


def phrases_for(member: Member) -> Phrases:
    return languages.choose(member.language or member.workspace.language)


def pictures(teller: Teller) -> dict[str, Picture]:
    """By section; nothing is drawn of nothing."""
    return {
        key: Picture(
            key, chart.png(width=WIDTH, language=teller.phrases.code), chart.description, WIDTH
        )
        for key, chart in drawing.drawn(teller).items()
    }


def _stop(report: Report) -> str:
    return settings.PUBLIC_URL + reverse(
        "reports:stop", args=[report.workspace.slug, report.public_id]
    )
