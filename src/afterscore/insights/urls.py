from __future__ import annotations

from django.urls import path

from afterscore.insights import views
from afterscore.insights.views import departments as pages
from afterscore.insights.views import standing

desk = [path("", views.show_pulse, name="pulse")]

loops = [
    path("", views.show_loops, name="ledger"),
    path("closures/", views.show_closures, name="closures"),
    path("endings/", views.show_endings, name="endings"),
    path("returns/", views.show_retention, name="retention"),
    path("minds/", views.show_conversion, name="conversion"),
    path("table/<str:key>/", views.show_table, name="table"),
    path("lots/", views.show_lots, name="lots"),
    path("rows/", views.show_rows, name="rows"),
    path("csv/<str:name>/", views.download_loops, name="csv"),
    path("explain/", views.explain_loops, name="explain"),
]

desk += [
    path("standing/", standing.show_standing, name="standing"),
    path("standing/<slug:slug>/", standing.show_standing, name="standing"),
]
departments = [
    path("", pages.list_departments, name="list"),
    path("<str:key>/", pages.show_department, name="department"),
]
