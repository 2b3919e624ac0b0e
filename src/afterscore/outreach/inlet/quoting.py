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
_RULE = re.compile(r"^(?:[-_=*]{5,}|\*?-{2,}\s*\S.{1,200}\S\s*-{2,}\*?)$")
_QUOTE = re.compile(r"^(?:[A-Z]{0,3}>(?=[\s>]|$)|>(?!\s?(?:wrote)?:$))")
_DAY_FIRST = re.compile(r"^\d{1,4}(?:[./-]|\s)")
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
    marks = [_QUOTE.match(line) is not None for line in plain]
    _mark_bars(plain, marks)
    for start in range(len(plain)):
        if marks[start] and (start == 0 or not marks[start - 1]):
            first = _introduction_before(plain, marks, start)
            marks[first:start] = [True] * (start - first)
    _mark_unmarked(plain, marks)
    return marks


def _mark_bars(plain: Sequence[str], marks: list[bool]) -> None:
    """Some programs quote with bars; so do tables, which nobody introduces with an address."""
    for start in range(1, len(plain)):
        if plain[start].startswith("|") and not plain[start - 1].startswith("|"):
            end = start
            while end < len(plain) and plain[end].startswith("|"):
                end += 1
            if _introduction_before(plain, marks, start) < start:
                marks[start:end] = [True] * (end - start)


def _introduction_before(plain: Sequence[str], marks: Sequence[bool], start: int) -> int:
    """The line at which the sentence above a quotation begins; `start` where there is none."""
    last = start - 1
    while last >= 0 and last >= start - 3 and not plain[last]:
        last -= 1
    if last < 0 or not plain[last] or marks[last]:
        return start
    first = _sentence(plain, marks, last, is_marked=True)
    return start if first is None else first


def _sentence(
    plain: Sequence[str], marks: Sequence[bool], last: int, *, is_marked: bool
) -> int | None:
    """Where the sentence of a mail program begins that ends on this line. It may be broken over
    several: then it begins with the line that names a writer or a day."""
    found: int | None = None
    for first in range(last, max(last - MOST_INTRODUCTION, -1), -1):
        if not plain[first] or marks[first]:
            break
        joined = " ".join(plain[first : last + 1])
        if len(joined) > LONGEST_INTRODUCTION:
            break
        is_one = _introduces(joined, is_marked=is_marked)
        if is_one and (found is None or _begins(plain[first])):
            found = first
    return found


def _begins(line: str) -> bool:
    """Whether a line may be the first of a program's sentence, seen from one below it."""
    names = (_ADDRESS.search(line) is not None) + (WROTE.search(line) is not None)
    is_sentence = line.endswith((".", "!", "?"))
    is_broken = line.endswith("<") or (_DAY_FIRST.match(line) and _TIME.search(line))
    return bool(OPENING.match(line) or is_broken) or names > is_sentence


def _introduces(sentence: str, *, is_marked: bool) -> bool:
    """Whether this is how a mail program begins a quotation: who wrote, and when. Where the
    quotation has marks of its own, less is asked of the sentence."""
    ends = sentence.endswith((":", "："))
    is_said = WROTE.search(sentence) is not None
    is_dated = _TIME.search(sentence) is not None
    has_address = _ADDRESS.search(sentence) is not None
    has_number = any(map(str.isdigit, sentence))
    if ends and has_address and (is_said or is_dated):
        return True
    if is_marked:
        by_date = ends and has_number and (is_said or is_dated)
        return by_date or (has_address and has_number and sentence.endswith(">"))
    return ends and is_said and has_number and (is_dated or bool(OPENING.match(sentence)))


def _mark_unmarked(plain: Sequence[str], marks: list[bool]) -> None:
    """An earlier mail whose lines do not say so themselves: from its introduction on all is of it.

    Where nothing was written above, the introduction alone is set aside: what stands below is all
    that there is, an answer beneath or a mail passed on.
    """
    has_begun = False
    number = 0
    while number < len(plain):
        if not marks[number] and plain[number]:
            found = _find_unmarked(plain, marks, number)
            if found is not None:
                first, end = found
                has_begun = has_begun or _is_written(plain, marks, first)
                if has_begun:
                    marks[first:] = [True] * (len(plain) - first)
                    return
                marks[first:end] = [True] * (end - first)
                number = end
                continue
        number += 1


def _is_written(plain: Sequence[str], marks: Sequence[bool], end: int) -> bool:
    return any(line and not mark for line, mark in zip(plain[:end], marks[:end], strict=True))


def _find_unmarked(
    plain: Sequence[str], marks: Sequence[bool], number: int
) -> tuple[int, int] | None:
    """Where the introduction that begins or ends on this line begins and ends."""
    line = plain[number]
    bare = line.strip("*_ ")
    if FORWARDED.match(bare) or (_RULE.match(line) and ORIGINAL.search(line)):
        return number, _end_of_block(plain, _next_line(plain, number + 1))
    if _RULE.match(line) and WROTE.search(line) and any(map(str.isdigit, line)):
        return number, number + 1
    if _is_block(plain, number):
        return _rule_before(plain, number), _end_of_block(plain, number)
    if line.endswith((":", "：")) and not _has_marks_below(marks, number):
        first = _sentence(plain, marks, number, is_marked=False)
        if first is not None and _next_line(plain, number + 1) < len(plain):
            return first, number + 1
    return None


def _next_line(plain: Sequence[str], start: int) -> int:
    while start < len(plain) and not plain[start]:
        start += 1
    return start


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


def _end_of_block(plain: Sequence[str], start: int) -> int:
    """Behind the labels, at the line from which on the mail itself begins."""
    end = start
    while end < len(plain) and end < start + 20 and plain[end]:
        end += 1
    return end if end > start and _kind(plain[start]) else start


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
    pending: list[str] = []  # what the next answer is about, if there is one
    for is_earlier, start, end in _runs(plain, is_quote):
        part = list(lines[start:end])
        if is_earlier:
            quoted += part
            pending = _context(part)
            continue
        end_of_text = _signature_from(plain[start:end])
        if any(plain[start : start + end_of_text]):
            written += (pending if any(map(str.strip, written)) else []) + part[:end_of_text]
        else:
            end_of_text = 0
        signature += part[end_of_text:]
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
    start = _first_near_end(plain)
    for number in range(start, len(plain)):
        if _SIGNATURE.match(plain[number]):
            return number
    last = end = len(plain)
    while end and (not plain[end - 1] or _is_device(plain[end - 1])):
        end -= 1
        last = end if plain[end] else last
    return last


def _first_near_end(plain: Sequence[str]) -> int:
    """The first line with no more below it than a signature may have."""
    below = 0
    for number in range(len(plain) - 1, -1, -1):
        if below > LONGEST_SIGNATURE:
            return number + 1
        below += bool(plain[number])
    return 0


def _is_device(line: str) -> bool:
    return len(line) < 100 and DEVICE.match(line) is not None
