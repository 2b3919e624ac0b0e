"""Every kind of chart on one page, for tests that look at them; and what stands in them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from afterscore.insights import charts
from afterscore.insights.charts import Cell, Chart, Line, Point, Row, Share, Stage, Step, Target
from afterscore.insights.views import drawings

PAGE = """{% load drawings %}<!doctype html><html lang="en"><head>
{% include "kit/layout/head.html" %}<title>Charts</title></head>
<body><main class="container"><h1>Charts</h1>
{% for each in charts %}<section class="section"><h2>{{ each.key }}</h2>{% drawing each %}</section>
{% endfor %}</main></body></html>"""


def _points(number: int) -> list[Point]:
    return [
        Point(label=f"P{place}", n=90 + place, score=place, low=place - 11.5, high=place + 12)
        for place in range(1, number + 1)
    ]


def hang() -> list[Chart]:
    months = [*_points(3), Point(label="silent", n=0)]
    months += [
        Point(label="May", n=140, score=31, low=20, high=42, change="rise"),
        Point(label="June", n=120, score=-12, low=-25, high=2, change="fall"),
    ]
    steps = [Step(at=day, ratio=day / 10, low=day / 12, high=day / 9) for day in range(1, 9)]
    return [
        charts.trend(months, title="Score by month", target=Target(value=40)),
        charts.trend(_points(40), title="Score by week", key="weeks"),
        charts.histogram((3, 1, 0, 8, 9, 22, 31, 60, 120, 140, 220), title="How often"),
        charts.segments(
            [
                Row(label="</script><b>Enterprise", n=1204, score=41, low=36, high=45,
                    differs="above", pooled=40),
                Row(label="日本語の会社", n=90, score=2, low=-18, high=22, pooled=9),
                Row(label="Starter", n=400, score=-22, low=-32, high=-10, differs="below"),
                Row(label="=SUM(A1)", n=31, score=0, low=-30, high=30),
            ],
            title="Score by plan", by="Plan", overall=24,
        ),
        charts.curve(
            [
                Line(label="Promoters", tone="promoter", people=90, ends=14, steps=steps),
                Line(label="Detractors", tone="detractor", people=50, ends=9, steps=steps[:5]),
            ],
            title="Closed", unit="days",
        ),
        charts.funnel(
            [Stage(label="Asked", n=2000), Stage(label="Answered", n=420, low=0.19, high=0.23)],
            title="From asked to answered",
        ),
        charts.heat(
            [
                Cell(row="</script>", column="All", n=90, score=12, low=-3, high=27, heat=0),
                Cell(row="</script>", column="=1+1", n=40, score=-41, low=-60, high=-12, heat=-2),
                Cell(row="B", column="All", n=50, score=40, low=20, high=55, heat=1),
                Cell(row="B", column="=1+1", n=0),
            ],
            title="Score by plan and country", rows="Plan", columns="Country",
        ),
        charts.shares(
            [Share(label="Price", ratio=0.3, low=0.2, high=0.4), Share(label="Speed", ratio=0.1)],
            title="What goes along with the score",
        ),
    ]  # fmt: skip


def show(request: HttpRequest) -> HttpResponse:
    hung = hang()
    if found := drawings.file_of(request, hung):
        return found
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"charts": hung}, request))


urlpatterns = [path("gallery/", show), path("", include("afterscore.config.urls"))]
