"""What somebody wrote in a mail, apart from what the mail repeats of earlier ones.

Pure, by lines, and without loss: every line of the text is in one of the three parts. When in
doubt a line counts as written. The rules are told in docs/algorithms/replies.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.outreach.inlet.quoting_words import (
    DEVICE,
    FORWARDED,
    LABELS,
    OPENING,
    ORIGINAL,
    WROTE,
)

MOST_INTRODUCTION = 4  # lines over which a mail program's sentence may be broken
LONGEST_INTRODUCTION = 320
LONGEST_SIGNATURE = 14  # lines; what follows a mark for longer than that is no signature
CONTEXT = 3  # lines of a quotation that are kept above an answer written between quotations
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_TIME = re.compile(r"\d{1,2}\s?[:.hH時时시]\s?\d{2}")
_LABEL = re.compile(r"^[\s*_]*([^\W\d_][^:：*]{0,22}?)\s*\*?\s*[:：]")
_RULE = re.compile(r"^\s*(?:[-_=*]{5,}|-{2,}\s*\S.{1,60}\S\s*-{2,})\s*$")
_SIGNATURE = re.compile(r"^--[ \t\u00a0]*$")


@dataclass(frozen=True, slots=True)
class Divided:
    text: str  # what was written
    signature: str = ""
    quoted: str = ""  # earlier mails

    @property
    def rest(self) -> str:
        """All that is not shown at first."""
        return "\n\n".join(part for part in (self.signature, self.quoted) if part)


def divide(text: str, *, may_be_empty: bool = False) -> Divided:
    """Where nothing would be left as written, everything is, unless the writer `may` have written
    nothing: a file may have been all there was to say."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = [_BIDI.sub("", line).strip()[:2000] for line in lines]
    is_quote = _mark(plain)
    written, signature, quoted = _sort(lines, plain, is_quote)
    if not written.strip() and not may_be_empty:
        return Divided(text.strip())
    return Divided(written.strip(), signature.strip(), quoted.strip("\n").rstrip())


def _mark(plain: Sequence[str]) -> list[bool]:
    """For each line whether it belongs to an earlier mail."""
    marks = [line.startswith(">") for line in plain]
    for start in range(len(plain)):
        if marks[start] and (start == 0 or not marks[start - 1]):
            first = _introduction_before(plain, marks, start)
            marks[first:start] = [True] * (start - first)
    cut = _find_cut(plain, marks)
    if cut is not None:
        marks[cut:] = [True] * (len(plain) - cut)
    return marks


def _introduction_before(plain: Sequence[str], marks: Sequence[bool], start: int) -> int:
    """The line at which the sentence above a quotation begins; `start` where there is none."""
    last = start - 1
    while last >= 0 and last >= start - 3 and not plain[last]:
        last -= 1
    if last < 0 or not plain[last] or marks[last]:
        return start
    for count in range(1, MOST_INTRODUCTION + 1):
        first = last - count + 1
        if first < 0 or not plain[first] or marks[first]:
            break
        if _introduces(" ".join(plain[first : last + 1]), is_marked=True):
            return _opening(plain, marks, first, last)
    return start


def _opening(plain: Sequence[str], marks: Sequence[bool], first: int, last: int) -> int:
    """A sentence that was broken over lines begins where its first word stands."""
    for earlier in range(first, max(last - MOST_INTRODUCTION, -1), -1):
        if not plain[earlier] or marks[earlier]:
            break
        if OPENING.match(plain[earlier]) and earlier <= first:
            joined = " ".join(plain[earlier : last + 1])
            return earlier if len(joined) <= LONGEST_INTRODUCTION else first
    return first


def _introduces(sentence: str, *, is_marked: bool) -> bool:
    """Whether this is how a mail program begins a quotation: a date, and who wrote. Where the
    quotation has marks of its own, less is asked of the sentence."""
    if len(sentence) > LONGEST_INTRODUCTION or not any(map(str.isdigit, sentence)):
        return False
    ends = sentence.rstrip().endswith((":", "："))
    is_said = WROTE.search(sentence) is not None
    has_address = _ADDRESS.search(sentence) is not None
    if is_marked:
        return (ends and (is_said or has_address or _TIME.search(sentence) is not None)) or (
            has_address and (is_said or sentence.rstrip().endswith(">"))
        )
    if not ends:
        return False
    is_dated = _TIME.search(sentence) is not None
    return (has_address and is_dated) or (is_said and (is_dated or bool(OPENING.match(sentence))))


