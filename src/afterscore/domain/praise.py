"""Which of our people a customer names: whole words, accents and case folded, no guessing.

A full name is always meant. A first name is, where only one of us bears it and it is written with a
capital: "ana" may be a word, "Ana" is she. First names that are words of their own ("Will", "Mark")
do not count at the beginning of a sentence, where every word has a capital.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SOMEBODY = "a colleague"

_NAMES_THAT_ARE_WORDS = """
april amber art bill chase chip dawn drew faith frank grace grant hope iris ivy jack jade joy june
mark max may miles norm pat pearl penny ray rich rob robin rose ruby sky sue summer tim victor will
"""
WORDS_TOO = frozenset(_NAMES_THAT_ARE_WORDS.split())

_ENDS = ".!?…:;\n"


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of ours at a place in the text: from `start` on and before `end`."""

    id: str
    start: int
    end: int


def find(text: str, people: Sequence[Person]) -> tuple[Named, ...]:
    """Every place where one of these people is named, in order; `people` are all there are, for a
    first name that two bear names neither."""
    folded, places = _folded(text)
    firsts = Counter(_words(person.name)[0] for person in people if _words(person.name))
    found = []
    for person in people:
        words = _words(person.name)
        if not words:
            continue
        spans = list(_spans(folded, places, " ".join(words))) if len(words) > 1 else []
        if firsts[words[0]] == 1:
            spans += [
                span
                for span in _spans(folded, places, words[0])
                if _is_meant(text, span, words[0]) and not _within(span, spans)
            ]
        found += [Named(person.id, start, end) for start, end in spans]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def hide(text: str, named: Sequence[Named], shown: frozenset[str]) -> str:
    """The text with whoever is not among `shown` called a colleague."""
    for each in sorted(named, key=lambda one: one.start, reverse=True):
        if each.id not in shown:
            somebody = SOMEBODY.capitalize() if _begins_sentence(text, each.start) else SOMEBODY
            text = f"{text[: each.start]}{somebody}{text[each.end :]}"
    return text


def _words(name: str) -> list[str]:
    return _folded(name)[0].split()


def _folded(text: str) -> tuple[str, list[int]]:
    """Without accents and case; beside each letter, where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter):
            if unicodedata.combining(part):
                continue
            plain = " " if part.isspace() else part.casefold()
            letters.append(plain)
            places += [place] * len(plain)
    return "".join(letters), places


def _spans(folded: str, places: list[int], words: str) -> Iterator[tuple[int, int]]:
    start = folded.find(words)
    while start >= 0:
        end = start + len(words)
        before, after = folded[start - 1 : start], folded[end : end + 1]
        if not (_joins(before) or _joins(after)):
            yield places[start], places[end - 1] + 1
        start = folded.find(words, start + 1)


def _joins(letter: str) -> bool:
    """Whether a letter beside a word makes it a part of a longer one, or of an address."""
    return letter.isalnum() or (letter in {"-", "_", "@"} and letter != "")


def _is_meant(text: str, span: tuple[int, int], first: str) -> bool:
    start, _end = span
    if not text[start].isupper():
        return not _has_case(text[start])
    return first not in WORDS_TOO or not _begins_sentence(text, start)


def _has_case(letter: str) -> bool:
    """Many scripts know no capitals; there a name looks like any word, and is taken for one."""
    return letter.upper() != letter.lower()


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'“„«(")
    return not before or before[-1] in _ENDS


def _within(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
