"""What a text speaks of, by words that stand for each theme. No model: every match can be shown.

A theme is a list of words and phrases in any languages. They are compared in lower case, without
accents, word by word; a plural in -s counts for its singular. `deliver*` stands for any ending,
`*lieferung` for any beginning; `-back support` says where the theme's words mean something else.
A phrase never reaches across the end of a sentence or a comma. Rather a mention overlooked than one
that is none: see docs/algorithms/themes.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MOST_WORDS = 300
LONGEST_WORD = 60
SHORTEST_STEM = 3  # letters beside a star
_MOST_REMEMBERED = 50_000

# Marks that belong to the letter before them: accents written apart, vowel signs, joiners.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
    "\u200c\u200d"
)
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_BREAK = re.compile(r"[.,;:!?…()\[\]\"«»“”。、！？；：，]|\n\s*\n")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Written without spaces between words: a word counts wherever its letters stand.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# Endings are written onto the word.
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NO_PLURALS = frozenset({"news", "this", "does", "goods", "always", "less", "perhaps"})
_SHORTEST_PLURAL = 4


class WordRefused(ValueError):
    """A word that cannot stand for a theme; its text is a sentence for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text speaks of a theme, and the word of the list that says so."""

    theme: str
    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """As words are compared: without case and without the accents of European scripts."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", folded))


