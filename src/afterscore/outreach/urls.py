from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.outreach import public as doors
from afterscore.outreach import views

desk: list[URLPattern] = [
    path("", views.outbox, name="outbox"),
    path("<str:public_id>", views.message, name="message"),
    path("<str:public_id>/html", views.html, name="html"),
    path("<str:public_id>/again", views.send_again, name="send_again"),
    path("<str:public_id>/confirm", views.confirm, name="confirm"),
]
public: list[URLPattern] = [
    path("u/<str:token>", doors.unsubscribe, name="unsubscribe"),
]
