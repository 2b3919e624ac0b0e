from __future__ import annotations

from django.urls import path

from afterscore.workspaces import views

desk = [
    path("", views.show_settings, name="settings"),
    path("company/", views.subject_page("company"), name="company"),
    path("sending/", views.subject_page("sending"), name="sending"),
    path("sending/test/", views.test_mail, name="test_mail"),
    path("counting/", views.subject_page("counting"), name="counting"),
    path("answering/", views.subject_page("answering"), name="answering"),
    path("people/", views.show_members, name="members"),
    path("people/<slug:public_id>/", views.edit_member, name="member"),
    path("keys/", views.show_keys, name="keys"),
    path("keys/<slug:public_id>/revoke/", views.revoke_key, name="revoke_key"),
]
