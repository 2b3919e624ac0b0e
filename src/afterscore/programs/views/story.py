from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.customers import queries as customers
from afterscore.domain import second_reminders, segments
from afterscore.domain.nps import Group
from afterscore.domain.reminders import MAX_FOLLOW_UPS, Positioning, touch_policy
from afterscore.domain.roles import Role
from afterscore.domain.triggers import Standing
from afterscore.kit import clock
from afterscore.outreach import composition
from afterscore.outreach.models import Kind
from afterscore.programs import definitions, queries, registry
from afterscore.programs.models import Program
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

_UNLOCKED = (
    "The first reminder works and does no harm, so the second goes to whoever has peers of whom "
    "most take part."
)
COUNTED_AT_ONCE = 3_000
"""So many contacts are judged while the page is made; for more, the counts follow."""

SAMPLES = {Kind.INVITATION.value: "Invitation", Kind.REMINDER.value: "Reminder"}
WITH_HEADS_UP = {Kind.HEADS_UP.value: "Word ahead", **SAMPLES}


@require_safe
def show_program(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    """Why, whom, what, when and what then, on one page."""
    program = queries.get_program(workspace=workspace, slug=slug)
    definition = queries.definition_of(program=program)
    positioning = Positioning(program.positioning)
    wave = queries.find_open_wave(program=program)
    context = {
        "program": program,
        "definition": definition,
        "audience": segments.describe(definition.audience),
        "everyone": definition.audience == segments.EVERYONE,
        "trigger": queries.tell_trigger(program=program),
        "is_standing": isinstance(definition.trigger, Standing),
        "positioning": positioning,
        "policy": touch_policy(positioning),
        "cautions": _cautions(definition),
        "decisions": queries.list_decisions(program=program),
        "waves": _waves(program),
        "open_wave": wave,
        "next_at": queries.next_wave_at(program, wave) if wave else None,
        "max_follow_ups": MAX_FOLLOW_UPS,
        "second_reminder": _second_reminder(program),
        "may_change": access.may(request, Role.MANAGER),
        **_samples(request, program),
        **({} if wave else _counts(program)),
    }
    return render(request, "programs/program.html", context)


def _second_reminder(program: Program) -> list[str]:
    """What holds for everybody today; whether peers take part is another matter for each."""
    if program.reminders < 2:
        return []
    evidence = queries.evidence_for(program=program, now=clock.now())
    return list(second_reminders.general_reasons(evidence)) or [_UNLOCKED]


def _cautions(definition: definitions.Definition) -> dict[str, list[str]]:
    """By the part of the story they belong to."""
    parts: dict[str, list[str]] = {}
    for caution in definitions.cautions_of(definition):
        key = caution.path.partition(".")[0]
        parts.setdefault(key, []).append(caution.text)
    return parts


def _waves(program: Program) -> list[dict[str, Any]]:
    waves = list(queries.list_waves(workspace=program.workspace, program=program))
    aside = registry.set_aside_of(workspace=program.workspace, waves=waves)
    return [
        {
            "wave": wave,
            "aside": aside.get(wave.pk),
            "rate": queries.response_rate(workspace=program.workspace, waves=[wave]),
        }
        for wave in waves
    ]


def _samples(request: HttpRequest, program: Program) -> dict[str, Any]:
    wanted = request.GET.get("mail", "")
    kinds = WITH_HEADS_UP if program.heads_up == Program.HeadsUp.MAIL else SAMPLES
    kind = wanted if wanted in kinds else Kind.INVITATION.value
    spoken = queries.list_sample_languages(program=program)
    code = queries.language_code(program, request.GET.get("language", ""))
    message = queries.sample_message(program=program, kind=kind, language=code)
    wording = queries.sample_wording(program=program, language=code)
    return {
        "languages": spoken,
        "chosen_language": code,
        "kinds": kinds.items(),
        "kind": kind,
        "mail_from": message.sender_name,
        "mail_subject": composition.subject_of(message),
        "prompts": [(group, wording.prompts[group]) for group in Group],
        "wording": wording,
    }


def _counts(program: Program) -> dict[str, Any]:
    """The preview, or for a large workspace where to get it."""
    workspace = program.workspace
    if customers.count_contacts(workspace=workspace) > COUNTED_AT_ONCE:
        return {"preview_url": reverse("programs:preview", args=[workspace.slug, program.slug])}
    return _preview(program)


def _preview(program: Program) -> dict[str, Any]:
    now = clock.now()
    return {
        "preview": queries.preview(program=program, now=now),
        "accuracy": queries.list_accuracy(program=program, now=now),
    }


@require_safe
def show_preview(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    """A fragment of the story: whom and when, counted now."""
    program = queries.get_program(workspace=workspace, slug=slug)
    return render(request, "programs/preview.html", {"program": program, **_preview(program)})


@require_safe
def show_file(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    """The program as the file that makes it; `?download` gives the file itself."""
    program = queries.get_program(workspace=workspace, slug=slug)
    text = definitions.write_text(queries.definition_of(program=program))
    if "download" in request.GET:
        return HttpResponse(
            text,
            content_type="application/yaml; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{program.slug}.yaml"'},
        )
    return render(request, "programs/file.html", {"program": program, "text": text})
