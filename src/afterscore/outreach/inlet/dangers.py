"""Which files to be careful with: by their names, and by how they begin. Nothing is opened."""

from __future__ import annotations

PROGRAM = "Can run as a program"
MACROS = "Can hold macros"
PAGE = "Can run scripts when opened"
PACKED = "Packed: nobody looked inside"
DISGUISED = "Is not what its name says"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PROGRAMS = _set(
    "exe msi msix msp bat cmd com scr pif ps1 psm1 vb vbs vbe js jse mjs ws wsf wsh hta jar "
    "lnk reg app dmg pkg apk ipa sh bash zsh py pyw pl rb command appimage deb rpm cpl msc "
    "dll sys iso img vhd vhdx chm scf url desktop inf gadget application xll"
)
_MACROS = _set("docm dotm xlsm xltm xlsb xlam pptm potm ppam ppsm sldm mdb accdb one")
_PAGES = _set("htm html xhtml xht shtml svg svgz mht mhtml xml xsl swf")
_PACKED = _set("zip rar 7z gz tgz bz2 xz tar cab ace arj z zst")
_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa")
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml")
_LOOKED_AT = 1024


def caution(name: str, content: bytes) -> str:
    """Why to be careful with it, or "" for no reason that is known."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    start = content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending in _PROGRAMS:
        return PROGRAM
    if start.startswith(_STARTS):
        return DISGUISED if ending else PROGRAM
    for endings, why in ((_MACROS, MACROS), (_PAGES, PAGE), (_PACKED, PACKED)):
        if ending in endings:
            return why
    return DISGUISED if start.lower().startswith(_MARKUP) else ""
