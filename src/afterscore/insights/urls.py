from __future__ import annotations

from django.urls import path

from afterscore.insights import public as doors
from afterscore.insights import views
from afterscore.insights.views import benchmarks as others
from afterscore.insights.views import coverage_figures as covered
from afterscore.insights.views import (
    department_figures,
    effect_figures,
    explaining,
    figures,
    filing,
    keeping,
    predicting,
    satisfied,
    standing,
)
from afterscore.insights.views import departments as pages
from afterscore.insights.views import reports as sent
from afterscore.insights.views import targets as goals

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
reports = [
    path("", sent.list_reports, name="list"),
    path("new/", sent.new_report, name="new"),
    path("language/", sent.choose_language, name="language"),
    path("<str:public_id>/", sent.show_report, name="report"),
    path("<str:public_id>/edit/", sent.edit_report, name="edit"),
    path("<str:public_id>/mail/", sent.show_mail, name="mail"),
    path("<str:public_id>/pdf/", sent.download_pdf, name="pdf"),
    path("<str:public_id>/slides/", sent.download_slides, name="slides"),
    path("<str:public_id>/try/", sent.try_report, name="try"),
    path("<str:public_id>/remove/", sent.remove_report, name="remove"),
    path("<str:public_id>/stop/", sent.stop_report, name="stop"),
]
departments = [
    path("", pages.list_departments, name="list"),
    path("explain/", department_figures.explain_department, name="explain"),
    path("<str:key>/", pages.show_department, name="department"),
]

score = [
    path("", figures.show_score, name="score"),
    path("compare/", figures.show_compare, name="compare"),
    path("explore/", figures.show_explore, name="explore"),
    path("health/", figures.show_health, name="health"),
    path("health/coverage/", figures.show_coverage, name="coverage"),
    path("health/coverage/explain/", covered.explain_coverage, name="explain_coverage"),
    path("health/messages/explain/", effect_figures.explain_effect, name="explain_effect"),
    path("health/predicting/", predicting.show_predicting, name="predicting"),
    path("health/predicting/explain/", predicting.explain_predicting, name="explain_predicting"),
    path("satisfaction/", satisfied.show_ratings, name="satisfaction"),
    path("satisfaction/<str:kind>/", satisfied.download_ratings, name="satisfaction_csv"),
    path("satisfaction/<str:kind>/explain/", satisfied.explain_rating, name="explain_satisfaction"),
    path("explain/", explaining.explain, name="explain"),
    path("filter/<str:page>/", figures.show_chooser, name="filter"),
    path("csv/<str:page>/<str:table>/", figures.download, name="csv"),
    path("views/<str:public_id>/remove/", keeping.remove_view, name="remove_view"),
    path("views/<str:page>/", keeping.save_view, name="save_view"),
    path("share/<str:page>/", keeping.share, name="share"),
    path("links/", keeping.list_links, name="links"),
    path("links/<str:public_id>/end/", keeping.end_link, name="end_link"),
]

public = [path("shared/<str:token>/", doors.show_shared, name="page")]
targets = [
    path("", goals.list_targets, name="list"),
    path("new/", goals.new_target, name="new"),
    path("line/", goals.show_line, name="line"),
    path("benchmarks/new/", others.new_benchmark, name="new_benchmark"),
    path("benchmarks/<str:public_id>/", others.edit_benchmark, name="benchmark"),
    path("benchmarks/<str:public_id>/remove/", others.remove_benchmark, name="remove_benchmark"),
    path("<str:public_id>/", goals.show_target, name="target"),
    path("<str:public_id>/change/", goals.change_target, name="change"),
    path("<str:public_id>/explain/", goals.explain_target, name="explain"),
    path("<str:public_id>/csv/", goals.download_target, name="csv"),
    path("<str:public_id>/give-up/", goals.give_up, name="give_up"),
]
files = [
    path("", filing.list_files, name="list"),
    path("upload/", filing.upload, name="upload"),
    path("<str:public_id>/", filing.show_file, name="file"),
    path("<str:public_id>/choose/", filing.choose, name="choose"),
    path("<str:public_id>/forget/", filing.forget, name="forget"),
    path("<str:public_id>/report/<str:kind>/", filing.download, name="report"),
]
