"""What the numbers of the departments' pages are made of: as pages, and as panels beside them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.domain.departments import Department
from afterscore.improvements import queries as improvements
from afterscore.improvements.models import Theme
from afterscore.insights.composition import departmental
from afterscore.insights.composition.departmental import Asked, Figure, Told
from afterscore.insights.queries import DAYS, USUAL_DAYS
from afterscore.insights.views import panels
from afterscore.insights.views.panels import Panel, Side
from afterscore.kit import clock
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace

BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the figures of a page open. Without a department it is the list of all."""

    workspace: Workspace
    days: int = USUAL_DAYS
    department: Department | None = None

    def of(self, figure: Figure, theme: Theme | None = None, **further: str) -> str:
        asked = {
            "figure": figure.value,
            "theme": theme.public_id if theme else "",
            "department": self.department.value if self.department else "",
            "days": "" if self.days == USUAL_DAYS else str(self.days),
            **further,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('departments:explain', args=[self.workspace.slug])}?{query}"

    @property
    def page(self) -> str:
        if self.department is None:
            return reverse("departments:list", args=[self.workspace.slug])
        page = reverse("departments:department", args=[self.workspace.slug, self.department.value])
        return page if self.days == USUAL_DAYS else f"{page}?days={self.days}"

    @property
    def name(self) -> str:
        return self.department.label if self.department else "Departments"


def days_of(request: HttpRequest) -> int:
    chosen = request.GET.get("days", "")
    return int(chosen) if chosen in {str(each) for each in DAYS} else USUAL_DAYS


@require_safe
def explain_department(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    asked = _read(request, workspace)
    addresses = Addresses(workspace, asked.days, asked.department)
    found = departmental.explain(asked)
    panel = Panel(
        sentence=found.sentence,
        parts=found.parts,
        rows=found.rows,
        sides=_sides(found, asked, addresses),
        page_url=addresses.page,
        page_name=addresses.name,
        **panels.around(request, found.rows),
    )
    return panels.show(request, panel)


def _read(request: HttpRequest, workspace: Workspace) -> Asked:
    figure, department = request.GET.get("figure", ""), request.GET.get("department", "")
    if figure not in set(Figure) or (department and department not in set(Department)):
        raise NotFound("There is no such figure.")
    theme = request.GET.get("theme", "")
    return Asked(
        workspace=workspace,
        figure=Figure(figure),
        now=clock.now(),
        days=days_of(request),
        is_before=request.GET.get("when") == BEFORE,
        theme=improvements.get_theme(workspace=workspace, public_id=theme) if theme else None,
        department=Department(department) if department else None,
        after=request.GET.get("after", ""),
    )


def _sides(found: Told, asked: Asked, addresses: Addresses) -> tuple[Side, ...]:
    """Of a change, each of which has its own people."""
    if found.sides is None:
        return ()
    before, now = (f"{rate.count:,} of {rate.n:,} raised it" for rate in found.sides)
    return (
        Side("Before", addresses.of(Figure.RATE, asked.theme, when=BEFORE), before),
        Side("Now", addresses.of(Figure.RATE, asked.theme), now),
    )
