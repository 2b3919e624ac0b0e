"""From data to a definition. Everything unknown is refused, with the path to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict

import yaml

from afterscore.domain import pace, questionnaire, segments, triggers
from afterscore.domain.pace import Pace, PaceError
from afterscore.domain.questionnaire import Questionnaire
from afterscore.domain.reminders import Positioning
from afterscore.domain.segments import Condition
from afterscore.domain.triggers import Trigger, TriggerError
from afterscore.programs.definitions import people, readers, shape, touches
from afterscore.programs.definitions.shape import (
    CADENCES,
    LIMITS,
    SEND_WINDOWS,
    Definition,
    DefinitionError,
)

MAX_FILE_CHARACTERS = 200_000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = (
    "name", "slug", "objective", "sponsor", "positioning", "survey", "audience", "trigger",
    "pace", "sender", "accounts", "cadence", "touches", "send_window", "open_days",
    "answer_within_days", "mail",
)  # fmt: skip


class _Loader(yaml.SafeLoader):
    """YAML's plain data, without the same key twice: the second would silently win."""


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    loader.flatten_mapping(node)
    found: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool | None):
            raise DefinitionError("", f"Line {key_node.start_mark.line + 1}: a key is a word.")
        if key in found:
            line = key_node.start_mark.line + 1
            raise DefinitionError("", f"Line {line}: “{key}” is there twice.")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)


def read_text(text: str) -> Mapping[str, object]:
    """The mapping in a YAML or JSON text, not yet checked. Raises DefinitionError with the line."""
    if len(text) > MAX_FILE_CHARACTERS:
        raise DefinitionError("", f"A program has at most {MAX_FILE_CHARACTERS} characters.")
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise DefinitionError("", f"{place}{error.problem or 'this is not YAML'}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError("", f"This is not YAML: {error}") from error
    if not isinstance(data, Mapping):
        raise DefinitionError("", "Expected a program: name, slug and what else it says.")
    return data


def parse(data: Mapping[str, object]) -> Definition:
    """Read a program; whatever is left out takes its default. Raises DefinitionError."""
    given = readers.mapping(data, "", _KEYS)
    positioning = Positioning(
        readers.choice(given.get("positioning", Positioning.BETWEEN), "positioning", Positioning)
    )
    company, asked = _survey(given.get("survey"))
    return Definition(
        name=_name(given.get("name")),
        slug=_slug(given.get("slug")),
        objective=readers.paragraph(
            given.get("objective"), "objective", shape.MAX_OBJECTIVE_LENGTH
        ),
        sponsor=readers.line(given.get("sponsor"), "sponsor", shape.MAX_NAME_LENGTH),
        positioning=positioning,
        company=company,
        questionnaire=asked,
        audience=_audience(given.get("audience")),
        trigger=_trigger(given.get("trigger")),
        pace=_pace(given.get("pace")),
        **people.sender(given.get("sender"), positioning),
        **people.accounts(given.get("accounts")),
        cadence_days=_cadence(given.get("cadence", LIMITS["cadence"].default)),
        **touches.read(given.get("touches"), positioning),
        send_window=readers.choice(
            given.get("send_window", "business_hours"), "send_window", SEND_WINDOWS
        ),
        open_days=_limited(given, "open_days"),
        answer_within_days=_limited(given, "answer_within_days"),
        **_mail(given.get("mail")),
    )


def _limited(given: Mapping[str, object], key: str, path: str = "") -> int:
    full = readers.join(path, key)
    return readers.whole_number(given.get(key, LIMITS[full].default), full, LIMITS[full])


def _name(data: object) -> str:
    return readers.line(data, "name", shape.MAX_NAME_LENGTH) or readers.refuse(
        "name", "A program needs a name."
    )


def _slug(data: object) -> str:
    slug = readers.line(data, "slug", shape.MAX_SLUG_LENGTH)
    if not _SLUG.fullmatch(slug):
        readers.refuse(
            "slug",
            "A program needs a slug, its name in addresses: lower-case letters, digits and "
            "single hyphens, such as quarterly-relationship.",
        )
    if slug in shape.RESERVED_SLUGS:
        readers.refuse("slug", f"“{slug}” stands for a page of its own. Choose another slug.")
    return slug


def _survey(data: object) -> tuple[str, Questionnaire]:
    given = readers.mapping(data, "survey", ("company", "comment_prompts", "drivers"))
    company = readers.line(given.get("company"), "survey.company", shape.MAX_NAME_LENGTH)
    parts = {
        key: given[key] for key in ("comment_prompts", "drivers") if given.get(key) is not None
    }
    try:
        return company, questionnaire.parse(parts)
    except questionnaire.QuestionnaireError as error:
        raise DefinitionError(readers.join("survey", error.path), error.message) from error


def _audience(data: object) -> Condition:
    try:
        return _plainest(segments.parse(data))
    except segments.FilterError as error:
        raise DefinitionError(_below("audience", error.path), error.message) from error


def _trigger(data: object) -> Trigger:
    try:
        return triggers.parse(data)
    except TriggerError as error:
        raise DefinitionError(_below("trigger", error.path), error.message) from error


def _pace(data: object) -> Pace:
    try:
        return pace.parse(data)
    except PaceError as error:
        raise DefinitionError(_below("pace", error.path), error.message) from error


def _plainest(condition: Condition) -> Condition:
    """A group of one is that one, so that a file and a form that mean the same are the same."""
    while isinstance(condition, segments.All | segments.Any) and len(condition.conditions) == 1:
        (condition,) = condition.conditions
    return condition


def _below(path: str, inner: str) -> str:
    return path + inner if inner.startswith("[") or not inner else f"{path}.{inner}"


def _cadence(data: object) -> int:
    if isinstance(data, str):
        return CADENCES[readers.choice(data, "cadence", CADENCES)]
    return readers.whole_number(data, "cadence", LIMITS["cadence"])


class _Mail(TypedDict):
    subject: str
    body: str
    commitment: str


def _mail(data: object) -> _Mail:
    given = readers.mapping(data, "mail", ("subject", "body", "commitment"))

    def line(key: str, longest: int) -> str:
        return readers.line(given.get(key), f"mail.{key}", longest)

    return _Mail(
        subject=line("subject", shape.MAX_SUBJECT_LENGTH),
        body=readers.paragraph(given.get("body"), "mail.body", shape.MAX_BODY_LENGTH),
        commitment=line("commitment", shape.MAX_COMMITMENT_LENGTH),
    )
