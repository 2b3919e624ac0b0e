"""Where the lines of a report lead."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from afterscore.domain.departments import Department
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Places:
    workspace: Workspace
    of: Department

    @property
    def pulse(self) -> str:
        return self._to("insights:pulse")

    @property
    def loops(self) -> str:
        return self._to("loops:ledger")

    @property
    def answers(self) -> str:
        return self._to("cases:inbox") + "?show=all"

    @property
    def department(self) -> str:
        return self._to("departments:department", self.of.value)

    @property
    def late(self) -> str:
        return self._to("cases:inbox") + "?show=overdue"

    @property
    def unowned(self) -> str:
        return self._to("cases:inbox") + "?show=unassigned"

    @property
    def unhappy(self) -> str:
        return self._to("cases:inbox") + "?show=all&group=detractor"

    def theme(self, public_id: str) -> str:
        return self._to("cases:inbox") + f"?show=all&theme={public_id}"

    def case(self, public_id: str) -> str:
        return self._to("cases:case", public_id)

    def improvement(self, public_id: str) -> str:
        return self._to("improvements:improvement", public_id)

    def _to(self, name: str, *rest: str) -> str:
        return settings.PUBLIC_URL + reverse(name, args=[self.workspace.slug, *rest])
