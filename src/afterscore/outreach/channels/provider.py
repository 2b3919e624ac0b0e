"""Mail through the interface of a provider: one letter, one request, one answer, or several letters
in one request where the provider can (`together`).

django-anymail speaks to each provider; what is decided here is what an answer means. Once a
request has begun to leave, only a clear answer tells whether the letter was taken.
"""

from __future__ import annotations

import email
import re
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.encoders import encode_base64
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import default as modern
from email.utils import parseaddr
from importlib import import_module
from queue import SimpleQueue
from typing import Any

import requests
from anymail.exceptions import (
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailWarning,
)
from anymail.message import AnymailStatus
from django.core.mail import EmailMultiAlternatives

from afterscore.kit import crash, secrets
from afterscore.kit.errors import Refused
from afterscore.outreach.channels import (
    Accepted,
    Declined,
    HandOff,
    Letter,
    Outcome,
    Unknown,
    Unreachable,
    Untried,
    Way,
    providers,
    replies,
    together,
)
from afterscore.outreach.channels.providers import Provider
from afterscore.outreach.channels.requesting import Watch, observe, seconds_to_wait

LINES = 8  # requests at once; as many letters at most are in doubt after a crash
CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 30.0
BATCH_SECONDS = 20.0  # no new request is begun after it: the lease must cover the last one
METADATA = "message"  # under this name our own id travels with the letter
MOST_OF_A_REPLY = 600
_OWN_ID = re.compile(r"<(msg_[^@>]+)@")
# What every provider sets by itself, or is told in a field of its own.
_NOT_PASSED_ON = frozenset(
    {"from", "to", "subject", "reply-to", "date", "mime-version", "content-type",
     "content-transfer-encoding"}
)  # fmt: skip
# The fault lies with the key, the account or the address of the interface, never with a letter.
_OURS_TO_MEND = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 404, 405, 429})


@dataclass(slots=True)
class _Line:
    """One connection with the backend that uses it; a request at a time."""

    backend: Any
    watch: Watch = field(default_factory=Watch)


@dataclass(slots=True)
class _Request:
    """What one letter asks of the provider."""

    letter: Letter
    mail: Any
    payload: Any


