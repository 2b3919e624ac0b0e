"""Door one: every address of the product.

Each app lists its pages behind a sign-in as `desk` and its doors without a login as `public`.
"""

from __future__ import annotations

from django.urls import include, path

from afterscore.cases import urls as cases
from afterscore.config import pages
from afterscore.config.api import api
from afterscore.customers import urls as customers
from afterscore.improvements import urls as improvements
from afterscore.insights import urls as insights
from afterscore.outreach import urls as outreach
from afterscore.programs import urls as programs
from afterscore.responses import urls as responses
from afterscore.workspaces import urls as workspaces

desk = [
    path("pulse/", include((insights.desk, "insights"))),
    path("score/", include((insights.score, "score"))),
    path("loops/", include((insights.loops, "loops"))),
    path("inbox/", include((cases.desk, "cases"))),
    path("praise/", include((cases.praise, "praise"))),
    path("notices/", include((cases.notices, "notices"))),
    path("promises/", include((cases.promises, "promises"))),
    path("gifts/", include((cases.gifts, "gifts"))),
    path("programs/", include((programs.desk, "programs"))),
    path("customers/", include((customers.desk, "customers"))),
    path("files/", include((insights.files, "files"))),
    path("targets/", include((insights.targets, "targets"))),
    path("departments/", include((insights.departments, "departments"))),
    path("improvements/", include((improvements.desk, "improvements"))),
    path("improvements/", include((cases.telling, "telling"))),
    path("reports/", include((insights.reports, "reports"))),
    path("outbox/", include((outreach.desk, "outreach"))),
    path("set-aside/", include((responses.desk, "responses"))),
    path("settings/gifts/", include((cases.catalogue, "catalogue"))),
    path("settings/routes/", include((outreach.routes, "routes"))),
    path("settings/rooms/", include((outreach.rooms, "rooms"))),
    path("settings/playbooks/", include((cases.playbooks, "playbooks"))),
    path("settings/routing/", include((cases.routing, "routing"))),
    path("settings/absences/", include((cases.absences, "absences"))),
    path("settings/", include((workspaces.desk, "workspaces"))),
]

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("w/<slug:workspace>/", include(desk)),
    path("", include((responses.public, "survey"))),
    path("", include((cases.public, "care"))),
    path("", include((outreach.public, "mail"))),
    path("", include((insights.public, "shared"))),
    path("api/v1/", api.urls),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
