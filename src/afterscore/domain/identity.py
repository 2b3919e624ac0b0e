"""Addresses and names of people, made safe to store, to compare and to greet with."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_EMAIL_LENGTH = 254
MAX_NAME_LENGTH = 60

_MAX_LOCAL_LENGTH = 64
_MAX_LABEL_LENGTH = 63
# Longer input is cut before any pattern runs, so that a hostile name costs no time.
_MAX_NAME_INPUT = 500

# Pasted addresses often carry these at their ends; line breaks are refused, not trimmed.
_TRIMMED = " \t\u00a0\u200b\u2060\ufeff"
_LOCAL_CHARACTERS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
# IDNA 2003 (Python's) and IDNA 2008 (the registries') map these to different domains.
_AMBIGUOUS_IN_DOMAINS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")

_ROLE_LOCAL_PARTS_LISTED = (
    "abuse accounting accounts admin administrator billing contact enquiries finance hello help "
    "helpdesk hostmaster hr info inquiries invoice invoices it jobs kontakt mail marketing news "
    "no-reply noreply office orders postmaster press privacy root sales security service "
    "support team webmaster"
)
ROLE_LOCAL_PARTS = frozenset(_ROLE_LOCAL_PARTS_LISTED.split())

_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"(?:\b[a-z][a-z0-9+.-]{0,30}://|\bwww\.|//)\S*", re.IGNORECASE)
_JOINING_DOT = re.compile(r"([.\u3002\uff0e\uff61])(?=\w)")
_JOINERS = "\u200c\u200d"

_TITLES_LISTED = (
    "arch avv capt col dame dipl.-ing dir don dona dott dott.ssa doña dr dra drs eng frau gen hab "
    "herr hon hr ing lady lord lt m m.me madame mag maj miss mlle mme monsieur mr mrs ms mx mr/mrs "
    "prof prof.dr rev señor señora sgt sig sig.ra signor signora sir sr sra srta"
)
_TITLES = frozenset(_TITLES_LISTED.split())
_SUFFIXES_LISTED = (
    "ba bsc cpa dds esq gmbh ii iii inc iv jr junior llc llm ltd ma mba md msc pe phd ph.d plc "
    "senior sr"
)
_SUFFIXES = frozenset(_SUFFIXES_LISTED.split())
_CJK = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


class InvalidEmail(ValueError):
    """An address that cannot be written to; `reason` is a sentence for the person who typed it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise_email(text: str) -> str:
    """The one spelling under which an address is stored and compared; raises InvalidEmail.

    Lower-cased as a whole, an international domain in its ASCII form. Dots and plus-tags are left
    alone: only the receiving server knows what they mean.
    """
    address = unicodedata.normalize("NFC", text).strip(_TRIMMED)
    _refuse_what_is_no_bare_address(address)
    local, _, domain = address.rpartition("@")
    normalised = f"{_checked_local(local.lower())}@{_checked_domain(domain)}"
    if len(normalised) > MAX_EMAIL_LENGTH:
        raise InvalidEmail(f"The address is longer than {MAX_EMAIL_LENGTH} characters.")
    return normalised


def _refuse_what_is_no_bare_address(address: str) -> None:
    if not address:
        raise InvalidEmail("The address is empty.")
    if not address.isprintable() and any(map(_is_control, address)):
        raise InvalidEmail("The address contains a line break or an invisible character.")
    if "<" in address or ">" in address:
        raise InvalidEmail("Give the address alone, without a name or angle brackets.")
    if any(character.isspace() for character in address):
        raise InvalidEmail("The address contains a space.")
    if address.count("@") != 1:
        raise InvalidEmail("An address has exactly one @.")


def _is_control(character: str) -> bool:
    return unicodedata.category(character)[0] == "C"


def _checked_local(local: str) -> str:
    if not local:
        raise InvalidEmail("Nothing stands before the @.")
    if len(local) > _MAX_LOCAL_LENGTH:
        raise InvalidEmail(f"More than {_MAX_LOCAL_LENGTH} characters stand before the @.")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise InvalidEmail("A dot stands at an end of the part before the @, or two in a row.")
    if not _LOCAL_CHARACTERS.fullmatch(local):
        raise InvalidEmail("The part before the @ contains a character that mail cannot carry.")
    return local


