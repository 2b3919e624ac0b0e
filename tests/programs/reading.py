"""What a browser would send: the values of a page's form as they stand."""

from __future__ import annotations

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects the fields of the form with this id; a button is sent only when it is pressed."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.values: dict[str, str] = {}
        self.is_inside = False
        self.select = ""
        self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        elif not self.is_inside:
            return
        elif tag == "input" and name:
            self._take_input(name, given)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            value = given.get("value") or ""
            self.values.setdefault(self.select, value)
            if "selected" in given:
                self.values[self.select] = value
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""

    def _take_input(self, name: str, given: dict[str, str | None]) -> None:
        chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if chosen:
            self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            # A browser drops the line break after the opening tag.
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = ""


def read_form(page: str, form_id: str = "program-form") -> dict[str, str]:
    reader = FormReader(form_id)
    reader.feed(page)
    reader.values.pop("csrfmiddlewaretoken", None)
    return reader.values
