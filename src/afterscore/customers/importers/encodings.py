"""In which encoding a file is written: marks first, then proof, then likelihood."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

SAMPLE_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = ("cp1250", "cp1254", "cp1257", "mac_roman")
_OTHER_SCRIPTS = (
    "cp1251", "cp1253", "cp1255", "cp1256", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
_WESTERN = re.compile(
    "[“”‘’–—…€£§°®«»©àâäáãåæçèéêëìíîïñòóôöõøœßùúûüýÿšžÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŠŽ¿¡\u00a0]"
)
_LONG_RUN = re.compile(r"[^\x00-\x7f]{3,}")
_RUN = re.compile(r"[^\x00-\x7f]+")
_GOOD_FOR_EACH_BAD = 10
# In Western languages accents stand alone between plain letters; in other scripts whole words
# are beyond ASCII.
_SELDOM = 0.05
_OFTEN = 0.3


def detect_encoding(path: Path) -> str:
    """The name of a codec. Whatever it cannot read becomes U+FFFD, which the rows refuse."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    wide = _wide_encoding(head)
    if wide:
        return wide
    strange = _strange_lines(path)
    return _encoding_of(strange) if strange else "utf-8"


def _wide_encoding(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of mostly Latin text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd / half > 0.4 and even / half < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even / half > 0.4 and odd / half < 0.1 else ""


def _strange_lines(path: Path) -> bytes:
    """Lines with bytes beyond ASCII, from a chunk that is not UTF-8; empty if all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                lines = [line for line in chunk.splitlines() if not line.isascii()]
                return b"\n".join(lines)[:SAMPLE_BYTES]
    return b""


def _encoding_of(sample: bytes) -> str:
    text = sample.decode("utf-8", "replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(_RUN.findall(text.replace("\N{REPLACEMENT CHARACTER}", "")))
    if good >= bad * _GOOD_FOR_EACH_BAD:
        return "utf-8"  # a few broken characters in an otherwise sound file
    western = sample.decode("cp1252", "replace")
    runs = _RUN.findall(western)
    whole_words = len(_LONG_RUN.findall(western)) / len(runs)
    strange = sum(not _WESTERN.match(letter) for run in runs for letter in run) / len(runs)
    if whole_words <= _SELDOM and strange <= _SELDOM:
        return "cp1252"
    return _likeliest(sample, _OTHER_SCRIPTS if whole_words > _OFTEN else _LATIN)


def _likeliest(sample: bytes, candidates: tuple[str, ...]) -> str:
    """Of those that read most of it as letters, the one whose text looks most like a language."""
    from charset_normalizer import from_bytes

    shares = {candidate: _share_of_letters(sample, candidate) for candidate in candidates}
    best = [candidate for candidate in candidates if shares[candidate] == max(shares.values())]
    found = from_bytes(sample, cp_isolation=best, preemptive_behaviour=False).best()
    return found.encoding if found else best[0]


def _share_of_letters(sample: bytes, encoding: str) -> float:
    beyond = [letter for letter in sample.decode(encoding, "replace") if not letter.isascii()]
    return round(sum(map(str.isalpha, beyond)) / max(1, len(beyond)), 2)
