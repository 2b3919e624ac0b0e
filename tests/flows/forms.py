"""Fills in and sends the forms of a page as a browser without JavaScript would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.test import Client


class _Forms(HTMLParser):
    """Collects each form's action and the values that its fields have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.buttons: list[tuple[str, dict[str, list[str]]]] = []
        self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        elif self.forms and "disabled" not in given:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str | None]) -> None:
        name = given.get("name") or ""
        if tag == "button" and given.get("formaction"):
            self.buttons.append((given["formaction"] or "", self.forms[-1][1]))
        elif tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea" and name:
            self.textarea = name
            self._put(name, "")

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                self._put(name, given.get("value") or "on")
        elif kind not in {"submit", "file", "button"}:
            self._put(name, given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            values = self.forms[-1][1][self.textarea]
            values[-1] = (values[-1] + data).lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            if chosen or self.options:
                self._put(self.select, (chosen or [self.options[0][0]])[0])
            self.select = ""

    def _put(self, name: str, value: str) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)


def _post(client: Client, address: str, values: dict[str, Any]) -> Any:
    """Like a browser: urlencoded, except with a file."""
    if any(isinstance(value, UploadedFile) for value in values.values()):
        return client.post(address, values, follow=True)
    body = urlencode(values, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return client.post(address, body, content_type=kind, follow=True)


def send(client: Client, page: Any, *, action: str = "", **changes: Any) -> Any:
    """Sends the page's first form whose action, or button's, ends with `action`, fields changed.

    Follows redirects. Without `action`: the form that posts to the page itself.
    """
    parser = _Forms()
    parser.feed(page.content.decode())
    here = page.redirect_chain[-1][0] if getattr(page, "redirect_chain", None) else ""
    here = here or page.request["PATH_INFO"]
    for target, fields in [*parser.forms, *parser.buttons]:
        address = (target or here).split("?")[0]
        if address.endswith(action) if action else address == here.split("?")[0]:
            answer = _post(client, address, {**fields, **changes})
            assert answer.status_code == 200, f"{address}: {answer.content.decode()}"
            return answer
    known = [target or here for target, _fields in [*parser.forms, *parser.buttons]]
    raise AssertionError(f"no form for '{action}' among {known}")
