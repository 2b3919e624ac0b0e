from __future__ import annotations

from django.urls import URLPattern, path

from afterscore.improvements.views import improving, objectives, theming

desk: list[URLPattern] = [
    path("", improving.list_improvements, name="list"),
    path("new/", improving.new_improvement, name="new"),
    path("objectives/", objectives.list_objectives, name="objectives"),
    path("objectives/new/", objectives.new_objective, name="new_objective"),
    path("objectives/<str:public_id>/", objectives.edit_objective, name="objective"),
    path("objectives/<str:public_id>/end/", objectives.end_objective, name="end_objective"),
    path("themes/", theming.list_themes, name="themes"),
    path("themes/new/", theming.new_theme, name="new_theme"),
    path("themes/usual/", theming.plant_themes, name="plant_themes"),
    path("themes/try/", theming.try_words, name="try_words"),
    path("themes/<str:public_id>/", theming.edit_theme, name="theme"),
    path("<str:public_id>/", improving.show_improvement, name="improvement"),
    path("<str:public_id>/change/", improving.edit_improvement, name="edit"),
    path("<str:public_id>/move/", improving.move_improvement, name="move"),
    path("<str:public_id>/voices/", improving.link_voices, name="voices"),
    path("<str:public_id>/voices/<str:response>/", improving.change_voice, name="voice"),
]
public: list[URLPattern] = []
