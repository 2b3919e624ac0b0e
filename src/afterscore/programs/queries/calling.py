"""Calls before asking: who is to be called, by whom, until when, and what to say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import F, QuerySet

from afterscore.kit.errors import NotFound
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave
from afterscore.surveys import languages
from afterscore.workspaces.models import Member, Workspace

PHONES = ("direct_phone", "mobile_phone", "mobile", "phone", "phone_number", "telephone")
FEWEST_DIGITS = 5

_WITH = (
    "enrolment__contact", "enrolment__account", "enrolment__wave__program",
    "enrolment__wave__survey_version", "owner__user",
)  # fmt: skip


def list_calls_to_make(
    *, workspace: Workspace, owner: Member | None = None
) -> QuerySet[HeadsUpCall]:
    """The most pressing first; of one owner, or of everybody. A call is to be made while the wave
    is open and the person has not answered, unsubscribed or been stopped otherwise."""
    calls = HeadsUpCall.objects.select_related(*_WITH).filter(
        workspace=workspace,
        outcome="",
        enrolment__state=Enrolment.State.ENROLLED,
        enrolment__wave__state__in=(Wave.State.RUNNING, Wave.State.PAUSED),
        enrolment__contact__erased_at=None,
    )
    if owner is not None:
        calls = calls.filter(owner=owner)
    return calls.order_by("due_at", "id")


def list_calls_made(*, workspace: Workspace, owner: Member | None = None) -> QuerySet[HeadsUpCall]:
    """The latest first."""
    calls = HeadsUpCall.objects.select_related(*_WITH).filter(workspace=workspace)
    calls = calls.exclude(outcome="").filter(enrolment__contact__erased_at=None)
    if owner is not None:
        calls = calls.filter(owner=owner)
    return calls.order_by(F("done_at").desc(nulls_last=True), "-id")


def get_call(*, workspace: Workspace, public_id: str) -> HeadsUpCall:
    try:
        return HeadsUpCall.objects.select_related(*_WITH).get(
            workspace=workspace, public_id=public_id
        )
    except HeadsUpCall.DoesNotExist as error:
        raise NotFound("There is no such call.") from error


@dataclass(frozen=True, slots=True)
class CallCount:
    to_make: int
    made: int


def count_calls(*, wave: Wave) -> CallCount:
    to_make = list_calls_to_make(workspace=wave.workspace).filter(enrolment__wave=wave)
    made = HeadsUpCall.objects.filter(enrolment__wave=wave).exclude(outcome="")
    return CallCount(to_make.count(), made.count())


@dataclass(frozen=True, slots=True)
class Script:
    """What to say, in the language in which the person will be asked."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class Phone:
    """As somebody wrote it, and as a telephone takes it."""

    written: str
    dialled: str


def phone_of(*, call: HeadsUpCall) -> Phone | None:
    """From the contact's attributes, where an import brought one by a usual name."""
    attributes = call.enrolment.contact.attributes
    for name in PHONES:
        written = str(attributes.get(name) or "").strip()
        dialled = re.sub(r"[^\d+]", "", written)
        if len(dialled) >= FEWEST_DIGITS:
            return Phone(written, dialled)
    return None


def script_of(*, call: HeadsUpCall) -> Script:
    """The words that a mail ahead would have."""
    spoken = languages.get(call.enrolment.language)
    company = call.enrolment.wave.survey_version.company
    text = spoken.mail["heads_up_text"].format_map({"company": company})
    return Script(text, spoken.code, spoken.direction)
