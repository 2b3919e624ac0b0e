"""Replies that nobody wrote: absences, confirmations, tickets (RFC 3834)."""

from __future__ import annotations

import re

from afterscore.outreach.inlet.findings import AutoReply
from afterscore.outreach.inlet.parts import Mail, addresses, header, take_apart

ABSENCE = "absence"
AUTOMATIC = "automatic"

# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish and
# Norwegian, Finnish, Russian, Japanese, Chinese.
_ABSENCES = re.compile(
    r"out of (?:the )?office|on (?:vacation|leave|holiday)|vacation|away from (?:my|the)|\booo\b|"
    r"abwesen|im urlaub|nicht im (?:büro|hause)|absence|absent\b|en congé|fuera de (?:la )?oficina|"
    r"ausencia|fuori (?:sede|ufficio)|assenza|fora do escritório|ausência|de férias|"
    r"afwezig|niet op kantoor|poza biurem|nieobecno|urlop|frånvaro|semester|fravær|ferie|poissa|"
    r"вне офиса|отсутств|в отпуске|不在|休暇|外出|休假",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"^(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|auto:)|autoreply|auto-?respon|"
    r"automatische (?:antwort|antwoord)|antwort automatisch|réponse automatique|"
    r"respuesta autom|risposta automatica|resposta automática|automatisch antwoord|"
    r"automatyczna odpowied|autosvar|automatiskt svar|automaattinen vastaus|автоответ|"
    r"автоматическ\w+ ответ|自動(?:応答|返信|回复)|自动(?:回复|答复)",
    re.IGNORECASE,
)
_REPLY_MARK = re.compile(r"^\s*(?:re|aw|sv|antw|odp|rv|r|fwd?|wg|vs|res)\s*:\s*", re.IGNORECASE)
_PRECEDENCES = ("auto_reply", "auto-reply", "autoreply")
_MACHINES = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-vacation")
_UNSENT = ("<>", "")


def recognise(raw: bytes) -> AutoReply | None:
    try:
        return read(take_apart(raw))
    except RecursionError:
        return None


def read(mail: Mail) -> AutoReply | None:
    """None for what a person may have written."""
    subject = header(mail.headers, "Subject")
    while _REPLY_MARK.match(subject):
        subject = _REPLY_MARK.sub("", subject)
    is_absence = _ABSENCES.search(subject) is not None
    if not (_is_marked(mail) or _is_named(mail, subject, is_absence=is_absence)):
        return None
    address = next(iter(addresses(mail.headers, "From", "Reply-To")), "")
    is_away = is_absence or _ABSENCES.search(mail.notice[:600]) is not None
    return AutoReply(ABSENCE if is_away else AUTOMATIC, address)


def _is_marked(mail: Mail) -> bool:
    marks = mail.headers
    submitted = header(marks, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if header(marks, "Precedence").lower() in _PRECEDENCES:
        return True
    return any(header(marks, name).lower() not in ("", "no", "0") for name in _MACHINES)


def _is_named(mail: Mail, subject: str, *, is_absence: bool) -> bool:
    """By the subject, which a person might have written as well: only with another sign."""
    if _AUTOMATIC.search(subject):
        return True
    came_from = mail.headers.get("Return-Path")
    is_unsent = came_from is not None and came_from.strip() in _UNSENT
    is_mass = header(mail.headers, "Precedence").lower() in ("bulk", "junk", "list")
    is_tamed = mail.headers.get("X-Auto-Response-Suppress") is not None
    return is_absence and (is_unsent or is_mass or is_tamed)