class ByProvider:
    needs_content = True

    def __init__(self, way: Way) -> None:
        self.way = way
        self.provider = _provider_of(way)
        self.together = together.WAYS.get(self.provider.key)
        self.batch_size = together.MOST if self.together else 3 * LINES
        self.handful = together.MOST if self.together else LINES
        repeating = self.provider.repeating
        self.repeat_window = repeating.within if repeating else None
        self._lines: SimpleQueue[_Line] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._trouble = ""  # why nothing goes out at present, until the next `open` has said so
        self._rest = 0.0  # for how many seconds the provider asks to be left alone then
        self._has_been_taken = False  # one letter at first: a wrong key should meet no more

    def open(self) -> None:
        trouble, self._trouble = self._trouble, ""
        if trouble:
            rest, self._rest, self._has_been_taken = self._rest, 0.0, False
            said = f"{self.provider.name} takes nothing at present: {trouble}"
            raise Unreachable(said, rest=rest)
        if self._threads is None:
            for _ in range(LINES):
                self._lines.put(self._line())
            self._threads = ThreadPoolExecutor(LINES, thread_name_prefix="provider")

    def _line(self) -> _Line:
        missing = [
            each.label for each in self.provider.settings
            if each.is_required and each.is_for_sending and not self._values().get(each.name)
        ]  # fmt: skip
        if missing:
            raise Unreachable(f"{self.provider.name} needs: {', '.join(missing)}.")
        backend_class = import_module(f"anymail.backends.{self.provider.module}").EmailBackend
        with (
            warnings.catch_warnings()
        ):  # SendGrid's is no longer tested there; docs/mail.md says so
            warnings.simplefilter("ignore", AnymailWarning)
            backend = backend_class(
                **self._values(for_sending=True),
                **(self.provider.fixed or {}),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            )
        backend.open()
        line = _Line(backend)
        observe(backend.session, line.watch)
        return line

    def _values(self, *, for_sending: bool = False) -> dict[str, str]:
        """What was entered, by anymail's names."""
        entered = {**self.way.options, **self.way.secrets}
        names = {
            each.name for each in self.provider.settings if each.is_for_sending or not for_sending
        }
        return {name: entered[name] for name in {*names, "api_url"} if entered.get(name)}

    def close(self) -> None:
        threads, self._threads = self._threads, None
        if threads is None:
            return
        threads.shutdown(wait=True)
        while not self._lines.empty():
            self._lines.get().backend.close()

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        ends = time.monotonic() + BATCH_SECONDS
        waiting = list(letters)
        while waiting:
            if self._trouble or self._threads is None or time.monotonic() > ends:
                yield [Untried(letter.number) for letter in waiting]
                return
            size = (together.MOST if self.together else LINES) if self._has_been_taken else 1
            some, waiting = waiting[:size], waiting[size:]
            allowed = hand_off([letter.number for letter in some])
            outcomes: list[Outcome] = [
                Untried(letter.number) for letter in some if letter.number not in allowed
            ]
            chosen = [letter for letter in some if letter.number in allowed]
            if self.together and len(chosen) > 1:
                outcomes += self._send_together(self.together, chosen)
            else:
                outcomes += self._threads.map(self._send, chosen)
            self._learn(outcomes)
            yield outcomes

    def _learn(self, outcomes: Sequence[Outcome]) -> None:
        self._has_been_taken |= any(isinstance(each, Accepted) for each in outcomes)
        for each in outcomes:
            if isinstance(each, Declined) and each.blames_way:
                self._trouble = each.reply
                self._rest = max(self._rest, each.rest)

    def _send(self, letter: Letter) -> Outcome:
        line = self._lines.get()
        line.watch.reset()
        try:
            read = email.message_from_bytes(letter.content, policy=modern)
            mail = self._addressed(line, _mail_of(read, letter), own_id(str(read["Message-ID"])))
            crash.point("provider.before_request")
            line.backend.send_messages([mail])
            crash.point("provider.after_answer")
            return self._taken(letter, mail)
        except AnymailRecipientsRefused as error:
            return self._refused(letter, error)
        except Exception as error:  # noqa: BLE001 (a provider may answer anything; all is judged)
            return self._judge(letter, error, has_begun=line.watch.has_begun)
        finally:
            self._lines.put(line)

    def _send_together(self, way: together.Way, letters: Sequence[Letter]) -> list[Outcome]:
        """One outcome for each. Those that no request can be made of do not hold up the others."""
        line = self._lines.get()
        line.watch.reset()
        outcomes: list[Outcome] = []
        asked: list[_Request] = []
        try:
            for letter in letters:
                try:
                    asked.append(self._request(line, letter))
                except Exception as error:  # noqa: BLE001 (whatever a letter holds; all is judged)
                    outcomes.append(self._not_left(letter, error))
            if asked:
                outcomes += self._ask(way, line, asked)
        finally:
            self._lines.put(line)
        return outcomes

    def _request(self, line: _Line, letter: Letter) -> _Request:
        read = email.message_from_bytes(letter.content, policy=modern)
        mail = self._addressed(line, _mail_of(read, letter), own_id(str(read["Message-ID"])))
        mail.anymail_status = AnymailStatus()
        payload = line.backend.build_message_payload(mail, line.backend.send_defaults)
        return _Request(letter, mail, payload)

    def _ask(self, way: together.Way, line: _Line, asked: Sequence[_Request]) -> list[Outcome]:
        try:
            crash.point("provider.before_request")
            answer = together.post(way, line.backend, [each.payload for each in asked])
            crash.point("provider.after_answer")
            parts = self._parts(way, answer, len(asked))
        except Exception as error:  # noqa: BLE001 (a provider may answer anything; all is judged)
            begun = line.watch.has_begun
            return [self._judge(each.letter, error, has_begun=begun) for each in asked]
        return [
            self._read(line.backend, each, part) for each, part in zip(asked, parts, strict=True)
        ]

    def _parts(self, way: together.Way, answer: Any, count: int) -> list[Any]:
        """What is said of each letter: of some providers also under a status that is no yes."""
        try:
            return together.cut(way, answer, count)
        except together.Unreadable as error:
            raise AnymailRequestsAPIError(response=answer) from error

    def _read(self, backend: Any, asked: _Request, part: Any) -> Outcome:
        """What this answer would mean, had the letter been sent alone."""
        letter, mail, payload = asked.letter, asked.mail, asked.payload
        try:
            backend.raise_for_status(part, payload, mail)
            mail.anymail_status.esp_response = part
            mail.anymail_status.set_recipient_status(
                backend.parse_recipient_status(part, payload, mail)
            )
            backend.raise_for_recipient_status(mail.anymail_status, part, payload, mail)
            return self._taken(letter, mail)
        except AnymailRecipientsRefused as error:
            return self._refused(letter, error)
        except Exception as error:  # noqa: BLE001 (a provider may answer anything; all is judged)
            return self._judge(letter, error, has_begun=True)

    def _addressed(self, line: _Line, mail: Any, name: str) -> Any:
        """With our own id, by which the provider reports on it and recognises it again, and
        without a pixel or links that lead elsewhere."""
        provider, repeating = self.provider, self.provider.repeating
        if name and provider.takes_metadata:
            mail.metadata = {METADATA: name}
        if provider.can_forbid_tracking:
            mail.track_opens = mail.track_clicks = False
        if repeating and repeating.header:
            key = repeating.key(name) if name else None  # None leaves the header out
            line.backend.session.headers[repeating.header] = key
        elif repeating and name:
            mail.extra_headers["idempotencyKey"] = repeating.key(name)
        return mail

    def _taken(self, letter: Letter, mail: Any) -> Outcome:
        """Also an answer in order may say that the letter will not go."""
        _, status = next(iter(mail.anymail_status.recipients.items()))
        if status.status == "failed":
            return _declined(letter, self._said_in(mail.anymail_status.esp_response))
        name = str(status.message_id or "")
        said = f"{self.provider.name} took it" + (f" as {name}" if name else "") + "."
        return Accepted(letter.number, said, provider_id=name.strip("<>")[:200])

    def _refused(self, letter: Letter, error: Any) -> Declined:
        """The request was in order; the provider will not write to this address."""
        statuses = {
            str(each.status) for each in error.email_message.anymail_status.recipients.values()
        }
        reply = (
            f"{self.provider.name} will not write to this address ({', '.join(sorted(statuses))})."
        )
        return Declined(
            letter.number,
            f"{reply} {self._said(error)}".strip(),
            is_permanent=True,
            blames_address="invalid" in statuses,
        )

    def _judge(self, letter: Letter, error: Exception, *, has_begun: bool) -> Outcome:
        status = _status_of(error)
        if not has_begun:
            return self._not_left(letter, error)
        if status in _OURS_TO_MEND:
            return Declined(
                letter.number,
                self._said(error),
                is_permanent=False,
                blames_way=True,
                rest=seconds_to_wait(_response_of(error).headers),
            )
        if status == 409 and self.provider.repeating:
            # The key is known, with other content or still in work: the first request counts.
            return Unknown(letter.number, self._said(error))
        if status is not None and 400 <= status < 500 and status != 408:
            return _declined(letter, self._said(error))
        return Unknown(
            letter.number, self._said(error), may_repeat=self.provider.repeating is not None
        )

    def _not_left(self, letter: Letter, error: Exception) -> Declined:
        if isinstance(error, requests.RequestException):
            reason = f"could not be reached: {_reason(error)}"
            reply = secrets.hide(f"{self.provider.name} {reason}", self.way.secrets)
            return Declined(letter.number, reply, is_permanent=False, blames_way=True)
        reply = secrets.hide(f"{self.provider.name} cannot carry it: {error}", self.way.secrets)
        return Declined(letter.number, reply[:MOST_OF_A_REPLY], is_permanent=True)

    def _said(self, error: Exception) -> str:
        """The provider's answer in its own words, without our keys."""
        response = _response_of(error)
        return self._hidden(_reason(error)) if response is None else self._said_in(response)

    def _said_in(self, answer: Any) -> str:
        words = " ".join(answer.text.split())
        return self._hidden(f"{answer.status_code} {answer.reason}: {words}")

    def _hidden(self, said: str) -> str:
        return secrets.hide(said, self.way.secrets)[:MOST_OF_A_REPLY]