def _find_cut(plain: Sequence[str], marks: Sequence[bool]) -> int | None:
    """The line from which on everything is an earlier mail, although no line says so itself."""
    for number, line in enumerate(plain):
        if marks[number] or not line:
            continue
        if FORWARDED.match(line) or (_RULE.match(line) and ORIGINAL.search(line)):
            return number
        if _is_block(plain, number):
            return _rule_before(plain, number)
        first = _unmarked_introduction(plain, marks, number)
        if first is not None:
            return first
    return None


def _unmarked_introduction(plain: Sequence[str], marks: Sequence[bool], last: int) -> int | None:
    if not plain[last].endswith((":", "：")) or _has_marks_below(marks, last):
        return None
    if not any(plain[last + 1 :]):
        return None  # nothing is quoted by it
    for count in range(1, MOST_INTRODUCTION + 1):
        first = last - count + 1
        if first < 0 or not plain[first] or marks[first]:
            return None
        if _introduces(" ".join(plain[first : last + 1]), is_marked=False):
            return _opening(plain, marks, first, last)
    return None


def _has_marks_below(marks: Sequence[bool], last: int) -> bool:
    return any(marks[last + 1 : last + 4])


def _is_block(plain: Sequence[str], start: int) -> bool:
    """Outlook's labels: who, and when or about what, at least three lines of them."""
    if _kind(plain[start]) not in ("from", "sent", "subject", "to"):
        return False
    kinds = []
    for line in plain[start : start + 12]:
        kind = _kind(line)
        if kind:
            kinds.append(kind)
        elif not line and kinds and len(kinds) >= 3:
            break
    return len(kinds) >= 3 and "from" in kinds and ("sent" in kinds or "subject" in kinds)


def _kind(line: str) -> str:
    found = _LABEL.match(line)
    return LABELS.get(" ".join(found[1].casefold().split()), "") if found else ""


def _rule_before(plain: Sequence[str], start: int) -> int:
    """A line drawn above the labels belongs to them."""
    above = start - 1
    while above >= 0 and not plain[above]:
        above -= 1
    return above if above >= 0 and _RULE.match(plain[above]) else start


def _sort(
    lines: Sequence[str], plain: Sequence[str], is_quote: Sequence[bool]
) -> tuple[str, str, str]:
    written: list[str] = []
    signature: list[str] = []
    quoted: list[str] = []
    last = max((n for n, line in enumerate(plain) if line and not is_quote[n]), default=-1)
    has_begun = False
    for is_earlier, start, end in _runs(plain, is_quote):
        part = list(lines[start:end])
        if is_earlier:
            quoted += part
            if has_begun and end <= last:
                written += _context(part)
            continue
        end_of_text = _signature_from(plain[start:end])
        written += part[:end_of_text]
        signature += part[end_of_text:]
        has_begun = has_begun or any(plain[start : start + end_of_text])
    return "\n".join(written), "\n".join(signature), "\n".join(quoted)


def _runs(plain: Sequence[str], is_quote: Sequence[bool]) -> list[tuple[bool, int, int]]:
    """Stretches of the same sort; empty lines between two stretches of quotation are quoted."""
    runs: list[tuple[bool, int, int]] = []
    is_empty = True  # nothing but empty lines since the last quotation
    for number, mark in enumerate(is_quote):
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1], number + 1)
        elif mark and len(runs) > 1 and is_empty:
            runs.pop()
            runs[-1] = (True, runs[-1][1], number + 1)
        else:
            runs.append((mark, number, number + 1))
        is_empty = mark or (is_empty and not plain[number])
    return runs


def _context(quotation: Sequence[str]) -> list[str]:
    """What an answer between quotations is about: the last lines above it."""
    said = [line for line in quotation if line.strip(" >\t")]
    return ["", *said[-CONTEXT:]]


def _signature_from(plain: Sequence[str]) -> int:
    """Where in this stretch the signature begins, by its mark or by what a telephone adds."""
    for number, line in enumerate(plain):
        if _SIGNATURE.match(line) and _fits(plain[number + 1 :]):
            return number
    last = len(plain)
    while last > 0 and not plain[last - 1]:
        last -= 1
    if last and len(plain[last - 1]) < 100 and DEVICE.match(plain[last - 1]):
        return last - 1
    return len(plain)


def _fits(below: Sequence[str]) -> bool:
    return sum(bool(line) for line in below) <= LONGEST_SIGNATURE
