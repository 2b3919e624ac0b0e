"""Several letters in one request, for providers that take whole letters so and answer for each.

anymail makes the request of each letter by itself; here they are joined. The answer is cut into
what the provider would have answered to each alone, and anymail reads these. Providers that fill
one text for many readers are of no use here: each of our letters is a text of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests

MOST = 50
"""Letters in a request: as many are in doubt if we die before the answer. Each of these providers
reports on its letters later, which ends the doubt; and all of them take as many."""


class Unreadable(Exception):
    """The answer does not tell about each letter."""


@dataclass(frozen=True, slots=True)
class Way:
    path: str
    join: Callable[[Sequence[Any]], object]
    cut: Callable[[Any], list[tuple[int, object]]]
    """Of an answer, for each letter: the status and the content it would have had alone."""


def _cut_postmark(answer: Any) -> list[tuple[int, object]]:
    return [(422 if each.get("ErrorCode") else 200, each) for each in answer]


def _join_mailjet(requests: Sequence[Any]) -> object:
    return {"Messages": [{**each["Globals"], **each["Messages"][0]} for each in requests]}


def _cut_mailjet(answer: Any) -> list[tuple[int, object]]:
    return [
        (200 if each["Status"] == "success" else 400, {"Messages": [each]})
        for each in answer["Messages"]
    ]


def _cut_mailtrap(answer: Any) -> list[tuple[int, object]]:
    return [(200 if each["success"] else 400, each) for each in answer["responses"]]


WAYS = {
    "postmark": Way("email/batch", list, _cut_postmark),
    "mailjet": Way("send", _join_mailjet, _cut_mailjet),
    "mailtrap": Way("batch", lambda requests: {"requests": list(requests)}, _cut_mailtrap),
}
"""By the key of the provider. https://postmarkapp.com/developer/api/email-api#send-batch-emails,
https://dev.mailjet.com/email/guides/send-api-v31/, https://docs.mailtrap.io/developers"""


def post(way: Way, backend: Any, payloads: Sequence[Any]) -> requests.Response:
    """One request with all of them. Raises what `requests` raises; answers are not judged here."""
    alone = [payload.get_request_params(backend.api_url) for payload in payloads]
    body = way.join([json.loads(each["data"]) for each in alone])
    answer: requests.Response = backend.session.request(
        method="POST",
        url=urljoin(backend.api_url, way.path),
        data=json.dumps(body),
        headers=alone[0]["headers"],
        auth=alone[0]["auth"],
        timeout=backend.timeout,
    )
    return answer


def cut(way: Way, answer: requests.Response, count: int) -> list[requests.Response]:
    """As many answers as there were letters, in their order. Raises Unreadable."""
    if answer.status_code >= 500:
        raise Unreadable("The provider is in trouble")
    try:
        parts = way.cut(answer.json())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"The answer cannot be read: {type(error).__name__}") from error
    if len(parts) != count:
        raise Unreadable(f"The answer is about {len(parts)} letters, not {count}")
    return [_part(answer, status, content) for status, content in parts]


def _part(answer: requests.Response, status: int, content: object) -> requests.Response:
    part = requests.Response()
    part.status_code = status
    part.reason = answer.reason
    part.url = answer.url
    part.headers["Content-Type"] = "application/json"
    part.raw = io.BytesIO(json.dumps(content).encode())
    return part
