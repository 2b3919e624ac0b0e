"""From a definition back to data and to YAML, which `parse` reads as the same definition."""

from __future__ import annotations

from typing import Any

import yaml

from afterscore.domain import pace, policies, questionnaire, segments, triggers
from afterscore.domain.questionnaire import DEFAULT_PROMPTS, Questionnaire
from afterscore.domain.segments import EVERYONE
from afterscore.domain.triggers import ByHand
from afterscore.programs.definitions.shape import ACCOUNT_OWNER, CADENCES, WORKSPACE, Definition


def to_data(definition: Definition) -> dict[str, object]:
    """Plain data in the order of the form. Empty texts and standard wording are left out."""
    data: dict[str, object] = {
        "name": definition.name,
        "slug": definition.slug,
        "objective": definition.objective,
        "sponsor": definition.sponsor,
        "positioning": definition.positioning.value,
        "survey": _survey(definition),
        "audience": _audience(definition),
        "trigger": _trigger(definition),
        "pace": pace.to_data(definition.pace),
        "sender": _sender(definition),
        "accounts": _accounts(definition),
        "cadence": _cadence(definition.cadence_days),
        "touches": _touches(definition),
        "send_window": definition.send_window,
        "open_days": definition.open_days,
        "answer_within_days": definition.answer_within_days,
        "mail": _filled(
            {
                "subject": definition.subject,
                "body": definition.body,
                "commitment": definition.commitment,
            }
        ),
    }
    return _filled(data)


def _touches(definition: Definition) -> dict[str, object]:
    written: dict[str, object] = {
        "reminders": definition.reminders,
        "reminder_after_days": definition.reminder_after_days,
        "reminder_hold_out": definition.reminder_hold_out,
        "quotes_peers": definition.quotes_peers,
        "heads_up": definition.heads_up or "none",
    }
    if definition.heads_up:
        written["heads_up_days"] = definition.heads_up_days
        written["heads_up_hold_out"] = definition.heads_up_hold_out
    return written


def _filled(data: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if value not in ("", None, {}, [])}


def _survey(definition: Definition) -> dict[str, object]:
    written: dict[str, Any] = questionnaire.to_data(definition.questionnaire)
    return _filled(
        {
            "company": definition.company,
            "comment_prompts": own_prompts(definition.questionnaire),
            "drivers": written["drivers"],
        }
    )


def own_prompts(asked: Questionnaire) -> dict[str, str]:
    """Prompts that differ from the standard ones: those are said in the reader's language."""
    return {
        group.value: prompt
        for group, prompt in asked.comment_prompts.items()
        if prompt != DEFAULT_PROMPTS[group]
    }


def _audience(definition: Definition) -> dict[str, object]:
    return {} if definition.audience == EVERYONE else segments.to_data(definition.audience)


def _trigger(definition: Definition) -> str | dict[str, object] | None:
    return None if definition.trigger == ByHand() else triggers.to_data(definition.trigger)


def _sender(definition: Definition) -> str | dict[str, str] | None:
    if definition.sender == ACCOUNT_OWNER:
        return ACCOUNT_OWNER
    if not definition.sender_email:
        proposed = policies.proposal(definition.positioning, "sender").value
        return None if proposed == WORKSPACE else WORKSPACE
    return {"name": definition.sender_name, "email": definition.sender_email}


def _accounts(definition: Definition) -> dict[str, object]:
    days = definition.account_spread_days or None
    return _filled({"limit": definition.account_limit, "spread_days": days})


def _cadence(days: int) -> str | int:
    return next((word for word, known in CADENCES.items() if known == days), days)


class _Dumper(yaml.SafeDumper):
    """Lists set in below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - YAML's own signature
        super().increase_indent(flow, indentless=False)


def _write_string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_mapping(dumper: yaml.SafeDumper, data: dict[str, object]) -> yaml.MappingNode:
    """A test of the audience stands on one line."""
    flow = True if "field" in data else None
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flow)


_Dumper.add_representer(str, _write_string)
_Dumper.add_representer(dict, _write_mapping)


def write_text(definition: Definition) -> str:
    """The definition as a YAML file for people: keys in order, long texts in blocks."""
    return yaml.dump(
        to_data(definition), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
