"""The part of a mail that asks whether something is solved: three answers, one click each.

Each leads to a page on which one tap confirms it; a link by itself answers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from afterscore.outreach.models import Message
from afterscore.surveys.languages import Language

LAYOUT = "checking"
ANSWERS = ("yes", "partly", "no")


def asks(message: Message) -> bool:
    return bool(path_of(message))


def path_of(message: Message) -> str:
    path = str(message.fields.get("check_path") or "")
    return path if path.startswith("/") else ""


def parts(message: Message, language: Language) -> dict[str, str]:
    url = f"{settings.PUBLIC_URL}{path_of(message)}"
    labels = {f"check_{answer}": language.survey[f"check_{answer}"] for answer in ANSWERS}
    links = {f"check_{answer}_url": f"{url}?answer={answer}" for answer in ANSWERS}
    return {
        "check_question": language.survey["check_question"],
        "trap_url": f"{url}/all",  # for scanners: shown to nobody
        **labels,
        **links,
    }


def as_text(parts: Mapping[str, str]) -> list[str]:
    answers = (f"{parts[f'check_{each}']}:\n{parts[f'check_{each}_url']}" for each in ANSWERS)
    return [parts["check_question"], *answers]
