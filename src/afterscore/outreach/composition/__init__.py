"""A message row becomes a mail: subject, plain text, HTML and headers.

No clock, no network, no table: the same row gives the same mail, in the outbox and on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from afterscore.kit.errors import Refused
from afterscore.outreach.composition import (
    checking,
    headers,
    layouts,
    markup,
    templates,
    wire,
    words,
)
from afterscore.outreach.composition.wire import Composed
from afterscore.outreach.models import Kind, Message
from afterscore.surveys.languages import Language

FIELDS = templates.FIELDS
ASKING_FIELDS = templates.ASKING_FIELDS
as_bytes = wire.as_bytes
BOUNCE, UNSUBSCRIBE = headers.BOUNCE, headers.UNSUBSCRIBE
ASKING = frozenset({Kind.INVITATION, Kind.REMINDER})
_LAYOUTS = {Kind.INVITATION: "asking", Kind.REMINDER: "asking", Kind.REPLY: "personal"}
_IN_PARAGRAPHS = ("text", "promise", "signature")


def check_template(text: str, *, field: str, is_asking: bool = False) -> None:
    """Raises Refused(field=field), naming line and culprit, unless the text will always render.

    In a text that asks (`is_asking`) more is refused: see `templates.check`.
    """
    templates.check(text, field=field, is_asking=is_asking)


def compose(message: Message) -> Composed:
    """Needs the message's workspace. Raises Refused for what a person has to mend first."""
    language = words.language_of(message)
    parts = _parts(message, language, words.values_of(message))
    return Composed(
        subject=parts["subject"],
        text=_text(message, language, parts),
        html=_html(message, language, parts),
        headers=headers.make(message, parts["subject"]),
        sender=headers.envelope_sender(message),
    )


def subject_of(message: Message) -> str:
    """The subject alone; where its template is broken, as it was written."""
    try:
        return words.subject(message, words.language_of(message), words.values_of(message))
    except Refused:
        return message.subject


def preview(message: Message, *, is_dark: bool) -> str:
    """The HTML part for a frame: in the chosen light, its links opening beside it."""
    html = compose(message).html.replace(
        layouts.DARK, "@media all" if is_dark else "@media not all"
    )
    return html.replace("<head>", '<head><base target="_blank">', 1)


def unsubscribe_words(message: Message) -> dict[str, str]:
    """What the page behind the unsubscribe link says, in the reader's language."""
    language = words.language_of(message)
    values = words.values_of(message)
    return {
        "language": language.code,
        "direction": language.direction,
        "workspace_name": values["company"],
        "title": language.mail["unsubscribe_title"],
        "text": language.mail["unsubscribe_text"].format_map(values),
        "button": language.mail["unsubscribe_button"],
        "done_title": language.mail["unsubscribe_done_title"],
        "done_text": language.mail["unsubscribe_done_text"].format_map(values),
        "choices_title": language.mail["choices_title"],
        "saved": language.mail["choice_saved"],
    }


def choice_words(message: Message) -> dict[str, str]:
    """The readers' choices beside unsubscribing from everything, by the name of the choice."""
    mail = words.language_of(message).mail
    names = ("opt_in", "twice", "once", *(("not_this",) if message.scope else ()))
    return {name: mail[f"choice_{name}"] for name in names}


def _parts(message: Message, language: Language, values: Mapping[str, Any]) -> dict[str, str]:
    """Every piece of text, by the name of its place in the layouts."""
    names = words.isolated(values, language)
    parts = {
        "subject": words.subject(message, language, values),
        "text": words.opening(message, language, names),
    }
    if message.kind in ASKING:
        parts |= _asking(message, language, names)
    if checking.asks(message):
        parts |= checking.parts(message, language)
    if message.kind != Kind.REPLY:
        parts |= _closing(message, language, names, text=parts["text"])
    return parts


def _asking(message: Message, language: Language, values: Mapping[str, Any]) -> dict[str, str]:
    """The survey's own wording where the planner froze one, else the language's."""
    own = {
        name: words.one_line(str(message.fields.get(name) or ""))
        for name in ("question", "low_label", "high_label")
    }
    least = own["low_label"] or language.survey["least"]
    most = own["high_label"] or language.survey["most"]
    has_own_ends = bool(own["low_label"] or own["high_label"])
    return {
        "question": own["question"] or language.survey["question"].format_map(values),
        "scale_label": language.survey["scale_label"],
        "least": least,
        "most": most,
        "choose": f"0 = {least}, 10 = {most}" if has_own_ends else language.mail["choose_in_text"],
        "promise": words.promise(message, language, values),
        "survey_url": _survey_url(message),
        "trap_url": f"{_survey_url(message)}/all",  # for scanners: shown to nobody
    }


def _survey_url(message: Message) -> str:
    path = str(message.fields.get("survey_path") or "")
    if not path.startswith("/"):
        raise Refused("This message has no link to a survey.")
    return f"{settings.PUBLIC_URL}{path}"


def _closing(
    message: Message, language: Language, values: Mapping[str, Any], *, text: str
) -> dict[str, str]:
    is_signed = message.kind not in ASKING and words.is_signed(text, values)
    return {
        "signature": "" if is_signed else words.signature(language, values),
        "reason": language.mail["reason"].format_map(values),
        "address": words.postal_address(message.workspace),
        "unsubscribe": language.mail["unsubscribe"],
        "unsubscribe_url": headers.unsubscribe_url(message),
    }


def _html(message: Message, language: Language, parts: Mapping[str, str]) -> str:
    places = {
        name: markup.paragraphs(text) if name in _IN_PARAGRAPHS else markup.escaped(text)
        for name, text in parts.items()
    }
    layout = _LAYOUTS.get(Kind(message.kind), "letter")
    if checking.asks(message):
        layout = checking.LAYOUT
    return layouts.fill(layout, language.direction, {**places, "language": language.code})


def _text(message: Message, language: Language, parts: Mapping[str, str]) -> str:
    """The same words and the same links, for those who read plain text."""
    blocks = [parts["text"]]
    if message.kind in ASKING:
        where = f"{parts['choose']}\n{parts['survey_url']}"
        blocks += [parts["question"], where, parts["promise"]]
    if checking.asks(message):
        blocks += checking.as_text(parts)
    if message.kind != Kind.REPLY:
        foot = (
            parts["reason"], parts["address"],
            f"{parts['unsubscribe']}: {parts['unsubscribe_url']}",
        )  # fmt: skip
        blocks += [parts["signature"], "\n".join(["-- ", *(line for line in foot if line)])]
    return "\n\n".join(block for block in blocks if block) + "\n"
