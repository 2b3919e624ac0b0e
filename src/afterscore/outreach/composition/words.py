"""What a mail says, as plain text: the workspace's own words, else those of the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from afterscore.domain import identity
from afterscore.domain.second_reminders import Participation
from afterscore.kit.errors import Refused
from afterscore.outreach.composition import templates
from afterscore.outreach.models import Kind, Message
from afterscore.surveys import languages
from afterscore.surveys.languages import Language
from afterscore.workspaces.models import Workspace

LINE_LENGTH = 300
DEFAULT_MINUTES = 1
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://\S*", re.IGNORECASE)
_SUBJECTS = {
    Kind.HEADS_UP: "subject_heads_up",
    Kind.INVITATION: "subject_invitation",
    Kind.REMINDER: "subject_reminder",
    Kind.FOLLOW_UP: "subject_follow_up",
    Kind.REPLY: "subject_follow_up",
}
_OPENINGS = {
    Kind.HEADS_UP: ("heads_up_text",),
    Kind.INVITATION: ("why",),
    Kind.REMINDER: ("reminder_intro", "why"),
}


def language_of(message: Message) -> Language:
    default = languages.recognise(message.workspace.language) or "en"
    return languages.choose(message.language, default)


def values_of(message: Message) -> dict[str, Any]:
    """One value for each of `templates.FIELDS`; "" where there is none."""
    given: Mapping[str, Any] = message.fields
    return {
        "name": identity.clean_name(message.to_name),
        "first_name": identity.first_name(message.to_name),
        "sender_name": identity.clean_name(message.sender_name),
        "sender_first_name": identity.first_name(message.sender_name),
        "account": without_links(str(given.get("account") or "")),
        "company": without_links(str(given.get("company") or message.workspace.name)),
        "days": given.get("days") or "",
        "minutes": given.get("minutes") or DEFAULT_MINUTES,
        "score": given.get("score", ""),
        "comment": "\n".join(str(given.get("comment") or "").splitlines()).strip(),
        "theme": without_links(str(given.get("theme") or "")),
        "features": without_links(str(given.get("features") or "")),
    }


_ISOLATES = "\u2068\u2069"


def isolated(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A name of another script must not disturb the order of words written right to left."""
    if language.direction == "ltr":
        return dict(values)
    return {
        name: value.join(_ISOLATES) if value and isinstance(value, str) else value
        for name, value in values.items()
    }


def without_links(text: str) -> str:
    """A company's name: "Booking.com" is one, "https://evil.example" is none."""
    return one_line(_LINK.sub(" ", text))


def one_line(text: str) -> str:
    """Safe in a header: no line breaks, no control or direction characters, no markup, and nothing
    that a mail program would take for an encoded word."""
    if not text.isprintable():  # so that a plain line is not looked at letter by letter
        kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
        text = "".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Cs"})
    plain = text.replace("<", "").replace(">", "").replace("=?", "= ?")
    return " ".join(plain.split())[:LINE_LENGTH]


def subject(message: Message, language: Language, values: Mapping[str, Any]) -> str:
    if message.subject:
        return one_line(_own(message, message.subject, values))
    key = _SUBJECTS[Kind(message.kind)]
    plain = f"{key}_plain"
    if plain in language.mail and not values["first_name"]:
        key = plain
    return one_line(language.mail[key].format_map(values))


def opening(message: Message, language: Language, values: Mapping[str, Any]) -> str:
    """Everything above the question, or the whole letter."""
    if not message.body:
        keys = _OPENINGS.get(Kind(message.kind))
        if keys is None:
            raise Refused("This message has no text.")
        texts = [language.mail[key].format_map(values) for key in keys]
        return _paragraphs(greeting(language, values), *texts, *peers(message, language))
    own = _own(message, message.body, values).strip()
    if message.kind == Kind.REMINDER:
        return _paragraphs(own, language.mail["reminder_intro"], *peers(message, language))
    return own


def peers(message: Message, language: Language) -> tuple[str, ...]:
    """How many companies like the reader's have answered, where that is most of enough of them."""
    asked, answered = (message.fields.get(f"peers_{what}") or 0 for what in ("asked", "answered"))
    if message.kind != Kind.REMINDER or not Participation(asked, answered).is_majority:
        return ()
    figures = {"asked": asked, "answered": answered}
    return (language.mail["peers_answered"].format_map(figures),)


def greeting(language: Language, values: Mapping[str, Any]) -> str:
    text = language.greeting_named if values["first_name"] else language.greeting_plain
    return text.format_map(values)


def _own(message: Message, text: str, values: Mapping[str, Any]) -> str:
    """A person's reply stands as written where it happens to be no template."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return templates.render(text, values)
    except Refused:
        if message.kind == Kind.REPLY:
            return text
        raise


def promise(message: Message, language: Language, values: Mapping[str, Any]) -> str:
    """How long it takes, and what follows: in the program's own words, else by when there will be
    a reply (where a time is promised)."""
    duration = language.mail["duration"].format_map(values)
    own = str(message.fields.get("commitment") or "")
    if own:
        return f"{duration} {one_line(_own(message, own, values))}"
    if not values["days"]:
        return duration
    return f"{duration} {language.mail['commitment'].format_map(values)}"


def signature(language: Language, values: Mapping[str, Any]) -> str:
    lines = (language.mail["sign_off"], values["sender_name"], values["company"])
    return "\n".join(line for line in dict.fromkeys(lines) if line)


def postal_address(workspace: Workspace) -> str:
    lines = (line.strip(" ,") for line in workspace.postal_address.splitlines())
    return ", ".join(line for line in lines if line)


def is_signed(text: str, values: Mapping[str, Any]) -> bool:
    """Whether a letter already ends with its writer's name."""
    last_lines = " ".join(text.strip().splitlines()[-2:])
    name = str(values["sender_first_name"] or values["sender_name"]).strip(_ISOLATES)
    return bool(name) and name in last_lines


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts)
