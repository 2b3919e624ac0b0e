"""Something is done: who is told by mail, who by a person, and what they read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterscore.cases import composition as drafts
from afterscore.cases import queries
from afterscore.cases.forms.telling import ToldForm
from afterscore.cases.queries import Telling
from afterscore.domain import field_words
from afterscore.domain.roles import Role
from afterscore.improvements import operations
from afterscore.improvements import queries as improvements
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def finish(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """It is done: with `quiet` nobody is told, else everybody who asked for it."""
    improvement = improvements.get_improvement(workspace=workspace, public_id=public_id)
    tellings = queries.list_tellings(improvement=improvement)
    languages = _languages(tellings, workspace)
    form = ToldForm(
        request.POST if request.method == "POST" and "quiet" not in request.POST else None,
        improvement=improvement,
        languages=languages,
    )
    if request.method == "POST" and ("quiet" in request.POST or form.is_valid()):
        tells = "quiet" not in request.POST
        try:
            operations.finish_improvement(
                improvement=improvement,
                told=form.told() if tells else None,
                tells=tells,
                actor=access.actor_of(request),
                now=clock.now(),
            )
        except Refused as error:
            if not form.is_bound:
                messages.error(request, error.message)
                return redirect("improvements:improvement", workspace.slug, public_id)
            said = field_words.in_words(error.message)
            form.add_error(error.field if error.field in form.fields else None, said)
        else:
            messages.success(request, _said(tells, tellings))
            return redirect("improvements:improvement", workspace.slug, public_id)
    context = {
        "improvement": improvement,
        "form": form,
        "by_mail": [each for each in tellings if not each.why_not],
        "by_person": [each for each in tellings if each.why_not and not each.is_erased],
        "erased": [each for each in tellings if each.is_erased],
        "previews": _previews(tellings, form),
        "words": field_words.LABELS.values(),
    }
    return render(request, "cases/telling.html", context, status=422 if form.errors else 200)


def _languages(tellings: Sequence[Telling], workspace: Workspace) -> list[str]:
    """Of those who get a mail, the most frequent first; without any, the workspace's."""
    counted = Counter(each.language for each in tellings if not each.why_not)
    return [language for language, _people in counted.most_common()] or [workspace.language]


def _said(tells: bool, tellings: Sequence[Telling]) -> str:  # noqa: FBT001 (a choice of the form)
    if not tells:
        return "It is done. Nobody was told; you can tell them at any time."
    mails = sum(1 for each in tellings if not each.why_not)
    people = sum(1 for each in tellings if each.why_not and not each.is_erased)
    parts = []
    if mails:
        parts.append(f"{mails} {'mail is' if mails == 1 else 'mails are'} on the way")
    if people:
        parts.append(f"{people} {'task is' if people == 1 else 'tasks are'} there for a person")
    return f"It is done. {' and '.join(parts)}." if parts else "It is done. Nobody waits for word."


@require_POST
@access.needs(Role.MANAGER)
def preview(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """What the first of them would read, while it is written; nothing is kept."""
    improvement = improvements.get_improvement(workspace=workspace, public_id=public_id)
    tellings = queries.list_tellings(improvement=improvement)
    form = ToldForm(
        request.POST, improvement=improvement, languages=_languages(tellings, workspace)
    )
    form.is_valid()
    context = {"previews": _previews(tellings, form)}
    return render(request, "cases/telling_preview.html", context)


def _previews(tellings: Sequence[Telling], form: ToldForm) -> list[dict[str, object]]:
    """As the first reader of each language sees it; `problem` says what is wrong with a text."""
    first = {each.language: each for each in reversed(tellings) if not each.why_not}
    return [_preview(first[language], form) for language in form.languages if language in first]


def _preview(telling: Telling, form: ToldForm) -> dict[str, object]:
    subject, body = (
        field_words.as_template(str(form[f"{part}_{telling.language}"].value() or ""))
        for part in ("subject", "body")
    )
    owner = telling.case.owner if telling.case else None
    found: dict[str, object] = {"telling": telling, "sender": owner}
    response = telling.newest.response
    try:
        found["subject"] = drafts.fill(subject, response, sender_name=str(owner))
        found["body"] = drafts.fill(body, response, sender_name=str(owner))
    except Refused as error:
        found["problem"] = field_words.in_words(error.message)
    return found
