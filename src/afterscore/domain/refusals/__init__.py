"""Whose fault it is when a mail is refused: read from the status code and from the wording.

Servers give the code of a dead address to mail they merely dislike, and the other way round. The
wording is therefore asked first, and the code decides where the wording says nothing. In doubt it
is not the address: a dead address written to once more costs a little, a customer who is never
written to again is lost (docs/algorithms/bounces.md).
"""

from __future__ import annotations

import re
from enum import StrEnum

from afterscore.domain.refusals import wordings


class Fault(StrEnum):
    ADDRESS = "address"  # nobody is there
    MAILBOX = "mailbox"  # somebody is there, and takes no mail at present: full, disabled
    MAIL = "mail"  # the mail or its sender displeased
    SYSTEM = "system"  # something on the way is broken or busy
    UNKNOWN = "unknown"


_MOST = 4000  # of a reply: what counts comes first, and long input must not cost time
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.-])([45])\d\d(?=[ \-:;,)\]]|$)")

# RFC 3463: bad mailbox, bad system, bad syntax, moved, and (RFC 7505) a domain without mail.
# 5.1.7 and 5.1.8 blame the sender's address instead; 5.1.351 is Microsoft's.
_DEAD = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "1.351"})
_BY_SUBJECT = {"2": Fault.MAILBOX, "3": Fault.SYSTEM, "4": Fault.SYSTEM, "6": Fault.MAIL}

_ADDRESSES = re.compile(r"[^\s<>\"'\[\](),;:@]{1,80}@[^\s<>\"'\[\](),;]{1,255}")
_HOSTS = re.compile(r"\b\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,}\b", re.IGNORECASE)
_LINKS = re.compile(r"https?://\S*|\bwww\.\S*", re.IGNORECASE)
_ESCAPED = re.compile(r"\x1b\$[@B]")


def judge(reply: str, *, status: str = "", transcript: str = "") -> Fault:
    """`reply` is what the server said, with its codes; `status` the enhanced code of a report,
    which counts where the reply itself has none; `transcript` whatever tells which command it
    answered."""
    reply = reply[:_MOST]
    words = _words(reply)
    code = ENHANCED.search(reply) or ENHANCED.search(status)
    kind, subject, detail = ("", "", "") if code is None else (code[1], code[2], code[3])
    if _is_policy(reply, subject):
        return Fault.MAIL
    if wordings.RESOLVER.search(reply) or wordings.NOT_IN_DIRECTORY.search(words):
        return Fault.ADDRESS
    fault = _by_words(words, is_temporary=kind == "4")
    if fault is Fault.UNKNOWN and subject == "1" and wordings.ADDRESS_REJECTED.search(words):
        return Fault.ADDRESS
    if fault is Fault.UNKNOWN and wordings.NOBODY.search(words):
        is_coded = subject not in ("", "2") and (subject, detail) != ("0", "0")
        is_certain = is_coded or _answers_recipient(f"{transcript[:_MOST]}\n{reply}")
        is_filter = wordings.NAMELESS.search(reply) is not None or not is_certain
        fault = Fault.MAIL if is_filter else Fault.ADDRESS
    if fault is Fault.ADDRESS and subject == "2" and detail != "1":
        return Fault.MAILBOX  # RFC 3463: the mailbox exists, whatever else is said of it
    return fault if fault is not Fault.UNKNOWN else _by_code(kind, f"{subject}.{detail}")


def status_in(text: str) -> str:
    """The first enhanced code of a text, or the class its reply code stands for, or nothing."""
    code = ENHANCED.search(text)
    if code is not None:
        return f"{code[1]}.{code[2]}.{code[3]}"
    reply = _REPLY.search(text)
    return "" if reply is None else f"{reply[1]}.0.0"


def has_words(reply: str) -> bool:
    """More than codes, that is: something to judge by."""
    return re.search(r"[^\W\d_]{3}", _words(reply[:_MOST])) is not None


def _is_policy(reply: str, subject: str) -> bool:
    """Security and policy (5.7.x) never speak of the address, and neither does a blocklist."""
    codes = {each[2] for each in ENHANCED.finditer(reply)}
    return "7" in {*codes, subject} or wordings.BLOCKLISTS.search(reply) is not None


def _answers_recipient(transcript: str) -> bool:
    return wordings.BEFORE_DATA.search(transcript) is not None


def _by_words(words: str, *, is_temporary: bool) -> Fault:
    if wordings.MAIL.search(words):
        return Fault.MAIL
    if wordings.BUSY.search(words):
        return Fault.SYSTEM
    if wordings.MAILBOX.search(words):
        return Fault.MAILBOX
    if wordings.NOT_LISTED.search(words):
        return Fault.ADDRESS
    if wordings.NOWHERE.search(words):
        return Fault.SYSTEM if is_temporary else Fault.ADDRESS
    return Fault.UNKNOWN


def _by_code(kind: str, code: str) -> Fault:
    if code in _DEAD and kind == "5":
        return Fault.ADDRESS
    return _BY_SUBJECT.get(code.split(".", maxsplit=1)[0], Fault.UNKNOWN)


def _words(reply: str) -> str:
    """Without addresses, hosts and links, whose names say anything, and on one line."""
    if _ESCAPED.search(reply):
        reply = reply.encode("latin-1", "replace").decode("iso2022_jp", "replace")
    without = _HOSTS.sub(" ", _ADDRESSES.sub(" ", _LINKS.sub(" ", reply)))
    return " ".join(without.split())
