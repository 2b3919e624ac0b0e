from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.responses import public as doors
from afterscore.responses import views

desk: list[URLPattern] = [
    path("", views.show_aside, name="aside"),
    path("download/", views.download_aside, name="download"),
    path("decide/", views.decide, name="decide"),
]
public: list[URLPattern] = [
    path("s/<str:token>", doors.answer, name="answer"),
    path("s/<str:token>/all", doors.follow_trap, name="trap"),
]
