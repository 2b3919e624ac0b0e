"""Definitions checked, turned into columns, and read back from rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from afterscore.domain import pace, segments, triggers
from afterscore.domain.reminders import Positioning
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.programs import definitions
from afterscore.programs.definitions import Definition
from afterscore.programs.models import Program
from afterscore.programs.queries import finding
from afterscore.surveys import queries as surveys
from afterscore.workspaces.models import Workspace

MOST_PROBLEMS = 50
_STEP = re.compile(r"[.\[]")


def definition_of(*, program: Program) -> Definition:
    """What applying again would change nothing about; the company is left out when it is the
    workspace's own name."""
    version = surveys.latest_version(survey=program.survey)
    own_name = version.company == program.workspace.name
    return Definition(
        name=program.name,
        slug=program.slug,
        objective=program.objective,
        sponsor=program.sponsor,
        positioning=Positioning(program.positioning),
        company="" if own_name else version.company,
        questionnaire=surveys.questionnaire_of(version),
        audience=segments.parse(program.audience),
        trigger=triggers.parse(program.trigger),
        pace=pace.parse(program.pace),
        sender=program.sender,
        sender_name=program.sender_name,
        sender_email=program.sender_email,
        cadence_days=program.cadence_days,
        reminders=program.reminders,
        reminder_after_days=program.reminder_after_days,
        reminder_hold_out=round(100 * program.reminder_hold_out),
        quotes_peers=program.quotes_peers,
        heads_up=program.heads_up,
        heads_up_days=program.heads_up_days,
        heads_up_hold_out=round(100 * program.heads_up_hold_out),
        send_window=program.send_window,
        open_days=program.open_days,
        answer_within_days=program.answer_within_days,
        account_limit=program.account_limit,
        account_spread_days=program.account_spread_days,
        commitment=program.commitment,
        subject=program.subject,
        body=program.body,
    )


def read_definition(data: Mapping[str, object]) -> Definition:
    """Checks everything that can be checked without a workspace.

    Raises Refused; its `field` is the path in the definition, like "audience.all[1].field".
    """
    try:
        definition = definitions.parse(data)
    except definitions.DefinitionError as error:
        raise Refused(error.message, field=error.path) from error
    for name in ("subject", "body", "commitment"):
        text = getattr(definition, name)
        composition.check_template(text, field=f"mail.{name}", is_asking=True)
    for path, text in _plain_texts(definition):
        if "{{" in text or "{%" in text:
            raise Refused(
                "Fields work in mails only; here customers would read the braces.", field=path
            )
    return definition


def _plain_texts(definition: Definition) -> Iterator[tuple[str, str]]:
    """What the survey's page shows as it is written, by the path of each."""
    asked = definition.questionnaire
    yield "survey.company", definition.company
    for group, prompt in asked.comment_prompts.items():
        yield f"survey.comment_prompts.{group}", prompt
    for number, driver in enumerate(asked.drivers):
        yield f"survey.drivers[{number}].label", driver.label


def list_problems(data: Mapping[str, object]) -> list[Refused]:
    """Everything that is wrong, at most one problem a field: what is refused is left out, and the
    rest is read again."""
    left: dict[str, object] = dict(data)
    problems: list[Refused] = []
    for _ in range(MOST_PROBLEMS):
        try:
            read_definition(left)
        except Refused as error:
            problems.append(error)
            _leave_out(left, error.field or "")
        else:
            break
    return problems


def _leave_out(data: dict[str, object], path: str) -> None:
    first, *rest = _STEP.split(path)
    inside = data.get(first)
    if first in ("name", "slug"):
        data[first] = "x"
    elif rest and isinstance(inside, dict) and rest[0] in inside:
        data[first] = {key: value for key, value in inside.items() if key != rest[0]}
    else:
        data.pop(first, None)


def list_changes(*, program: Program | None, wanted: Definition) -> tuple[str, ...]:
    """The keys of the definition that differ; all that are given for a program not there yet."""
    before = definitions.to_data(definition_of(program=program)) if program else {}
    after = definitions.to_data(wanted)
    return tuple(key for key in {**before, **after} if before.get(key) != after.get(key))


def draft_program(*, workspace: Workspace, definition: Definition) -> Program:
    """A program that is not saved: enough to preview what a launch of it would do.

    Whom the saved program of this slug has asked before counts.
    """
    draft = Program(workspace=workspace, **columns_of(definition))
    saved = finding.find_program(workspace=workspace, slug=definition.slug)
    if saved is not None:
        draft.public_id = saved.public_id
    return draft


def columns_of(definition: Definition) -> dict[str, object]:
    """What a program's row says of its definition; the survey is a row of its own."""
    everyone = definition.audience == segments.EVERYONE
    return {
        "slug": definition.slug,
        "name": definition.name,
        "objective": definition.objective,
        "sponsor": definition.sponsor,
        "positioning": definition.positioning.value,
        "audience": {} if everyone else segments.to_data(definition.audience),
        "trigger": triggers.to_data(definition.trigger),
        "pace": pace.to_data(definition.pace),
        "sender": definition.sender,
        "sender_name": definition.sender_name,
        "sender_email": definition.sender_email,
        "cadence_days": definition.cadence_days,
        "reminders": definition.reminders,
        "reminder_after_days": definition.reminder_after_days,
        "reminder_hold_out": definition.reminder_hold_out / 100,
        "quotes_peers": definition.quotes_peers,
        "heads_up": definition.heads_up,
        "heads_up_days": definition.heads_up_days,
        "heads_up_hold_out": definition.heads_up_hold_out / 100,
        "open_days": definition.open_days,
        "send_window": definition.send_window,
        "answer_within_days": definition.answer_within_days,
        "account_limit": definition.account_limit,
        "account_spread_days": definition.account_spread_days,
        "commitment": definition.commitment,
        "subject": definition.subject,
        "body": definition.body,
    }
