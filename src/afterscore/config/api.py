"""The REST API: each app's router under one roof, authenticated by a key in the header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from afterscore.cases.api import router as cases
from afterscore.customers.api import router as customers
from afterscore.domain.events import Actor
from afterscore.improvements.api import router as improvements
from afterscore.insights.api import router as insights
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused, Unavailable
from afterscore.programs.api import router as programs
from afterscore.responses.api import router as responses
from afterscore.workspaces import operations, queries


class KeyInHeader(HttpBearer):
    """`Authorization: Bearer nps_…`. The key alone says which workspace is meant."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        key = queries.find_key(secret=token)
        if key is None:
            return None
        operations.touch_key(key=key, now=clock.now())
        request.key = key  # type: ignore[attr-defined]
        request.workspace = key.workspace  # type: ignore[attr-defined]
        request.actor = Actor("key", key.public_id)  # type: ignore[attr-defined]
        return key


api = NinjaAPI(title="Afterscore", version="1", auth=KeyInHeader(), urls_namespace="api")

api.add_router("", insights)
api.add_router("", responses)
api.add_router("", customers)
api.add_router("", programs)
api.add_router("", cases)
api.add_router("", improvements)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    body = {"error": {"type": "refused", "message": error.message, "field": error.field}}
    return api.create_response(request, body, status=422)


@api.exception_handler(NotFound)
def not_found(request: HttpRequest, error: NotFound) -> HttpResponse:
    body = {"error": {"type": "not_found", "message": str(error), "field": None}}
    return api.create_response(request, body, status=404)


@api.exception_handler(Unavailable)
def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    body = {"error": {"type": "unavailable", "message": str(error), "field": None}}
    return api.create_response(request, body, status=503)
