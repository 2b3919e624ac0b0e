"""A workspace's own editions of the playbooks. Cases that are open keep the steps they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from afterscore.cases import playbooks, queries
from afterscore.cases.models import Playbook
from afterscore.cases.playbooks import common
from afterscore.domain import events
from afterscore.domain import playbooks as rules
from afterscore.domain.events import Actor
from afterscore.domain.playbooks import Step, Unusable
from afterscore.domain.steps import StepKind
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.workspaces.models import Member, Workspace


@transaction.atomic
def change_playbook(
    *,
    workspace: Workspace,
    key: str,
    steps: Sequence[Mapping[str, Any]],
    actor: Actor,
    now: datetime,
) -> rules.Playbook:
    """Keeps the workspace's own steps. Raises Refused(field="<place>-<name>") for what to mend.

    A gift must not depend on the score: it stands in all playbooks or in none, so that adding it
    to one, or taking it out, does so in all.
    """
    built_in = _lock(workspace, key)
    try:
        found = rules.from_data(steps)
    except Unusable as error:
        raise Refused(error.message, field=f"{error.place}-{error.field}") from error
    _check_texts(found)
    _keep(workspace, built_in, found, actor=actor, now=now)
    _align_gifts(workspace, key, has_gift=_has_gift(found), actor=actor, now=now)
    return built_in.with_steps(found)


@transaction.atomic
def reset_playbook(
    *, workspace: Workspace, key: str, actor: Actor, now: datetime
) -> rules.Playbook:
    """Back to the built-in steps."""
    built_in = _lock(workspace, key)
    _keep(workspace, built_in, built_in.steps, actor=actor, now=now)
    _align_gifts(workspace, key, has_gift=_has_gift(built_in.steps), actor=actor, now=now)
    return built_in


def _lock(workspace: Workspace, key: str) -> rules.Playbook:
    """One change of playbooks at a time: they hang together."""
    Workspace.objects.select_for_update(no_key=True).values_list("pk").get(pk=workspace.pk)
    queries.get_playbook(workspace=workspace, key=key)  # or there is none of this name
    return playbooks.PLAYBOOKS[key]


def _check_texts(steps: Sequence[Step]) -> None:
    for place, step in enumerate(steps):
        if step.kind is StepKind.GIFT and step.groups:
            raise Refused("A gift must not depend on the score.", field=f"{place}-groups")
        composition.check_template(step.text, field=f"{place}-text")
        for language, draft in step.drafts.items():
            composition.check_template(draft.subject, field=f"{place}-subject_{language}")
            composition.check_template(draft.body, field=f"{place}-body_{language}")


def _keep(
    workspace: Workspace,
    built_in: rules.Playbook,
    steps: Sequence[Step],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """As an edition, or as none where the steps are the built-in ones."""
    is_own = tuple(steps) != built_in.steps
    own = Playbook.objects.filter(workspace=workspace, key=built_in.key)
    if is_own:
        own.update_or_create(
            workspace=workspace,
            key=built_in.key,
            defaults={
                "steps": rules.as_data(steps),
                "changed_by": _member(workspace, actor),
                "changed_at": now,
            },
        )
    else:
        own.delete()
    event = events.PlaybookChanged(built_in.key, is_own=is_own)
    journal.record(workspace=workspace, event=event, actor=actor, now=now)


def _member(workspace: Workspace, actor: Actor) -> Member | None:
    if actor.kind != "member":
        return None
    return Member.objects.filter(workspace=workspace, public_id=actor.id).first()


def _has_gift(steps: Sequence[Step]) -> bool:
    return any(step.kind is StepKind.GIFT for step in steps)


def _align_gifts(
    workspace: Workspace, key: str, *, has_gift: bool, actor: Actor, now: datetime
) -> None:
    for built_in in playbooks.PLAYBOOKS.values():
        playbook = queries.get_playbook(workspace=workspace, key=built_in.key)
        if built_in.key != key and _has_gift(playbook.steps) is not has_gift:
            steps = _with_gift(built_in, playbook.steps) if has_gift else _plain(playbook.steps)
            _keep(workspace, built_in, steps, actor=actor, now=now)


def _plain(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.kind is not StepKind.GIFT)


def _with_gift(built_in: rules.Playbook, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Where it stood, if nothing else is different; else at the end."""
    plain = _plain(steps)
    return built_in.steps if plain == _plain(built_in.steps) else (*plain, common.GIFT)
