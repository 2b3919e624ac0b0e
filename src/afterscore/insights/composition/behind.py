"""What stands behind a number one by one: answers, loops, people or accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse

from afterscore.cases.models import Case
from afterscore.customers.models import Contact
from afterscore.domain import casework, fatigue, nps
from afterscore.domain.nps import Group
from afterscore.insights.composition.frames import Frame
from afterscore.insights.queries import cases_by_answer, pulse
from afterscore.insights.queries.pulse import Staked
from afterscore.kit.templatetags import display
from afterscore.outreach import queries as outreach
from afterscore.programs.models import Enrolment, Wave
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

PAGE = 25
Found = TypeVar("Found")
SPEAKING, SILENT = "speaking", "silent"
NO_NOTES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One of those behind the number; `note` says where it stands."""

    name: str
    company: str = ""
    url: str = ""
    score: int | None = None
    comment: str = ""
    language: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of them. `next_after` is where the next begins, "" where nothing follows."""

    noun: str
    nouns: str
    total: int
    shown: tuple[Row, ...]
    next_after: str = ""

    @property
    def title(self) -> str:
        return f"The {self.total:,} {self.noun if self.total == 1 else self.nouns} behind it"


def page_of(
    found: QuerySet[Any] | Sequence[Found],
    after: str,
    rows: Callable[[Sequence[Found]], Iterable[Row]],
    *,
    noun: str,
    nouns: str,
) -> Rows:
    """`after` is how many were shown before; `rows` shows those of one page."""
    start = int(after) if after.isdecimal() else 0
    total = found.count() if isinstance(found, QuerySet) else len(found)
    shown = tuple(rows(list(found[start : start + PAGE])))
    follows = str(start + PAGE) if start + PAGE < total else ""
    return Rows(noun, nouns, total, shown, follows)


def nothing(_answer: Response, _case: Case | None) -> str:
    return ""


def answer_rows(
    workspace: Workspace,
    answers: Sequence[Response],
    *,
    note: Callable[[Response, Case | None], str] = nothing,
) -> Iterator[Row]:
    """With the case of each where there is one; `note` says what became of it."""
    cases = cases_by_answer(workspace, answers)
    for answer in answers:
        case = cases.get(answer.pk)
        yield Row(
            name=str(answer.contact),
            company=str(answer.account or ""),
            url=_case_url(workspace, case.public_id if case else None),
            score=answer.score,
            comment=answer.comment,
            language=answer.language,
            at=answer.received_at,
            note=note(answer, case),
        )


def _case_url(workspace: Workspace, case: str | None) -> str:
    return reverse("cases:case", args=[workspace.slug, case]) if case else ""


def loops_of(frame: Frame, wave: Wave, part: str) -> QuerySet[Case]:
    """Of a group, of those with or without a comment, or of all; closed ones first."""
    found = Case.objects.filter(workspace=frame.workspace, response__wave=wave).filter(_part(part))
    return found.select_related("contact", "account", "response").order_by(
        "closed_at", "response__received_at", "id"
    )


def _part(part: str) -> Q:
    if part in set(Group):
        return Q(score__in=nps.scores_of(Group(part)))
    return {SPEAKING: ~Q(comment_key=""), SILENT: Q(comment_key="")}.get(part, Q())


def stands(case: Case | None) -> str:
    if case is None:
        return "no case yet"
    if case.closed_at is None:
        return "open"
    return "given up" if case.outcome == casework.Outcome.NOT_CLOSED else "closed"


def loop_rows(workspace: Workspace, cases: Sequence[Case]) -> Iterator[Row]:
    for case in cases:
        yield Row(
            name=str(case.contact),
            company=str(case.account or ""),
            url=_case_url(workspace, case.public_id),
            score=case.score,
            comment=case.response.comment,
            language=case.response.language,
            at=case.response.received_at,
            note=stands(case),
        )


def people_asked(frame: Frame, wave: Wave, step: str = "sent") -> QuerySet[Enrolment]:
    """Those who came to this step of the funnel: by themselves those to whom the question went,
    and those to whom it was shown."""
    found = Enrolment.objects.filter(workspace=frame.workspace, wave=wave)
    return listed(found.filter(_came_to(frame, wave, step)))


def listed(people: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    return people.select_related("contact", "account").order_by("contact__name", "id")


def _came_to(frame: Frame, wave: Wave, step: str) -> Q:
    match step:
        case "eligible":
            return ~Q(state=Enrolment.State.EXCLUDED)
        case "answered":
            return Q(state=Enrolment.State.ANSWERED)
        case "commented":
            answers = responses.list_responses(workspace=frame.workspace, waves=[wave])
            return Q(pk__in=answers.exclude(comment="").order_by().values("enrolment"))
        case "left_out" | "bounced" | "unsubscribed":
            return _beside(frame, wave, step)
        case _:
            fates = ["delivered"] if step == "delivered" else ["delivered", "bounced"]
            shown = ~Q(state=Enrolment.State.EXCLUDED) & ~Q(channel=Enrolment.Channel.EMAIL)
            return Q(contact__in=_sent_to(frame, wave, *fates)) | shown


def _beside(frame: Frame, wave: Wave, what: str) -> Q:
    """Who was not asked, whose mail came back, or who wants no more."""
    if what == "left_out":
        return Q(state=Enrolment.State.EXCLUDED)
    if what == "bounced":
        return Q(contact__in=_sent_to(frame, wave, "bounced"))
    left = outreach.unsubscribed_by(workspace=frame.workspace, streams=[wave.public_id])
    return Q(contact__in=left)


def _sent_to(frame: Frame, wave: Wave, *fates: str) -> list[int]:
    return outreach.sent_to(workspace=frame.workspace, streams=[wave.public_id], fates=fates)


def person_rows(workspace: Workspace, people: Sequence[Enrolment]) -> Iterator[Row]:
    for each in people:
        yield Row(
            name=str(each.contact),
            company=str(each.account or ""),
            url=reverse("customers:contact", args=[workspace.slug, each.contact.public_id]),
            note=_answering(each),
        )


def _answering(person: Enrolment) -> str:
    if person.state == Enrolment.State.EXCLUDED:
        return f"not asked: {fatigue.label_of(person.reason)}"
    has_answered = person.state == Enrolment.State.ANSWERED
    return "has answered" if has_answered else "has not answered"


def contact_rows(
    workspace: Workspace, contacts: Sequence[Contact], notes: Mapping[int, str] = NO_NOTES
) -> Iterator[Row]:
    """`notes` are by the contact's key."""
    for each in contacts:
        yield Row(
            name=str(each),
            company=str(each.account or ""),
            url=reverse("customers:contact", args=[workspace.slug, each.public_id]),
            note=notes.get(each.pk, ""),
        )


def staked_rows(frame: Frame, currency: str, after: str) -> Rows:
    """Accounts with an open case of a detractor, by revenue."""

    def rows(accounts: Sequence[Staked]) -> Iterator[Row]:
        for each in accounts:
            yield Row(
                name=each.name,
                url=reverse("customers:account", args=[frame.workspace.slug, each.public_id]),
                note=f"{display.money(each.revenue, currency, exact=True)} a year",
            )

    found = pulse.list_staked(workspace=frame.workspace, currency=currency)
    return page_of(found, after, rows, noun="account", nouns="accounts")
