from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.customers import operations
from afterscore.customers.operations import NewSignal
from afterscore.kit import clock
from afterscore.workspaces import access

router = Router(tags=["Signals"])
MOST = 1_000


class SignalIn(Schema):
    kind: str = Field(description="event, ticket, usage, interaction, message or outcome")
    name: str = Field(description="What happened, such as onboarding_finished")
    occurred_at: datetime = Field(description="With its offset from UTC")
    source: str = Field(default="api", description="The system that tells it")
    external_id: str = Field(default="", description="Your own id: telling it twice tells it once")
    contact_id: str = Field(default="", description="Your id of the person")
    email: str = ""
    account_id: str = Field(default="", description="Your id of the company")
    account: str = Field(default="", description="The company's name")
    attributes: dict[str, Any] = Field(default_factory=dict)


class SignalsIn(Schema):
    signals: Annotated[list[SignalIn], Field(min_length=1, max_length=MOST)]


class ProblemOut(Schema):
    number: int = Field(description="Which one, counted from 0 as they were sent")
    field: str
    message: str


class IntakeOut(Schema):
    created: int
    known: int = Field(description="Told before; nothing was changed")
    refused: list[ProblemOut]


@router.post("/signals", response=IntakeOut, summary="Tell what happened at customers")
def record_signals(request: HttpRequest, body: SignalsIn) -> dict[str, Any]:
    """Good ones go in, the others are named with their reason. Sending the same again is safe.

    Signals trigger programs, count other systems' messages, and stop reminders to people whom
    somebody has spoken with. The key needs the role agent or more.
    """
    access.refuse_reading_key(request)
    intake = operations.record_signals(
        workspace=request.workspace,  # type: ignore[attr-defined]
        signals=[NewSignal(**signal.dict()) for signal in body.signals],
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return {"created": intake.created, "known": intake.known, "refused": intake.problems}
