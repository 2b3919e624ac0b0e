"""The settings of chat rooms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach import forms
from afterscore.outreach.operations import rooms
from afterscore.workspaces import access
from afterscore.workspaces import forms as settings_pages
from afterscore.workspaces.models import ChatRoom, Workspace
from afterscore.workspaces.queries import rooms as queries


@require_safe
@access.needs(Role.MANAGER)
def list_rooms(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "rooms"),
        "rows": [(room, _hears(room)) for room in queries.list_rooms(workspace=workspace)],
    }
    return render(request, "outreach/rooms.html", context)


def _hears(room: ChatRoom) -> str:
    labels = [forms.rooms.HEARS[each][0] for each in room.hears if each in forms.rooms.HEARS]
    return ", ".join(label if at == 0 else label.lower() for at, label in enumerate(labels))


@access.needs(Role.MANAGER)
def new_room(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = forms.RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room = rooms.create_room(
                workspace=workspace,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.cleaned_data,
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "The room is there. Write into it to see whether it works.")
            return redirect("rooms:room", workspace.slug, room.public_id)
    return render(request, "outreach/room.html", {"form": form})


@access.needs(Role.MANAGER)
def edit_room(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    room = queries.get_room(workspace=workspace, public_id=public_id)
    form = forms.RoomForm(request.POST or None, room=room)
    if request.method == "POST" and form.is_valid():
        try:
            rooms.change_room(
                room=room,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.cleaned_data,
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("rooms:room", workspace.slug, public_id)
    return render(request, "outreach/room.html", {"form": form, "room": room})


@require_POST
@access.needs(Role.MANAGER)
def try_room(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    room = queries.get_room(workspace=workspace, public_id=public_id)
    trial = rooms.try_room(room=room, actor=access.actor_of(request), now=clock.now())
    if trial.is_taken:
        messages.success(request, f"It was taken. Look into {room.name}: it should be there.")
    else:
        messages.error(request, f"It did not arrive: {room.failed_why}")
    return redirect("rooms:room", workspace.slug, public_id)


@require_POST
@access.needs(Role.MANAGER)
def remove_room(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    room = queries.get_room(workspace=workspace, public_id=public_id)
    rooms.remove_room(room=room, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"'{room.name}' hears of nothing any more.")
    return redirect("rooms:rooms", workspace.slug)


def _show(form: forms.RoomForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)
