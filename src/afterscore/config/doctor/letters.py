"""Whether this machine has the letters of the languages that PDFs and pictures are made in."""

from __future__ import annotations

from collections.abc import Iterator

from afterscore.config.doctor.findings import Finding
from afterscore.insights import languages
from afterscore.kit import typesetting
from afterscore.surveys import languages as known
from afterscore.workspaces.models import Member, Workspace

_MEND = (
    "Install fonts that have them (Debian: apt-get install fonts-noto-core fonts-noto-cjk) and "
    "restart Afterscore."
)


def examine() -> Iterator[Finding]:
    codes = languages.available()
    if typesetting.has_letters("".join(map(_written, codes))):
        text = "There are fonts for PDFs and pictures of charts in every language."
        yield Finding("letters", "ok", text)
        return
    lacking = {code for code in codes if not typesetting.has_letters(_written(code))}
    read = lacking & _languages_read()
    what = "PDFs and pictures of charts show boxes or question marks in their place"
    if read:
        text = f"No font here has all letters of {_named(read)}: {what}."
        yield Finding("letters", "warning", text, _MEND)
    if rest := lacking - read:
        text = f"No font here has all letters of {_named(rest)}, in which nobody reads: {what}."
        yield Finding("letters", "ok", text)


def _written(code: str) -> str:
    """Every letter of the language's phrases, once."""
    return "".join(sorted(set("".join(languages.choose(code).texts.values()))))


def _languages_read() -> set[str]:
    return {
        *Workspace.objects.values_list("language", flat=True),
        *Member.objects.values_list("language", flat=True),
    }


def _named(codes: set[str]) -> str:
    return ", ".join(sorted(known.get(code).english_name for code in codes))
