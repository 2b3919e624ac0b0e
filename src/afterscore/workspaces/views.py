from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain import calendars
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access, operations, queries
from afterscore.workspaces import forms as pages
from afterscore.workspaces.models import User, Workspace

SUBJECTS: dict[str, tuple[str, str, type[pages.SettingsForm]]] = {
    "company": ("Company", "Who you are, where, and in which language.", pages.CompanyForm),
    "sending": ("Sending", "Who asks, and how often one person may be asked.", pages.SendingForm),
    "counting": ("What counts", "Which answers make the score.", pages.CountingForm),
    "answering": ("Answering", "When you work, and when all hear from you.", pages.AnsweringForm),
}


@require_safe
def show_settings(_request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return redirect("workspaces:company", workspace.slug)


def subject_page(key: str) -> Callable[..., HttpResponse]:
    """A page of one subject: everybody may read it, owners change it."""
    title, text, form_class = SUBJECTS[key]

    def page(request: HttpRequest, workspace: Workspace) -> HttpResponse:
        form = form_class(request.POST or None, workspace=workspace)
        editable = access.may(request, Role.OWNER)
        if request.method == "POST" and not editable:
            raise PermissionDenied("Only an owner changes the settings.")
        if request.method == "POST" and form.is_valid() and _applied(request, workspace, form):
            return redirect(f"workspaces:{key}", workspace.slug)
        if not editable:
            for field in form.fields.values():
                field.disabled = True
        context = {
            "title": title,
            "text": text,
            "form": form,
            "tabs": pages.settings_tabs(workspace, key),
            "editable": editable,
            "days_off": _next_days_off(workspace) if key == "answering" else [],
            "has_mail_test": key == "sending",
            "mail_server": settings.AFTERSCORE_CHANNEL == "smtp",
        }
        return render(request, "workspaces/subject.html", context)

    return page


def _next_days_off(workspace: Workspace) -> list[tuple[date, str]]:
    today = calendars.local_day(clock.now(), calendars.zone_or(workspace.time_zone, "UTC"))
    return queries.next_days_off(workspace, since=today)


def _applied(request: HttpRequest, workspace: Workspace, form: pages.SettingsForm) -> bool:
    try:
        operations.change_workspace(
            workspace=workspace,
            changes=form.changes(),
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        _show(form, error)
        return False
    messages.success(request, "Saved.")
    return True


def _show(form: forms.Form, error: Refused) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.message)


@require_POST
@access.needs(Role.OWNER)
def test_mail(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Sends a mail to the person who presses the button, and says what the server said."""
    user = access.member_of(request).user
    if settings.AFTERSCORE_CHANNEL != "smtp":
        messages.info(
            request,
            "No mail server is set, so mails stay in the outbox. Set AFTERSCORE_SMTP_URL to send.",
        )
        return redirect("workspaces:sending", workspace.slug)
    try:
        send_mail(
            "A test from Afterscore",
            f"This mail was sent from the settings of {workspace.name}. Sending works.",
            workspace.sender_email or None,
            [user.email],
        )
    except OSError as error:
        messages.error(request, f"The mail server refused or did not answer: {error}")
    else:
        messages.success(request, f"The mail server took a test mail for {user.email}.")
    return redirect("workspaces:sending", workspace.slug)


@access.needs(Role.OWNER)
def show_members(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = pages.InviteForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            link = _invite(request, workspace, form)
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is a member now.")
            form = pages.InviteForm()
    context = {
        "tabs": pages.settings_tabs(workspace, "members"),
        "members": queries.list_members(workspace=workspace),
        "roles": list(Role),
        "form": form,
        "link": link,
    }
    return render(request, "workspaces/members.html", context)


def _invite(request: HttpRequest, workspace: Workspace, form: pages.InviteForm) -> str:
    """The link with which a new person sets her password; "" when she has one already."""
    values = form.cleaned_data
    member, is_new = operations.invite_member(
        workspace=workspace,
        email=values["email"],
        name=values["name"],
        role=Role(values["role"]),
        department=values["department"],
        actor=access.actor_of(request),
        now=clock.now(),
    )
    return password_link(member.user) if is_new else ""


def password_link(user: User) -> str:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return settings.PUBLIC_URL + path


@access.needs(Role.OWNER)
def edit_member(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    member = queries.get_member(workspace=workspace, public_id=public_id)
    form = pages.MemberForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_member(
                member=member,
                role=Role(form.cleaned_data["role"]),
                is_active=form.cleaned_data["is_active"],
                department=form.cleaned_data["department"],
                actor=access.actor_of(request),
                now=clock.now(),
            )
            operations.set_pace(
                member=member,
                follow_ups_a_day=form.cleaned_data["follow_ups_a_day"],
                actor=access.actor_of(request),
                now=clock.now(),
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("workspaces:members", workspace.slug)
    context = {"tabs": pages.settings_tabs(workspace, "members"), "person": member, "form": form}
    return render(request, "workspaces/member.html", context)


@access.needs(Role.OWNER)
def show_keys(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = pages.KeyForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _key, secret = operations.create_key(
            workspace=workspace,
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            actor=access.actor_of(request),
            now=clock.now(),
        )
        form = pages.KeyForm()
    context = {
        "tabs": pages.settings_tabs(workspace, "keys"),
        "keys": queries.list_keys(workspace=workspace),
        "form": form,
        "secret": secret,
        "api_url": f"{settings.PUBLIC_URL}/api/v1/docs",
    }
    return render(request, "workspaces/keys.html", context)


@require_POST
@access.needs(Role.OWNER)
def revoke_key(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    operations.revoke_key(
        workspace=workspace,
        public_id=public_id,
        actor=access.actor_of(request),
        now=clock.now(),
    )
    messages.success(request, "The key is revoked; requests with it are refused from now on.")
    return redirect("workspaces:keys", workspace.slug)
