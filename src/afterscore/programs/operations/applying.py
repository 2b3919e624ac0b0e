"""A definition becomes a program: the same whether it comes from a file or from the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.programs import queries
from afterscore.programs.definitions import Definition
from afterscore.programs.models import Program
from afterscore.surveys import operations as surveys
from afterscore.surveys.models import Survey
from afterscore.workspaces.models import Workspace

MAX_WHY = 300


@transaction.atomic
def apply(
    *,
    workspace: Workspace,
    definition: Mapping[str, object],
    why: str = "",
    actor: Actor,
    now: datetime,
) -> Program:
    """Makes or changes the program of this slug; applying the same again changes nothing.

    What changes of the policy is kept in the journal, with the reasons beside it and with `why`.
    A wave under way keeps what it was launched with. Raises Refused as `queries.read_definition`
    does.
    """
    wanted = queries.read_definition(definition)
    # One at a time in a workspace, so that two who apply a new slug at once make one program.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    program = queries.find_program(workspace=workspace, slug=wanted.slug)
    changed = queries.list_changes(program=program, wanted=wanted)
    if program is not None and not changed:
        return program
    before = queries.definition_of(program=program) if program else None
    policy = queries.changes_of(before=before, after=wanted)
    program = _save(workspace, program, wanted, now)
    journal.record(
        workspace=workspace,
        event=events.ProgramApplied(
            program.public_id,
            slug=program.slug,
            changed=changed,
            policy=policy,
            why=why.strip()[:MAX_WHY],
        ),
        actor=actor,
        now=now,
    )
    return program


def _save(
    workspace: Workspace, program: Program | None, wanted: Definition, now: datetime
) -> Program:
    survey = _save_survey(workspace, program.survey if program else None, wanted, now)
    program = program or Program(workspace=workspace, slug=wanted.slug, created_at=now)
    program.survey = survey
    program.updated_at = now
    for column, value in queries.columns_of(wanted).items():
        setattr(program, column, value)
    program.save()
    return program


def _save_survey(
    workspace: Workspace, survey: Survey | None, wanted: Definition, now: datetime
) -> Survey:
    """The survey keeps its version unless what is asked has changed."""
    return surveys.save_survey(
        workspace=workspace,
        survey=survey,
        name=wanted.name,
        company=wanted.company or workspace.name,
        questionnaire=wanted.questionnaire,
        now=now,
    ).survey
