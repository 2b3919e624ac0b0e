"""Alerts, one's own day as it is mailed, and what one wants to hear."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases.forms.notices import WishesForm
from afterscore.cases.models import Alert
from afterscore.cases.operations import alerting
from afterscore.cases.queries import notices
from afterscore.cases.views import tabs
from afterscore.domain.alerts import Kind
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.outreach.operations import colleagues
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace
from afterscore.workspaces.operations import wishes


@require_safe
def list_alerts(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What concerns the reader, the gravest first; managers may look at everybody's."""
    member = access.member_of(request)
    may_see_all = access.may(request, Role.MANAGER)
    sees_all = may_see_all and request.GET.get("whose") == "all"
    context = {
        "tabs": tabs.tabs(workspace, "alerts"),
        "sections": _sections(notices.list_alerts(member=member, everybodys=sees_all)),
        "over": notices.list_settled(member=member, now=clock.now()),
        "may_see_all": may_see_all,
        "sees_all": sees_all,
    }
    return render(request, "cases/alerts.html", context)


def _sections(alerts: list[Alert]) -> list[tuple[Kind, list[Alert]]]:
    kinds = sorted({Kind(alert.kind) for alert in alerts}, key=lambda kind: kind.rank)
    return [(kind, [each for each in alerts if each.kind == kind]) for kind in kinds]


@require_POST
def put_away(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """What is said to oneself, in any role; a viewer leaves what is said to managers."""
    member = access.member_of(request)
    alert = notices.get_alert(workspace=workspace, member=member, public_id=public_id)
    if alert.member_id != member.pk and not access.may(request, Role.AGENT):
        raise PermissionDenied("This needs the role agent.")
    alerting.put_away(alert=alert, by=member, now=clock.now())
    messages.success(request, "Seen to. It will not be told again.")
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect("notices:alerts", workspace.slug)


@require_safe
def show_day(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The mail of this morning, as it would be now."""
    now = clock.now()
    context = {
        "tabs": tabs.tabs(workspace, "today"),
        "bulletin": notices.digest_of(member=access.member_of(request), now=now),
        "opens": workspace.business_opens,
    }
    return render(request, "cases/day.html", context)


def choose(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Each member, whatever her role, decides for herself."""
    member = access.member_of(request)
    form = WishesForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        wishes.change_wishes(
            member=member, actor=access.actor_of(request), now=clock.now(), **form.cleaned_data
        )
        messages.success(request, "Saved.")
        return redirect("notices:mine", workspace.slug)
    context = {
        "tabs": tabs.tabs(workspace, "mine"),
        "form": form,
        "sent": notices.list_notices(member=member),
        "leaves": colleagues.leaves_the_house(workspace),
    }
    return render(request, "cases/wishes.html", context)