def _checked_domain(domain: str) -> str:
    if "." not in domain.strip("."):
        raise InvalidEmail("The domain after the @ has no dot, such as example.com.")
    if domain.startswith(".") or domain.endswith(".") or ".." in domain:
        raise InvalidEmail("A dot stands at an end of the domain, or two in a row.")
    labels = _ascii_domain(domain).split(".")
    if not all(_LABEL.fullmatch(label) and len(label) <= _MAX_LABEL_LENGTH for label in labels):
        raise InvalidEmail("The domain after the @ contains something no domain can.")
    if labels[-1].isdigit():
        raise InvalidEmail("The part after the @ is a number, not a domain.")
    return ".".join(labels)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    if _AMBIGUOUS_IN_DOMAINS.search(domain):
        raise InvalidEmail("Write this domain in its ASCII form, which starts with xn--.")
    try:
        return domain.lower().encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise InvalidEmail("The domain after the @ contains something no domain can.") from error


def domain_of(email: str) -> str:
    """The part after the @, lower-cased; empty if there is none."""
    _, _, domain = email.rpartition("@")
    return domain.lower() if "@" in email else ""


def is_role_address(email: str) -> bool:
    """Whether an address belongs to a desk (info@, support@) rather than to a person."""
    local, _, _ = email.lower().rpartition("@")
    return local.partition("+")[0] in ROLE_LOCAL_PARTS


def clean_name(text: str) -> str:
    """A name as one line of plain text of at most 60 characters, free of markup and links.

    A dot between letters gets a space behind it, so that no mail program makes a link of
    "evil.com" while "J.R. Tolkien" stays a name. Cleaning twice changes nothing.
    """
    return _cleaned(text[:_MAX_NAME_INPUT])


@lru_cache(maxsize=1_000)  # a sender signs thousands of mails
def _cleaned(text: str) -> str:
    line = _one_line(unicodedata.normalize("NFC", text))
    plain = _TAG.sub(" ", line).replace("<", " ").replace(">", " ")
    without_links = _URL.sub(" ", plain)
    defused = _JOINING_DOT.sub(r"\1 ", without_links)
    return _cut(" ".join(defused.split()))


def _one_line(text: str) -> str:
    if text.isprintable():
        return text

    def visible(character: str) -> str:
        if character in _JOINERS:
            return character
        category = unicodedata.category(character)
        if category in ("Cc", "Zl", "Zp"):
            return " "
        return "" if category in ("Cf", "Cs", "Co", "Cn") else character

    return "".join(map(visible, text))


def _cut(name: str) -> str:
    end = MAX_NAME_LENGTH
    while end < len(name) and end > 0 and unicodedata.combining(name[end]):
        end -= 1
    return name[:end].strip()


def first_name(full: str) -> str:
    """The name to greet with, or "" where guessing could offend.

    Understands titles, "Lima, Ana" and trailing degrees. Names in Chinese, Japanese or Korean
    script are kept whole. A title with one name ("Mr. Smith") and a lone initial give "".
    """
    if "@" in full:
        return ""
    name = clean_name(full)
    if _CJK.search(name):
        return " ".join(name.replace(",", " ").split())
    name = _given_part(name)
    words = [word.strip("\"'()[]\u201c\u201d\u2018\u2019,;:") for word in name.split()]
    words = [word for word in words if word]
    named = _without_titles(words)
    had_title = len(named) < len(words)
    if not named or (had_title and len(named) == 1) or _is_initial(named[0], alone=len(words) == 1):
        return ""
    return named[0]


def _given_part(name: str) -> str:
    """ "Ana" of "Lima, Ana"; the name itself where only titles or degrees follow the comma."""
    family, *rest = (part.strip() for part in name.split(","))
    for part in rest:
        if any(_bare(word) not in _SUFFIXES | _TITLES for word in part.split()):
            return f"{part} {family}"
    return family


def _without_titles(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and _bare(words[start]) in _TITLES:
        start += 1
    end = len(words)
    while end > start and _bare(words[end - 1]) in _SUFFIXES:
        end -= 1
    return words[start:end]


def _bare(word: str) -> str:
    return word.lower().rstrip(".")


def _is_initial(word: str, *, alone: bool) -> bool:
    letters = word.rstrip(".")
    return len(letters) <= 1 and not (alone and letters == word)
