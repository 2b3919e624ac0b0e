"""How well what somebody wrote is told from what the mail repeats, beside the library that does it.

    python bench/replies.py [--data ../shared/data] [--show]

Two sets: the replies of twelve mail programs with the text that must remain (talon's, not ours),
and replies as Gmail, Apple Mail and Outlook write them in the languages of the surveys
(tests/outreach/repliers.py, written down by hand). Texts are compared without white space; the
twelve keep what telephones and signatures add, so here both are given it back.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.outreach import repliers

from afterscore.outreach.inlet import quoting

LIBRARY = "mail-parser-reply"
SPACE = str.maketrans("", "", " \t\n\r\u00a0")


def ours(text: str) -> str:
    said = quoting.divide(text)
    return said.text + said.signature


def theirs() -> Callable[[str], str]:
    from mailparser_reply import EmailReplyParser
    from mailparser_reply.constants import MAIL_LANGUAGES

    parser = EmailReplyParser(languages=[name for name in MAIL_LANGUAGES if name != "david"])

    def read(text: str) -> str:
        replies = parser.read(text).replies
        return replies[0].content if replies else ""

    return read


def talon(data: Path) -> dict[str, tuple[str, str]]:
    """Each plain text with what must remain of it."""
    with tarfile.open(data / "email" / "talon_replies.tar.gz") as archive:
        files = {Path(m.name).name: f.read() for m in archive if (f := archive.extractfile(m))}
    expected = json.loads(files["expected.json"])["expected"]
    return {name: (_plain(files[name]), text) for name, text in expected.items()}


def _plain(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def by_hand() -> dict[str, tuple[str, str]]:
    return {name: (text, repliers.SAID) for name, text in repliers.everything().items()}


def measure(
    read: Callable[[str], str], mails: dict[str, tuple[str, str]]
) -> tuple[list[str], float]:
    """The mails that are wrong, and milliseconds a mail."""
    started = time.perf_counter()
    found = {name: read(text) for name, (text, _expected) in mails.items()}
    took = (time.perf_counter() - started) * 1000 / len(mails)
    wrong = [
        name
        for name, (_text, expected) in mails.items()
        if found[name].translate(SPACE) != expected.translate(SPACE)
    ]
    return wrong, took


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parents[1]
    arguments.add_argument("--data", type=Path, default=here.parent / "shared" / "data")
    arguments.add_argument("--show", action="store_true", help="name the mails that are wrong")
    given = arguments.parse_args()
    readers: dict[str, Callable[[str], str]] = {"afterscore": ours}
    try:
        readers[f"{LIBRARY} {version(LIBRARY)}"] = theirs()
    except PackageNotFoundError:
        print(f"{LIBRARY} is not installed: pip install -r requirements-dev.txt")
    sets = {"talon, 12 programs": talon(given.data), "by hand, 44 languages": by_hand()}
    for title, mails in sets.items():
        for name, read in readers.items():
            wrong, took = measure(read, mails)
            right = len(mails) - len(wrong)
            print(f"{title:22}  {name:24} {right:3} of {len(mails)} right  {took:6.2f} ms a mail")
            if given.show:
                print(*(f"      {each}" for each in wrong), sep="\n")


if __name__ == "__main__":
    main()
