"""The settings of who gets a case: the ladder of rules, and what it makes of the last answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import queries
from afterscore.cases.forms.rules import RuleForm
from afterscore.cases.models import RoutingRule
from afterscore.cases.operations import priorities, rehearsing, rules, timing
from afterscore.cases.operations.rehearsing import Rehearsed
from afterscore.domain import nps, routing
from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.domain.routing import CriteriaError, Names, Rule
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.kit.templatetags.display import language_name
from afterscore.workspaces import access
from afterscore.workspaces import forms as settings_pages
from afterscore.workspaces.models import Workspace

SHOWN = 20  # of the answers looked at


@dataclass(frozen=True, slots=True)
class Rung:
    """A line of the ladder: a rule, the owner of the account ("owner"), or load ("load")."""

    kind: str
    sentence: str
    decides: int = 0
    row: RoutingRule | None = None
    problem: str = ""
    warning: str = ""
    can_move_up: bool = False
    can_move_down: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """One of the last answers, as the table shows it."""

    rehearsed: Rehearsed
    group: str
    url: str
    moves: bool  # somebody else has it now


@require_safe
def show_rules(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    rehearsed = rehearsing.rehearse(workspace=workspace, now=now)
    decided = Counter(each.decided_by for each in rehearsed)
    rows = list(queries.list_rules(workspace=workspace))
    names = _names(workspace)
    day = timing.working_day(workspace, now)
    shift = queries.shift_on(workspace=workspace, day=day)
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "rules"),
        "ladder": _ladder(
            [row for row in rows if _gives_away(row)], names, decided, _departments(shift)
        ),
        "urgent": [_rung(row, names, decided) for row in rows if not _gives_away(row)],
        "shift": shift,
        "looked_at": len(rehearsed),
        "spread": _spread(rehearsed),
        "tried": [_tried(each, workspace) for each in rehearsed[:SHOWN]],
        "unowned": queries.count_unowned(workspace=workspace),
        "editable": access.may(request, Role.MANAGER),
    }
    return render(request, "cases/rules.html", context)


def _gives_away(row: RoutingRule) -> bool:
    return bool(row.member_id or row.department)


def _names(workspace: Workspace) -> Names:
    names = queries.names_of(workspace=workspace)
    languages = {code: language_name(code) for code, _name in settings.AFTERSCORE_LANGUAGES}
    return Names(themes=names.themes, members=names.members, languages=languages)


def _departments(shift: queries.Shift) -> frozenset[str]:
    """Those in which somebody answers customers."""
    return frozenset(str(person.department) for person in shift.team if person.department)


def _ladder(
    rows: list[RoutingRule], names: Names, decided: Counter[str], departments: frozenset[str]
) -> list[Rung]:
    above = [_rung(row, names, decided) for row in rows if row.before_owner]
    below = [_rung(row, names, decided) for row in rows if not row.before_owner]
    owner = Rung("owner", "Whoever looks after the account has it.", decided["owner"])
    load = Rung("load", "All others go to whoever has the most room.", decided["load"])
    ladder = [*above, owner, *below]
    warned = [replace(rung, warning=_warning(rung.row, names, departments)) for rung in ladder]
    last = len(warned) - 1
    movable = (
        replace(rung, can_move_up=number > 0, can_move_down=number < last)
        for number, rung in enumerate(warned)
    )
    return [*movable, load]


def _warning(row: RoutingRule | None, names: Names, departments: frozenset[str]) -> str:
    """Why a rule leads nowhere by now."""
    if row is None or not row.is_active:
        return ""
    has_member = row.member is not None and row.member.public_id in names.members
    if has_member or row.department in departments:
        return ""
    if row.department:
        return (
            f"Nobody in {Department(row.department).label} answers customers, so the lines below "
            "decide."
        )
    return f"{row.member} does not answer customers any more, so the lines below decide."


def _rung(row: RoutingRule, names: Names, decided: Counter[str]) -> Rung:
    try:
        rule = queries.rule_of(row)
    except CriteriaError as error:
        return Rung("rule", row.name, 0, row, str(error))
    # Its place on the ladder says already that it comes before the owner.
    sentence = routing.describe(rule, names, says_place=False)
    return Rung("rule", sentence, decided[row.public_id], row)


def _spread(rehearsed: list[Rehearsed]) -> list[tuple[str, int]]:
    """Who would have how many."""
    owners = Counter(
        str(each.placement.owner) if each.placement.owner else "Nobody" for each in rehearsed
    )
    return owners.most_common()


def _tried(each: Rehearsed, workspace: Workspace) -> Tried:
    url = ""
    moves = False
    if each.case is not None:
        url = reverse("cases:case", args=[workspace.slug, each.case.public_id])
        moves = each.case.owner != each.placement.owner
    return Tried(each, nps.group_of(each.response.score), url, moves)


@access.needs(Role.MANAGER)
def new_rule(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = RuleForm(_data(request), workspace=workspace, action=_action(request))
    if _is_sent(request) and form.is_valid():
        try:
            rules.create_rule(
                workspace=workspace,
                draft=form.given(),
                actor=access.actor_of(request),
                now=clock.now(),
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "The rule holds from now on, below all others.")
            return redirect("routing:rules", workspace.slug)
    return _form_page(request, form, None)


@access.needs(Role.MANAGER)
def edit_rule(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    rule = queries.get_rule(workspace=workspace, public_id=public_id)
    form = RuleForm(_data(request), workspace=workspace, rule=rule, action=_action(request))
    if _is_sent(request) and form.is_valid():
        try:
            rules.change_rule(
                rule=rule,
                draft=form.given(),
                is_active=form.cleaned_data["is_active"],
                actor=access.actor_of(request),
                now=clock.now(),
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "Saved. Cases that are open already stay where they are.")
            return redirect("routing:rules", workspace.slug)
    return _form_page(request, form, rule)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _action(request: HttpRequest) -> dict[str, str]:
    """The button that adds or removes a row: the form is shown again and nothing is saved."""
    return {name: request.POST[name] for name in ("add", "remove") if name in request.POST}


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and not _action(request)


def _show(form: RuleForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _form_page(request: HttpRequest, form: RuleForm, rule: RoutingRule | None) -> HttpResponse:
    if _action(request):
        form.errors.clear()
    context = {"form": form, "rule": rule, "themed": bool(form.fields["themes"].choices)}  # type: ignore[attr-defined]
    status = 422 if _is_sent(request) else 200
    return render(request, "cases/rule.html", context, status=status)


@require_POST
@access.needs(Role.MANAGER)
def try_rule(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What the rule in the form would make of the last answers, in its place."""
    now = clock.now()
    found = request.POST.get("rule", "")
    row = queries.get_rule(workspace=workspace, public_id=found) if found else None
    form = RuleForm(request.POST, workspace=workspace, rule=row)
    form.is_valid()
    rule = form.tried()
    in_force = queries.rules_in_force(workspace=workspace)
    rehearsed = rehearsing.rehearse(workspace=workspace, now=now, rules=_with_draft(in_force, rule))
    today = priorities.local_today(workspace, now)
    fitting = [each for each in rehearsed if rule.criteria.fits(each.answer, today)]
    context = {
        "problems": form.non_field_errors(),
        "sentence": routing.describe(rule, _names(workspace)),
        "looked_at": len(rehearsed),
        "decides": sum(each.decided_by == rule.id for each in fitting),
        "fitting": len(fitting),
        "tried": [_tried(each, workspace) for each in fitting[:SHOWN]],
        "gives_away": rule.gives_away,
        "is_urgent": rule.is_urgent,
    }
    return render(request, "cases/rule_try.html", context)


def _with_draft(in_force: list[Rule], rule: Rule) -> list[Rule]:
    if all(each.id != rule.id for each in in_force):
        return [*in_force, rule]
    return [rule if each.id == rule.id else each for each in in_force]


@require_POST
@access.needs(Role.MANAGER)
def move_rule(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    rule = queries.get_rule(workspace=workspace, public_id=public_id)
    rules.move_rule(
        rule=rule,
        up=request.POST.get("to") == "up",
        actor=access.actor_of(request),
        now=clock.now(),
    )
    return redirect(reverse("routing:rules", args=[workspace.slug]) + f"#{public_id}")


@require_POST
@access.needs(Role.MANAGER)
def remove_rule(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    rule = queries.get_rule(workspace=workspace, public_id=public_id)
    rules.remove_rule(rule=rule, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"“{rule.name}” is removed. Its cases stay where they are.")
    return redirect("routing:rules", workspace.slug)
