"""HTML mail as plain text, with a mark before each line that repeats an earlier mail.

Only the text is taken: no style, no script, nothing hidden, no picture is fetched. What mail
programs mark as quoted begins with "> ", so that the same rules divide it as divide plain text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 1_000_000  # characters of HTML; a longer mail is read up to there


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _set(
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul"
)
_SPACED = _set("p h1 h2 h3 h4 h5 h6 table ul ol")
_SILENT = _set("head script style title template noscript svg math object iframe")
_VOID = _set("area base br col embed hr img input link meta source track wbr")
_QUOTES = _set(
    "gmail_attr moz-cite-prefix outlookmessageheader yahoo_quoted protonmail_quote "
    "zmail_extra tutanota_quote gmx_quote"
)
_FROM_HERE = frozenset({"divrplyfwdmsg", "mail-editor-reference-message-container"})
_SIGNATURES = frozenset({"gmail_signature", "moz-signature", "signature"})
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden")
_OUTLOOK_RULE = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)\s+1\.0pt")
_INDENT = re.compile(r"border\s*:\s*none")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def from_html(html: str) -> str:
    reader = _Reader()
    reader.feed(html[:LONGEST])
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.open: list[tuple[str, str]] = []  # tag and what it means: quote, silent, link:…, ""
        self.depth = 0
        self.silent = 0
        self.preformatted = 0
        self.is_tail = False  # all that follows is an earlier mail

    def text(self) -> str:
        text = "\n".join(line.rstrip() for line in self.lines)
        return re.sub(r"((?:^|\n)(?:> ?)*)(?:\n(?:> ?)*){2,}(?=\n)", r"\1\n", text).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
        if tag in _BLOCKS:
            self._end_line(is_spaced=tag in _SPACED)
        meaning = self._meaning(tag, given)
        if tag == "li":
            self._write("- ")
        if tag == "img" and given.get("alt", "").strip() and not self.silent:
            self._write(f"[{_SPACE.sub(' ', given['alt']).strip()}]")
        if tag not in _VOID:
            self.open.append((tag, meaning))
            self._begin(tag, meaning)

    def _begin(self, tag: str, meaning: str) -> None:
        self.silent += meaning == "silent"
        self.preformatted += tag == "pre"
        if meaning == "quote":
            self._end_line()
            self.depth += 1
            self._restart()
        if meaning == "signature" and not self.silent:
            self._end_line()
            self._write("--")
            self._break()

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _meaning in self.open]
        if tag not in names:
            return
        while self.open:
            name, meaning = self.open.pop()
            self._finish(name, meaning)
            if name == tag:
                return

    def _finish(self, tag: str, meaning: str) -> None:
        self.silent -= meaning == "silent"
        self.preformatted -= tag == "pre"
        if meaning.startswith("link:") and not self.silent:
            self._show_target(meaning.removeprefix("link:"))
        if meaning == "quote":
            self._end_line()
            self.depth -= 1
            self._restart()
        elif tag in _BLOCKS:
            self._end_line(is_spaced=tag in _SPACED)
        elif tag in ("td", "th"):
            self._write(" ")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.preformatted:
            first, *others = data.split("\n")
            self._write(first)
            for line in others:
                self._break()
                self._write(line)
            return
        self._write(_SPACE.sub(" ", data))

    def _meaning(self, tag: str, given: dict[str, str]) -> str:
        style = given.get("style", "").lower()
        names = {name.removeprefix("x_") for name in given.get("class", "").lower().split()}
        own = given.get("id", "").lower().removeprefix("x_")
        if own in _FROM_HERE or _OUTLOOK_RULE.search(style):
            self._begin_tail()
        if tag in _SILENT or "hidden" in given or _HIDDEN.search(style):
            return "silent"
        is_quote = tag == "blockquote" and not _INDENT.search(style)
        if is_quote or names & _QUOTES or (given.get("name") == "quote" and tag == "div"):
            return "quote"
        if names & _SIGNATURES or own == "signature":
            return "signature"
        return f"link:{given.get('href', '')}" if tag == "a" else ""

    def _begin_tail(self) -> None:
        if not self.is_tail:
            self._end_line()
            self.is_tail = True
            self._restart()

    def _show_target(self, href: str) -> None:
        """A link whose words do not say where it leads says it beside them."""
        is_known = href in self.lines[-1] or href.rstrip("/").split("//")[-1] in self.lines[-1]
        if href.lower().startswith(("http://", "https://")) and not is_known and len(href) <= 200:
            self._write(f" <{href}>")

    @property
    def _prefix(self) -> str:
        return "> " * (self.depth or self.is_tail)

    def _write(self, text: str) -> None:
        if self.silent:
            return
        line = self.lines[-1]
        is_start = line == self._prefix or not line
        self.lines[-1] = line + (text.lstrip(" ") if is_start and not self.preformatted else text)

    def _break(self) -> None:
        if not self.silent:
            self.lines.append(self._prefix)

    def _end_line(self, *, is_spaced: bool = False) -> None:
        if self.silent:
            return
        if self.lines[-1].strip(" >"):
            self.lines.append(self._prefix)
        if is_spaced and len(self.lines) > 1 and self.lines[-2].strip(" >"):
            self.lines.append(self._prefix)

    def _restart(self) -> None:
        """The line that is still empty takes the mark of where it stands now."""
        if not self.lines[-1].strip(" >"):
            self.lines[-1] = self._prefix
