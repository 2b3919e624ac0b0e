"""Who can be told by mail what became of their words, and who needs a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from afterscore.cases.models import Case
from afterscore.cases.queries.background import ANSWERING_ROLES
from afterscore.customers.models import Contact
from afterscore.domain import reminders
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Improvement, Voice
from afterscore.improvements.queries import Heard, Knows
from afterscore.outreach import queries as outbox
from afterscore.outreach.models import Kind, Message
from afterscore.workspaces.models import Workspace

WAITING = (Knows.NOT_YET, Knows.NEEDS_PERSON)


@dataclass(frozen=True, slots=True)
class Telling:
    """One person who does not know yet, with all answers by which they asked.

    `why_not` is the reason why no mail may go; "" means that one goes, in the stream of the newest
    answer. Whoever is erased is not told at all.
    """

    voices: tuple[Voice, ...]
    case: Case | None
    language: str
    why_not: str
    is_erased: bool = False

    @property
    def newest(self) -> Voice:
        return self.voices[0]


def list_tellings(*, improvement: Improvement) -> list[Telling]:
    """Everybody who asked for it and was not told, each once, whoever answered last first."""
    heard = improvements.list_voices(improvement=improvement)
    known = {each.voice.response.contact_id for each in heard if each.knows not in WAITING}
    people: dict[int, list[Heard]] = {}
    for each in heard:
        contact = each.voice.response.contact_id
        if each.knows in WAITING and contact not in known:
            people.setdefault(contact, []).append(each)
    world = _World.of(improvement.workspace, [each[0].voice for each in people.values()])
    return [_telling(found, world) for found in people.values()]


@dataclass(frozen=True, slots=True)
class _World:
    """What is known of all of them, read at once."""

    cases: Mapping[int, Case]
    suppressed: Mapping[str, str]
    automated: Mapping[str, int]

    @classmethod
    def of(cls, workspace: Workspace, voices: Sequence[Voice]) -> _World:
        answers = [voice.response for voice in voices]
        cases = Case.objects.filter(workspace=workspace, response__in=answers).select_related(
            "owner__user", "contact", "response"
        )
        emails = [answer.contact.email for answer in answers if answer.contact.email]
        return cls(
            cases={case.response_id: case for case in cases},
            suppressed=outbox.suppression_reasons(workspace=workspace, emails=emails),
            automated=_count_automated(workspace, [answer.public_id for answer in answers]),
        )


def _telling(heard: Sequence[Heard], world: _World) -> Telling:
    voice = heard[0].voice
    response, case = voice.response, world.cases.get(voice.response_id)
    if case is not None:
        case.workspace = voice.improvement.workspace
    never_left = heard[0].why if voice.message_id else ""
    sent = world.automated.get(response.public_id, 0)
    return Telling(
        voices=tuple(each.voice for each in heard),
        case=case,
        language=response.language,
        why_not=_about_contact(response.contact, world.suppressed)
        or never_left
        or _about_case(case, sent),
        is_erased=response.contact.erased_at is not None,
    )


def _about_contact(contact: Contact, suppressed: Mapping[str, str]) -> str:
    if contact.erased_at is not None:
        return "Everything about this person was erased; nobody can be told."
    if not contact.email:
        return "There is no e-mail address."
    if contact.email in suppressed:
        return f"This address gets no more mail: {suppressed[contact.email]}."
    return ""


def _about_case(case: Case | None, sent: int) -> str:
    if case is None:
        return "This answer has no case to write from."
    verdict = reminders.may_follow_up(sent)
    if isinstance(verdict, reminders.Stop):
        return verdict.why
    if case.owner is None:
        return "Nobody owns the case, so there is nobody to write in the name of."
    if not case.owner.is_active or case.owner.role not in ANSWERING_ROLES:
        return f"{case.owner}, who owns the case, no longer answers customers."
    return ""


def _count_automated(workspace: Workspace, streams: Iterable[str]) -> dict[str, int]:
    rows = Message.objects.filter(
        workspace=workspace, stream__in=list(streams), kind=Kind.FOLLOW_UP
    )
    return dict(rows.values_list("stream").annotate(mails=Count("id")).order_by())
