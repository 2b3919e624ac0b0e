from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.outreach import public as doors
from afterscore.outreach import views

desk: list[URLPattern] = [
    path("", views.outbox, name="outbox"),
    path("came-back/", views.came_back, name="came_back"),
    path("came-back/<str:public_id>", views.came_back_once, name="came_back_once"),
    path("<str:public_id>", views.message, name="message"),
    path("<str:public_id>/html", views.html, name="html"),
    path("<str:public_id>/again", views.send_again, name="send_again"),
    path("<str:public_id>/confirm", views.confirm, name="confirm"),
    path("<str:public_id>/trust", views.trust_address, name="trust_address"),
]
routes: list[URLPattern] = [
    path("", views.list_routes, name="list"),
    path("new/", views.choose_provider, name="choose"),
    path("new/<slug:provider>/", views.new_route, name="new"),
    path("<slug:public_id>/", views.edit_route, name="route"),
    path("<slug:public_id>/test", views.try_route, name="try"),
    path("<slug:public_id>/address", views.renew_address, name="renew"),
    path("<slug:public_id>/remove", views.remove_route, name="remove"),
]
rooms: list[URLPattern] = [
    path("", views.list_rooms, name="rooms"),
    path("new/", views.new_room, name="new"),
    path("<slug:public_id>/", views.edit_room, name="room"),
    path("<slug:public_id>/test", views.try_room, name="try"),
    path("<slug:public_id>/remove", views.remove_room, name="remove"),
]
public: list[URLPattern] = [
    path("reports/<str:token>", doors.take_report, name="reports"),
    path("inbound/<str:token>", doors.take_mail, name="inbound"),
    path("u/<str:token>", doors.unsubscribe, name="unsubscribe"),
]