def _declined(letter: Letter, said: str) -> Declined:
    """Permanent only where the address is blamed: what displeased about the request may be the
    account's or ours to mend, and must not end a whole wave."""
    blames = replies.blames_address(said)
    return Declined(letter.number, said, is_permanent=blames, blames_address=blames)


def _provider_of(way: Way) -> Provider:
    """Raises Refused for one that this version does not know."""
    key = str(way.options.get("provider", ""))
    if key not in providers.PROVIDERS:
        raise Refused(f"There is no mail provider '{key}'. Choose one of the list.")
    return providers.PROVIDERS[key]


def _mail_of(read: EmailMessage, letter: Letter) -> Any:
    """The same letter in the shape that anymail takes."""
    mail = EmailMultiAlternatives(
        subject=str(read["Subject"] or ""),
        body=_text_of(read, "plain"),
        from_email=str(read["From"]),
        to=[_recipient(read, letter)],
        reply_to=[str(read["Reply-To"])] if read["Reply-To"] else None,
        headers={k: str(v) for k, v in read.items() if k.lower() not in _NOT_PASSED_ON},
    )
    html = _text_of(read, "html")
    if html:
        mail.attach_alternative(html, "text/html")
    for part in read.walk():
        if part.get_content_disposition():
            mail.attach(_enclosed(part))
    return mail


