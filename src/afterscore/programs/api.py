from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.customers import queries as customers
from afterscore.customers.models import Contact
from afterscore.kit import clock, signing
from afterscore.kit.errors import Refused
from afterscore.programs import operations, queries
from afterscore.programs.operations import NotShown
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

router = Router(tags=["Asking"])


class AskIn(Schema):
    channel: str = Field(description="Where the question would be shown: in_app or portal")
    contact_id: str = Field(default="", description="Your id of the person")
    email: str = Field(default="", description="The person's address, where you give no id")


class Ask(Schema):
    ask: Literal[True]
    survey_url: str = Field(description="The person's own survey: open it in a window of its own")
    closes_at: datetime = Field(description="Until then it takes the answer")


class DoNotAsk(Schema):
    ask: Literal[False]
    reason: str = Field(
        description="Such as asked_recently, budget, unsubscribed, answered, no_open_wave"
    )
    why: str = Field(description="The same as a sentence for your own people")
    from_: datetime | None = Field(
        alias="from", description="When the reason ends; null where that is not known"
    )


@router.post(
    "/programs/{slug}/asks",
    response=Ask | DoNotAsk,
    by_alias=True,
    summary="Ask somebody in your application or portal",
)
def ask(request: HttpRequest, slug: str, body: AskIn) -> dict[str, Any]:
    """Call it when the person is there and you could show a question; show it if `ask` is true.

    Judged as an invitation is: audience, consent, fatigue budget and gaps. Asking again while the
    question is open gives the same address and counts once. The key needs the role agent or more.
    """
    access.refuse_reading_key(request)
    workspace = request.workspace  # type: ignore[attr-defined]
    shown = operations.show(
        program=queries.get_program(workspace=workspace, slug=slug),
        contact=_contact(workspace, body),
        channel=body.channel,
        actor=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    if isinstance(shown, NotShown):
        return {"ask": False, "reason": shown.reason, "why": shown.why, "from": shown.until}
    token = signing.sign("survey", shown.public_id)
    url = f"{settings.PUBLIC_URL}/s/{token}"
    return {"ask": True, "survey_url": url, "closes_at": shown.wave.closes_at}


def _contact(workspace: Workspace, body: AskIn) -> Contact:
    """Raises Refused for a stranger, and where nobody is named."""
    number, email = body.contact_id.strip(), body.email.strip().lower()
    if not number and not email:
        raise Refused("It names nobody. Give a contact_id or an email.", field="email")
    contact = customers.find_contact(workspace=workspace, external_id=number, email=email)
    if contact is not None:
        return contact
    field, what = ("contact_id", "of the id") if number else ("email", "with the address")
    raise Refused(
        f"There is no contact {what} “{(number or email)[:80]}”. Import customers first.",
        field=field,
    )
