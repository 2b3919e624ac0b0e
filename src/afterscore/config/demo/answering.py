"""What customers of the demo write back: mails as their programs make them, by the door for mail.

It has a chance of its own, so that the story beside it stays the same with it or without.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from afterscore.cases.models import Case
from afterscore.domain.nps import Group
from afterscore.kit import mailboxes
from afterscore.outreach import operations as outreach

Happening = Callable[[datetime], None]
At = Callable[[datetime, Happening], None]

DOMAIN = "replies.harbourline.example"
WRITES, AWAY, WITH_FILE = 0.45, 0.08, 0.2
SAID = {
    "en": {
        Group.DETRACTOR: "Thank you for asking. It is the report at the end of the month: it takes "
        "an hour, and twice it stopped without a word.",
        Group.PASSIVE: "Fair question. With fewer clicks for the daily orders I would give you "
        "more.",
        Group.PROMOTER: "Gladly. You may quote me, but please with my first name only.",
    },
    "de": {
        Group.DETRACTOR: "Danke der Nachfrage. Es ist die Auswertung am Monatsende: Sie dauert "
        "eine Stunde, und zweimal brach sie ohne ein Wort ab.",
        Group.PASSIVE: "Gute Frage. Mit weniger Klicks bei den täglichen Aufträgen gäbe ich mehr.",
        Group.PROMOTER: "Gern. Sie dürfen mich zitieren, aber bitte nur mit Vornamen.",
    },
    "fr": {
        Group.DETRACTOR: "Merci de votre message. C'est le rapport de fin de mois : il prend une "
        "heure, et deux fois il s'est arrêté sans un mot.",
        Group.PASSIVE: "Bonne question. Avec moins de clics pour les commandes du jour, je "
        "donnerais plus.",
        Group.PROMOTER: "Volontiers. Vous pouvez me citer, avec mon prénom seulement.",
    },
    "es": {
        Group.DETRACTOR: "Gracias por preguntar. Es el informe de fin de mes: tarda una hora y dos "
        "veces se detuvo sin decir nada.",
        Group.PASSIVE: "Buena pregunta. Con menos clics en los pedidos diarios les daría más.",
        Group.PROMOTER: "Con gusto. Pueden citarme, pero solo con mi nombre de pila.",
    },
}
INTRODUCED = {
    "en": "On {day:%Y-%m-%d} at {day:%H:%M}, {who} wrote:",
    "de": "Am {day:%d.%m.%Y} um {day:%H:%M} schrieb {who}:",
    "fr": "Le {day:%d/%m/%Y} à {day:%H:%M}, {who} a écrit :",
    "es": "El {day:%d/%m/%Y} a las {day:%H:%M}, {who} escribió:",
}
ABSENT = {
    "en": ("Out of office", "I am away until Monday and read your mail then."),
    "de": ("Abwesenheitsnotiz", "Ich bin bis Montag nicht im Büro und lese Ihre Nachricht dann."),
    "fr": ("Réponse automatique", "Je suis absent jusqu'à lundi et lirai votre message alors."),
    "es": ("Respuesta automática", "Estoy fuera hasta el lunes y leeré su mensaje entonces."),
}


class Answering:
    """Called after each mail of ours; what follows goes into the story's calendar by `at`."""

    def __init__(self, *, seed: int, at: At) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
        self.at = at

    def after_reply(
        self, case: Case, group: Group, *, sender: str, body: str, now: datetime, sent_at: datetime
    ) -> None:
        language = case.response.language.split("-")[0]
        language = language if language in SAID else "en"
        made = _mail(case, number=self.chance.getrandbits(40))
        drawn = self.chance.random()
        if drawn < AWAY:
            made["Auto-Submitted"] = "auto-replied"
            made.replace_header("Subject", ABSENT[language][0])
            made.set_content(ABSENT[language][1])
            self._post(case, made, sent_at + timedelta(minutes=self.chance.randint(2, 9)))
        elif drawn < AWAY + WRITES:
            text = SAID[language][group]
            introduced = INTRODUCED[language].format(day=now, who=sender)
            quoted = "\n".join(f"> {line}".rstrip() for line in body.splitlines())
            made.set_content(f"{text}\n\n{case.contact.name}\n\n{introduced}\n{quoted}\n")
            if group is Group.DETRACTOR and self.chance.random() < WITH_FILE:
                made.add_attachment(
                    _picture(), maintype="image", subtype="png", filename="report.png"
                )
            self._post(case, made, sent_at + timedelta(hours=self.chance.uniform(1, 16)))

    def _post(self, case: Case, made: EmailMessage, instant: datetime) -> None:
        recipient = mailboxes.address("case", case.public_id, DOMAIN) or ""
        raw = made.as_bytes()

        def arrive(now: datetime) -> None:
            outreach.receive(recipient=recipient, raw=raw, now=now)

        self.at(instant, arrive)


def _mail(case: Case, *, number: int) -> EmailMessage:
    made = EmailMessage()
    made["From"] = case.contact.email or ""
    made["To"] = f"case@{DOMAIN}"
    made["Subject"] = "Re: Harbourline"
    made["Message-ID"] = f"<{number:x}@customers.example>"
    return made


def _picture() -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    rows = b"".join(b"\0" + b"\xb0" * 64 for _ in range(40))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 40, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
