"""Texts that customers write: Liquid cut down to fields, a few filters and `if`.

A template is plain text. Values go in as they are; whoever makes HTML of the result escapes all of
it at once, so that neither a template nor a value can bring markup of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, ResourceLimitError

from afterscore.kit.errors import Refused

FIELDS = (
    "first_name", "name", "account", "company", "sender_name", "sender_first_name", "days",
    "minutes", "score", "comment", "theme", "features",
)  # fmt: skip
AFTER_ANSWER = ("score", "comment", "theme", "features")
ASKING_FIELDS = tuple(name for name in FIELDS if name not in AFTER_ANSWER)
"""Those that have a value before the question is answered."""

TAGS = ("if", "unless")
FILTERS = ("default", "upcase", "downcase", "capitalize", "strip")
MAX_LENGTH = 10_000
MAX_OUTPUT = 40_000
LONGEST_SHOWN = 60
MAX_MARKS = 200  # reading takes time that grows with the square of their number
_UNKNOWN_TAG = re.compile(r"unexpected tag '(.+)'")
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_EMPTY_MARK = re.compile(r"\{\{\s*\}\}")
_BLOCK = re.compile(r"\{%-?\s*(?:end)?(if|unless)\b.*?%\}", re.DOTALL)
# How other programs write fields: they would be printed as they stand.
_FOREIGN = re.compile(rf"\{{\s*({'|'.join(FIELDS)})\s*\}}|\[({'|'.join(FIELDS)})\]", re.IGNORECASE)
_PLUMBING = ("content", "output", "illegal")  # text, {{ }}, and the error for any other tag


class _Environment(Environment):
    output_stream_limit = MAX_OUTPUT
    local_namespace_limit = MAX_OUTPUT
    loop_iteration_limit = 1
    block_nesting_limit = 6
    # White space inside a condition is the writer's: "{% if account %} {% endif %}".
    suppress_blank_control_flow_blocks = False

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {name: self.tags[name] for name in (*_PLUMBING, *TAGS)}
        self.filters = {name: self.filters[name] for name in FILTERS}


_ENVIRONMENT = _Environment(undefined=StrictUndefined)
# None, not "": an empty text is true in Liquid, and `{% if first_name %}` must mean "is there one".
_EMPTY: dict[str, Any] = dict.fromkeys(FIELDS)
_FULL: dict[str, Any] = {**dict.fromkeys(FIELDS, "x"), "days": 30, "minutes": 1, "score": 9}


def render(text: str, values: Mapping[str, Any]) -> str:
    """The text with its values; fields without one are empty. Raises Refused as `check` does."""
    try:
        given = {name: value for name, value in values.items() if value != ""}
        return _parsed(text).render(_EMPTY | given)
    except (LiquidError, RecursionError) as error:
        check(text, field="text")  # says it better, where the text itself is wrong
        raise Refused(_sentence(error, text)) from error


@lru_cache(maxsize=512)
def _parsed(text: str) -> BoundTemplate:
    if len(text) > MAX_LENGTH:
        raise ResourceLimitError(f"The text is longer than {MAX_LENGTH} characters", token=None)
    if text.count("{{") + text.count("{%") > MAX_MARKS:
        raise ResourceLimitError(f"The text has more than {MAX_MARKS} fields and tags", token=None)
    return _ENVIRONMENT.from_string(text)


def check(text: str, *, field: str, is_asking: bool = False) -> None:
    """Raises Refused, naming line and culprit, unless the text will always render.

    A text that asks goes to many people whom nobody looks at, before any of them has answered: it
    names neither score nor comment, and holds nothing that only looks like a field. In a reply
    braces may be a customer's own.
    """
    fields = ASKING_FIELDS if is_asking else FIELDS
    try:
        template = _parsed(text)
        leftovers = _leftovers(text) if is_asking else ()
        problem = next(chain(_problems(template, text, fields), leftovers), None)
        if problem is None:
            template.render(_EMPTY)
            template.render(_FULL)
    except (LiquidError, RecursionError) as error:
        raise Refused(_sentence(error, text, fields), field=field) from error
    if problem is not None:
        raise Refused(problem, field=field)


def _problems(template: BoundTemplate, text: str, fields: Collection[str]) -> Iterator[str]:
    analysis = template.analyze()
    for name, uses in analysis.variables.items():
        for use in uses:
            line = _line(text, use.span.index)
            if name not in fields:
                yield f"Line {line}: {_unknown(name, fields)}"
            elif len(use.segments) > 1:
                yield f"Line {line}: The field '{name}' has no parts; write {{{{ {name} }}}}."
    for name, places in analysis.filters.items():
        if name not in FILTERS:
            line = _line(text, places[0].index)
            yield f"Line {line}: There is no filter '{name}'{_meant(name, FILTERS)}"


def _unknown(name: str, fields: Collection[str]) -> str:
    if name in FIELDS:
        known = f"You can use: {', '.join(fields)}."
        return f"The field '{name}' is known only after an answer, and this is read before. {known}"
    return f"There is no field '{name}'{_meant(name, fields)}"


def _leftovers(text: str) -> Iterator[str]:
    """What was meant as a field and would be printed as it stands."""
    plain = _MARK.sub(_blank, text)
    foreign = _FOREIGN.search(plain)
    if foreign:
        name = (foreign[1] or foreign[2]).lower()
        yield (
            f"Line {_line(text, foreign.start())}: '{foreign[0]}' would be printed as it stands; "
            f"write {{{{ {name} }}}}."
        )
    for begin, end in (("{{", "}}"), ("{%", "%}")):
        index = plain.find(end)
        if index >= 0:
            yield f"Line {_line(text, index)}: '{end}' ends a field that no '{begin}' begins."


def _blank(found: re.Match[str]) -> str:
    """As long as what was found, so that places stay where they are."""
    return re.sub(r"[^\n]", " ", found[0])


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f". You can use: {', '.join(known)}."


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


def _sentence(error: Exception, text: str, fields: Collection[str] = FIELDS) -> str:
    if isinstance(error, RecursionError):
        return "The text is nested too deeply."
    message = str(getattr(error, "message", error)).rstrip(".")
    tag = _UNKNOWN_TAG.fullmatch(message)
    empty = _EMPTY_MARK.search(text)
    token = getattr(error, "token", None)
    index = token.start_index if token is not None else -1
    place = f"Line {_line(text, index)}: " if index >= 0 else ""
    if tag and tag[1] in ("else", "elsif", *(f"end{name}" for name in TAGS)):
        return f"{place}'{{% {tag[1]} %}}' belongs to no '{{% if %}}' before it."
    if tag:
        return f"{place}There is no tag '{tag[1]}'{_meant(tag[1], TAGS)}"
    if empty:
        known = f"You can use: {', '.join(fields)}."
        return f"Line {_line(text, empty.start())}: '{{{{ }}}}' names no field. {known}"
    if message.startswith("expected tag end"):
        return _unclosed(text)
    return f"{place}{message}{_misread(text, index, fields)}"


def _unclosed(text: str) -> str:
    """Of a condition without an end: where it begins."""
    opened: list[re.Match[str]] = []
    for block in _BLOCK.finditer(text):
        if "end" + block[1] not in block[0]:
            opened.append(block)
        elif opened:
            opened.pop()
    if not opened:
        return "A condition has no end."
    block = opened[-1]
    line = _line(text, block.start())
    return f"Line {line}: '{block[0]}' has no end; write {{% end{block[1]} %}} after it."


def _misread(text: str, index: int, fields: Collection[str]) -> str:
    """What stands there, and the field that may be meant by it: "{{ first name }}"."""
    mark = next((m for m in _MARK.finditer(text) if m.start() <= index < m.end()), None)
    if mark is None or len(mark[0]) > LONGEST_SHOWN:
        return "."
    name = re.sub(r"\W+", "_", mark[0].strip("{}% ")).strip("_").lower()
    close = difflib.get_close_matches(name, fields, n=1, cutoff=0.6)
    meant = f"; did you mean {{{{ {close[0]} }}}}?" if close else "."
    return f", in '{mark[0]}'{meant}"
