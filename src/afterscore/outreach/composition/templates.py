"""Texts that customers write: Liquid cut down to fields, a few filters and `if`.

A template is plain text. Values go in as they are; whoever makes HTML of the result escapes all of
it at once, so that neither a template nor a value can bring markup of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, ResourceLimitError

from afterscore.kit.errors import Refused

FIELDS = (
    "first_name", "name", "account", "company", "sender_name", "sender_first_name", "days",
    "minutes", "score", "comment",
)  # fmt: skip
TAGS = ("if", "unless")
FILTERS = ("default", "upcase", "downcase", "capitalize", "strip")
MAX_LENGTH = 10_000
MAX_OUTPUT = 40_000
MAX_MARKS = 200  # reading takes time that grows with the square of their number
_UNKNOWN_TAG = re.compile(r"unexpected tag '(.+)'")
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


def check(text: str, *, field: str) -> None:
    """Raises Refused, naming line and culprit, unless the text will always render."""
    try:
        template = _parsed(text)
        problem = next(_problems(template, text), None)
        if problem is None:
            template.render(_EMPTY)
            template.render(_FULL)
    except (LiquidError, RecursionError) as error:
        raise Refused(_sentence(error, text), field=field) from error
    if problem is not None:
        raise Refused(problem, field=field)


def _problems(template: BoundTemplate, text: str) -> Iterator[str]:
    analysis = template.analyze()
    for name, uses in analysis.variables.items():
        for use in uses:
            line = _line(text, use.span.index)
            if name not in FIELDS:
                yield f"Line {line}: There is no field '{name}'{_meant(name, FIELDS)}"
            elif len(use.segments) > 1:
                yield f"Line {line}: The field '{name}' has no parts; write {{{{ {name} }}}}."
    for name, places in analysis.filters.items():
        if name not in FILTERS:
            line = _line(text, places[0].index)
            yield f"Line {line}: There is no filter '{name}'{_meant(name, FILTERS)}"


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f". You can use: {', '.join(known)}."


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


def _sentence(error: Exception, text: str) -> str:
    if isinstance(error, RecursionError):
        return "The text is nested too deeply."
    token = getattr(error, "token", None)
    index = token.start_index if token is not None else -1
    place = f"Line {_line(text, index)}: " if index >= 0 else ""
    message = str(getattr(error, "message", error)).rstrip(".")
    tag = _UNKNOWN_TAG.fullmatch(message)
    if tag:
        return f"{place}There is no tag '{tag[1]}'{_meant(tag[1], TAGS)}"
    return f"{place}{message}."