def _enclosed(part: EmailMessage) -> MIMEBase:
    """A picture that the HTML shows, or a file."""
    made = MIMEBase(part.get_content_maintype(), part.get_content_subtype())
    made.set_payload(part.get_payload(decode=True))
    encode_base64(made)
    for name in ("Content-Disposition", "Content-ID"):
        if part[name]:
            made[name] = str(part[name])
    return made


def _recipient(read: EmailMessage, letter: Letter) -> str:
    """As it is named in the letter, but to nobody else than the envelope says."""
    named = str(read["To"] or "")
    return named if parseaddr(named)[1] == letter.recipient else letter.recipient


def _text_of(read: EmailMessage, subtype: str) -> str:
    part = read.get_body(preferencelist=(subtype,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def own_id(message_id: str) -> str:
    """The public id of the message inside its Message-ID."""
    found = _OWN_ID.search(message_id)
    return found[1] if found else ""


def _response_of(error: Exception) -> Any:
    """anymail wraps what `requests` raises, and loses the answer of a redirect."""
    found = getattr(error, "response", None)
    return getattr(error.__cause__, "response", None) if found is None else found


def _status_of(error: Exception) -> int | None:
    response = _response_of(error)
    return None if response is None else int(response.status_code)


def _reason(error: BaseException) -> str:
    """What happened on the wire, in words; never the request, which carries our keys."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    cause = error.__cause__ or error
    said = str(cause)
    found = re.search(
        r"(?<=\d\] )[^')]+|certificate verify failed[^')]*|Remote end closed[^')]*", said
    )
    return found[0] if found else type(cause).__name__
