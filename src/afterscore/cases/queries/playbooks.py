"""Which playbook a case is worked by, in the workspace's own edition where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from afterscore.cases import languages, playbooks
from afterscore.cases.models import Case, Playbook
from afterscore.customers import queries as customers
from afterscore.customers.models import Account
from afterscore.domain import nps
from afterscore.domain import playbooks as rules
from afterscore.domain.playbooks import Situation
from afterscore.improvements.models import Theme
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace


def situation_of(*, case: Case) -> Situation:
    account = case.account
    return Situation(
        group=nps.group_of(case.score),
        has_comment=bool(case.comment_key),
        is_key_account=account is not None and _is_key(account),
        has_left=account is not None and account.churned_on is not None,
    )


def _is_key(account: Account) -> bool:
    standing = customers.revenue_standing(account=account)
    return standing is not None and rules.is_key_account(
        accounts=standing.accounts, larger=standing.larger
    )


def find_playbook(*, workspace: Workspace, situation: Situation) -> rules.Playbook:
    return get_playbook(workspace=workspace, key=playbooks.choose(situation).key)


def get_playbook(*, workspace: Workspace, key: str) -> rules.Playbook:
    built_in = playbooks.PLAYBOOKS.get(key)
    if built_in is None:
        raise NotFound("There is no such playbook.")
    edition = find_edition(workspace=workspace, key=key)
    return edited(key, edition.steps if edition else None)


def edited(key: str, steps: Sequence[Any] | None) -> rules.Playbook:
    """The built-in one, or with the workspace's own steps where there are any."""
    built_in = playbooks.PLAYBOOKS[key]
    return built_in if steps is None else built_in.with_steps(rules.from_data(steps))


def find_edition(*, workspace: Workspace, key: str) -> Playbook | None:
    """The workspace's own steps; None where the built-in ones hold."""
    found = Playbook.objects.select_related("changed_by__user").filter(workspace=workspace, key=key)
    return found.first()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A playbook as the workspace has it: `edition` is None while it is the built-in one."""

    playbook: rules.Playbook
    edition: Playbook | None
    open_cases: int


def list_playbooks(*, workspace: Workspace) -> list[Shelf]:
    editions = {
        edition.key: edition
        for edition in Playbook.objects.filter(workspace=workspace).select_related(
            "changed_by__user"
        )
    }
    counts = dict(
        Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .values_list("playbook")
        .annotate(cases=Count("id"))
        .order_by()
    )
    shelves = []
    for key, built_in in playbooks.PLAYBOOKS.items():
        edition = editions.get(key)
        playbook = (
            built_in if edition is None else built_in.with_steps(rules.from_data(edition.steps))
        )
        shelves.append(Shelf(playbook, edition, counts.get(key, 0)))
    return shelves


def get_shelf(*, workspace: Workspace, key: str) -> Shelf:
    found = (each for each in list_playbooks(workspace=workspace) if each.playbook.key == key)
    shelf = next(found, None)
    if shelf is None:
        raise NotFound("There is no such playbook.")
    return shelf


def themes_of(*, case: Case, known: Sequence[Theme] | None = None) -> list[Theme]:
    """What the answer speaks of, in the order in which the case names it. `known` are all themes of
    the workspace, where they were read already."""
    if not case.themes:
        return []
    if known is None:
        known = list(Theme.objects.filter(workspace=case.workspace, public_id__in=case.themes))
    found = {theme.public_id: theme for theme in known}
    return [found[public_id] for public_id in case.themes if public_id in found]


def theme_in_mail(*, case: Case, known: Sequence[Theme] | None = None) -> str:
    """The first theme, for a mail to the customer: "" where it would be in another language."""
    own = case.workspace.language
    if languages.choose(case.response.language, own) != languages.choose(own):
        return ""
    return next((theme.name for theme in themes_of(case=case, known=known)), "")
