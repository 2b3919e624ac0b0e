from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Router, Schema

from afterscore.domain.scanners import Validity
from afterscore.responses import queries
from afterscore.responses.models import Response

router = Router(tags=["Responses"])
MOST = 200


class ResponseOut(Schema):
    id: str
    score: int = Field(description="0 to 10")
    comment: str
    drivers: dict[str, Any]
    email: str | None
    name: str
    account: str | None
    program: str
    wave: str
    language: str
    received_at: datetime
    validity: Validity = Field(description="Only counted answers are in any score.")


class ResponsePage(Schema):
    data: list[ResponseOut]
    next: str | None = Field(description="Pass it as `after` for the next page; null on the last.")


def _out(answer: Response) -> dict[str, Any]:
    return {
        "id": answer.public_id,
        "score": answer.score,
        "comment": answer.comment,
        "drivers": answer.drivers,
        "email": answer.contact.email,
        "name": answer.contact.name,
        "account": answer.account.name if answer.account else None,
        "program": answer.wave.program.slug,
        "wave": answer.wave.public_id,
        "language": answer.language,
        "received_at": answer.received_at,
        "validity": answer.validity,
    }


@router.get("/responses", response=ResponsePage, summary="List answers, newest first")
def list_responses(
    request: HttpRequest,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    validity: Validity = Validity.COUNTED,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> dict[str, Any]:
    """Received from `since` on and before `until`; a page begins behind the answer `after`.

    Those that count, unless `validity` asks for what is set aside: `quarantined` looks automated,
    `discarded` was found to be, `provisional` is not confirmed yet.
    """
    workspace = request.workspace  # type: ignore[attr-defined]
    period: queries.Selection = {"since": since, "until": until}
    if validity == Validity.COUNTED:
        found = queries.list_responses(workspace=workspace, **period)
    else:
        found = queries.list_set_aside(workspace=workspace, validity=validity, **period)
    if after is not None:
        last = queries.get_response(workspace=workspace, public_id=after)
        found = found.filter(
            Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, id__lt=last.id)
        )
    answers = list(found[: limit + 1])
    page = answers[:limit]
    more = len(answers) > limit
    return {"data": [_out(row) for row in page], "next": page[-1].public_id if more else None}