def parse_words(text: str) -> list[str]:
    """The words and phrases of a text, one a line or between commas, each once.

    Raises WordRefused for the first that would match next to nothing, or next to everything.
    """
    found: dict[tuple[bool, tuple[_Part, ...]], str] = {}
    for piece in re.split(r"[\n,;]", text):
        word = " ".join(piece.split())
        if word:
            found.setdefault((word.startswith("-"), _parts(word)), word)
    if len(found) > MOST_WORDS:
        raise WordRefused(f"{len(found)} words are more than the {MOST_WORDS} a theme may have.")
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a phrase, folded; open to other beginnings or endings."""

    text: str
    opens: bool = False
    ends: bool = True

    def fits(self, token: str) -> bool:
        if self.opens and not self.ends:
            return self.text in token
        if self.opens:
            return any(form.endswith(self.text) for form in _forms(token))
        if not self.ends:
            return token.startswith(self.text)
        return self.text in _forms(token)

    @property
    def is_plain(self) -> bool:
        return self.ends and not self.opens


def _parts(word: str) -> tuple[_Part, ...]:
    if len(word) > LONGEST_WORD:
        raise WordRefused(f"“{word[:30]}…” is longer than {LONGEST_WORD} letters.")
    parts = tuple(part for piece in word.removeprefix("-").split() for part in _split(piece, word))
    if not parts:
        raise WordRefused(f"“{word}” holds no letters.")
    if len(parts) == 1 and len(parts[0].text) < 2 and not _UNSPACED.search(parts[0].text):
        raise WordRefused(f"“{word}” is a single letter; it would be found by chance.")
    return parts


def _split(piece: str, word: str) -> Iterator[_Part]:
    """The parts of one written word: `check-in` has two."""
    if "*" in piece.strip("*"):
        raise WordRefused(f"“{word}”: a star stands at the beginning or the end of a word only.")
    tokens = _TOKEN.findall(fold(piece))
    if "*" in piece and not tokens:
        raise WordRefused(f"“{word}”: a star stands beside letters, not alone.")
    for place, token in enumerate(tokens):
        opens = piece.startswith("*") and place == 0
        ends = not (piece.endswith("*") and place == len(tokens) - 1)
        if _UNSPACED.search(token):
            yield _Part(token, opens=True, ends=False)
            continue
        if (opens or not ends) and len(token) < SHORTEST_STEM:
            raise WordRefused(
                f"“{word}” would be found almost anywhere: beside a star stand at least "
                f"{SHORTEST_STEM} letters."
            )
        yield _Part(token, opens=opens, ends=ends and not _HANGUL.search(token))


def _forms(token: str) -> tuple[str, ...]:
    """The token, and the singulars of which it may be the plural: by -s, -es after a hissing
    sound, -ies, and the French -x."""
    if len(token) < _SHORTEST_PLURAL or token in _NO_PLURALS:
        return (token,)
    if token.endswith("ies"):
        return (token, token[:-3] + "y", token[:-1])
    if re.search(r"(?:s|x|z|ch|sh)es$", token):
        return (token, token[:-2], token[:-1])
    if token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return (token, token[:-1])
    if token.endswith(("eaux", "eux")):
        return (token, token[:-1])
    return (token,)


@dataclass(frozen=True, slots=True)
class _Phrase:
    theme: str
    word: str
    rest: tuple[_Part, ...]  # after its first part
    excludes: bool


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    follows: bool  # no end of a sentence, comma or bracket lies between it and the one before


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        between = text[last:start]
        follows = between == " " or (last > 0 and not _BREAK.search(between))
        found.append(_Token(match.group(), start, end, follows))
        last = end
    return found


class Matcher:
    """The words of several themes, made ready to be looked for in many texts."""

    def __init__(self, themes: Mapping[str, Sequence[str]]) -> None:
        self.themes = tuple(themes)
        self._starts: dict[_Part, list[_Phrase]] = {}
        for theme, words in themes.items():
            for word in words:
                first, *rest = _parts(word)
                phrase = _Phrase(theme, word, tuple(rest), word.startswith("-"))
                self._starts.setdefault(first, []).append(phrase)
        self._plain = {part.text: part for part in self._starts if part.is_plain}
        self._open = tuple(part for part in self._starts if not part.is_plain)
        self._known: dict[str, tuple[_Phrase, ...]] = {}

    def match(self, text: str) -> list[str]:
        """The themes of which a text speaks, in the order they were given."""
        spoken_of = {mention.theme for mention in self.mentions(text)}
        return [theme for theme in self.themes if theme in spoken_of]

    def mentions(self, text: str) -> list[Mention]:
        """Every place, in the order of the text; of those that overlap, the longest."""
        tokens = _tokens(text)
        spans = list(self._spans(tokens))
        if not spans:
            return []
        barred = {
            (phrase.theme, place)
            for phrase, first, last in spans
            if phrase.excludes
            for place in range(first, last + 1)
        }
        found: dict[tuple[str, int], Mention] = {}
        taken: set[tuple[str, int]] = set()
        for phrase, first, last in sorted(spans, key=lambda span: (span[1] - span[2], span[1])):
            places = {(phrase.theme, place) for place in range(first, last + 1)}
            if not phrase.excludes and not places & barred and not places & taken:
                taken |= places
                start, end = tokens[first].start, tokens[last].end
                found[phrase.theme, first] = Mention(phrase.theme, phrase.word, start, end)
        return sorted(found.values(), key=lambda mention: mention.start)

    def _spans(self, tokens: Sequence[_Token]) -> Iterator[tuple[_Phrase, int, int]]:
        for first, token in enumerate(tokens):
            for phrase in self._beginning_with(token.text):
                if not phrase.rest or _goes_on(phrase.rest, tokens, first):
                    yield phrase, first, first + len(phrase.rest)

    def _beginning_with(self, token: str) -> tuple[_Phrase, ...]:
        known = self._known.get(token)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[token] = tuple(self._look_up(fold(token)))
        return known

    def _look_up(self, token: str) -> Iterable[_Phrase]:
        for form in _forms(token):
            if form in self._plain:
                yield from self._starts[self._plain[form]]
        for part in self._open:
            if part.fits(token):
                yield from self._starts[part]


def _goes_on(rest: Sequence[_Part], tokens: Sequence[_Token], first: int) -> bool:
    following = tokens[first + 1 : first + 1 + len(rest)]
    return len(following) == len(rest) and all(
        token.follows and part.fits(fold(token.text))
        for part, token in zip(rest, following, strict=True)
    )


def matcher(themes: Mapping[str, Sequence[str]]) -> Matcher:
    """The same matcher again for the same words: it remembers the words it has looked up."""
    return _prepared(tuple((theme, tuple(words)) for theme, words in themes.items()))


@lru_cache(maxsize=32)
def _prepared(themes: tuple[tuple[str, tuple[str, ...]], ...]) -> Matcher:
    return Matcher(dict(themes))
