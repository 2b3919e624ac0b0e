from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.programs import views

desk: list[URLPattern] = [
    path("", views.list_programs, name="list"),
    path("new/", views.new_program, name="new"),
    path("audience/", views.count_audience, name="audience"),
    path("calls/", views.list_calls, name="calls"),
    path("calls/<str:public_id>/", views.record_call, name="call"),
    path("waves/<str:public_id>/", views.show_wave, name="wave"),
    path("waves/<str:public_id>/not-asked.csv", views.download_left_out, name="left_out"),
    path("waves/<str:public_id>/effects/", views.show_effects, name="effects"),
    path("waves/<str:public_id>/pause/", views.pause_wave, name="pause"),
    path("waves/<str:public_id>/resume/", views.resume_wave, name="resume"),
    path("waves/<str:public_id>/close/", views.close_wave, name="close"),
    path("<slug:slug>/", views.show_program, name="program"),
    path("<slug:slug>/preview/", views.show_preview, name="preview"),
    path("<slug:slug>/file/", views.show_file, name="file"),
    path("<slug:slug>/edit/", views.edit_program, name="edit"),
    path("<slug:slug>/launch/", views.launch_program, name="launch"),
    path("<slug:slug>/mail/", views.show_mail, name="mail"),
    path("<slug:slug>/survey/", views.show_survey, name="survey"),
]
public: list[URLPattern] = []
