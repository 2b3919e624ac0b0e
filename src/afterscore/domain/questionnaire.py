"""What is asked beside the score: a comment prompt for each group and at most five drivers.

`parse` refuses with the path to the first fault; what it accepts, `to_data` writes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from afterscore.domain.nps import HIGHEST_SCORE, LOWEST_SCORE, Group

MAX_DRIVERS = 5
MAX_OPTIONS = 10
MAX_LABEL_LENGTH = 120
MAX_PROMPT_LENGTH = 200

_KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_MAX_KEY_LENGTH = 40

DEFAULT_QUESTION = "How likely are you to recommend us to a friend or colleague?"
DEFAULT_LOW_LABEL = "Not at all likely"
DEFAULT_HIGH_LABEL = "Extremely likely"
DEFAULT_PROMPTS: Mapping[Group, str] = MappingProxyType(
    {
        Group.PROMOTER: "What do you value most?",
        Group.PASSIVE: "What would make it a 10 for you?",
        Group.DETRACTOR: "What went wrong, and what should we change?",
    }
)


class DriverKind(StrEnum):
    """A rating of something of one's own, one of some choices, or one of the two questions whose
    words every language has: satisfaction (CSAT) and effort (CES)."""

    RATING = "rating"
    CHOICE = "choice"
    SATISFACTION = "satisfaction"
    EFFORT = "effort"

    @property
    def numbers(self) -> tuple[int, ...]:
        """What may be answered; nothing of a choice."""
        return _NUMBERS[self]

    @property
    def has_words(self) -> bool:
        """Whether it is asked in the words of the reader's language unless somebody wrote own."""
        return self in {DriverKind.SATISFACTION, DriverKind.EFFORT}


_NUMBERS = {
    DriverKind.RATING: tuple(range(LOWEST_SCORE, HIGHEST_SCORE + 1)),
    DriverKind.CHOICE: (),
    DriverKind.SATISFACTION: tuple(range(1, 6)),
    DriverKind.EFFORT: tuple(range(1, 8)),
}

DEFAULT_LABELS: Mapping[DriverKind, str] = MappingProxyType(
    {
        DriverKind.SATISFACTION: "How satisfied are you overall?",
        DriverKind.EFFORT: "How easy was it to get what you needed?",
    }
)


@dataclass(frozen=True, slots=True)
class Driver:
    """One further question. A rating goes from 0 to 10, satisfaction from 1 to 5 and effort from 1
    to 7 (easy); a choice takes one of its options."""

    key: str
    label: str
    kind: DriverKind
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Ready to use as it stands: every text has a default."""

    comment_prompts: Mapping[Group, str] = field(default_factory=lambda: DEFAULT_PROMPTS)
    drivers: tuple[Driver, ...] = ()
    question: str = DEFAULT_QUESTION
    low_label: str = DEFAULT_LOW_LABEL
    high_label: str = DEFAULT_HIGH_LABEL

    def prompt_for(self, group: Group) -> str:
        return self.comment_prompts[group]

    def driver(self, key: str) -> Driver | None:
        return next((driver for driver in self.drivers if driver.key == key), None)


class QuestionnaireError(ValueError):
    """What is wrong with a questionnaire or an answer to it, and where ("drivers[1].key")."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


_PARTS = frozenset({"question", "low_label", "high_label", "comment_prompts", "drivers"})
_DRIVER_PARTS = frozenset({"key", "label", "kind", "options"})


def parse(data: Mapping[str, object]) -> Questionnaire:
    """Read a questionnaire; whatever is left out takes its default. Raises QuestionnaireError."""
    if not isinstance(data, Mapping):
        raise QuestionnaireError("", "Expected a mapping of the questionnaire's parts.")
    _refuse_unknown(data, _PARTS, "")
    return Questionnaire(
        comment_prompts=_prompts(data.get("comment_prompts", {})),
        drivers=_drivers(data.get("drivers", [])),
        question=_line(data.get("question", DEFAULT_QUESTION), "question", MAX_PROMPT_LENGTH),
        low_label=_line(data.get("low_label", DEFAULT_LOW_LABEL), "low_label", MAX_LABEL_LENGTH),
        high_label=_line(
            data.get("high_label", DEFAULT_HIGH_LABEL), "high_label", MAX_LABEL_LENGTH
        ),
    )


def _refuse_unknown(data: Mapping[str, object], known: frozenset[str], path: str) -> None:
    for name in data:
        if name not in known:
            inside = f"{path}.{name}" if path else str(name)
            raise QuestionnaireError(inside, f"Unknown here. Known are {', '.join(sorted(known))}.")


def _prompts(data: object) -> Mapping[Group, str]:
    if not isinstance(data, Mapping):
        raise QuestionnaireError("comment_prompts", "Expected a prompt for each group.")
    _refuse_unknown(data, frozenset(Group), "comment_prompts")
    given = {
        Group(name): _line(text, f"comment_prompts.{name}", MAX_PROMPT_LENGTH)
        for name, text in data.items()
    }
    return MappingProxyType({**DEFAULT_PROMPTS, **given})


def _drivers(data: object) -> tuple[Driver, ...]:
    if not isinstance(data, list | tuple):
        raise QuestionnaireError("drivers", "Expected a list of questions.")
    if len(data) > MAX_DRIVERS:
        raise QuestionnaireError(
            "drivers", f"A short survey gets answered: at most {MAX_DRIVERS} further questions."
        )
    drivers = tuple(_driver(item, f"drivers[{index}]") for index, item in enumerate(data))
    seen: set[str] = set()
    for index, driver in enumerate(drivers):
        if driver.key in seen:
            raise QuestionnaireError(
                f"drivers[{index}].key", f"“{driver.key}” is already the key of another question."
            )
        seen.add(driver.key)
    _refuse_twice(drivers)
    return drivers


def _refuse_twice(drivers: tuple[Driver, ...]) -> None:
    """One figure of satisfaction, and one of effort: of two questions nobody knew which."""
    for kind in DriverKind:
        places = [index for index, driver in enumerate(drivers) if driver.kind is kind]
        if kind.has_words and len(places) > 1:
            raise QuestionnaireError(
                f"drivers[{places[1]}].kind", f"There is a question about {kind.value} already."
            )


def _driver(data: object, path: str) -> Driver:
    if not isinstance(data, Mapping):
        raise QuestionnaireError(path, "Expected a key, a label and a kind.")
    _refuse_unknown(data, _DRIVER_PARTS, path)
    kind = _kind(data.get("kind", DriverKind.RATING), f"{path}.kind")
    key, label = data.get("key"), data.get("label")
    if kind.has_words:
        key, label = key or kind.value, label or DEFAULT_LABELS[kind]
    return Driver(
        key=_key(key, f"{path}.key"),
        label=_line(label, f"{path}.label", MAX_LABEL_LENGTH),
        kind=kind,
        options=_options(data.get("options", []), kind, f"{path}.options"),
    )


def _kind(data: object, path: str) -> DriverKind:
    if data not in tuple(DriverKind):
        raise QuestionnaireError(path, "Choose rating, choice, satisfaction or effort.")
    return DriverKind(str(data))


def _key(data: object, path: str) -> str:
    fits = isinstance(data, str) and len(data) <= _MAX_KEY_LENGTH and _KEY.fullmatch(data)
    if not isinstance(data, str) or not fits:
        raise QuestionnaireError(
            path,
            f"A key has lower-case letters, digits, single - or _, at most {_MAX_KEY_LENGTH} "
            "characters.",
        )
    return data


def _options(data: object, kind: DriverKind, path: str) -> tuple[str, ...]:
    if not isinstance(data, list | tuple):
        raise QuestionnaireError(path, "Expected a list of options.")
    if kind is not DriverKind.CHOICE:
        if data:
            raise QuestionnaireError(path, f"{_span(kind)} and takes no options.")
        return ()
    if not 2 <= len(data) <= MAX_OPTIONS:
        raise QuestionnaireError(path, f"A choice has 2 to {MAX_OPTIONS} options.")
    options = tuple(
        _line(item, f"{path}[{index}]", MAX_LABEL_LENGTH) for index, item in enumerate(data)
    )
    if len({option.casefold() for option in options}) < len(options):
        raise QuestionnaireError(path, "Two options say the same.")
    return options


def _span(kind: DriverKind) -> str:
    """In words: "A rating goes from 0 to 10"."""
    name = "A rating" if kind is DriverKind.RATING else kind.value.capitalize()
    return f"{name} goes from {kind.numbers[0]} to {kind.numbers[-1]}"


def _line(data: object, path: str, longest: int) -> str:
    if not isinstance(data, str) or not data.strip():
        raise QuestionnaireError(path, "Expected a text.")
    text = data.strip()
    if not text.isprintable():
        raise QuestionnaireError(path, "Write it on one line, without invisible characters.")
    if len(text) > longest:
        raise QuestionnaireError(path, f"At most {longest} characters; this has {len(text)}.")
    return text


def to_data(questionnaire: Questionnaire) -> dict[str, object]:
    """Plain data for JSON or YAML, which `parse` reads back as the same questionnaire."""
    return {
        "question": questionnaire.question,
        "low_label": questionnaire.low_label,
        "high_label": questionnaire.high_label,
        "comment_prompts": {
            group.value: questionnaire.comment_prompts[group]
            for group in Group
            if group in questionnaire.comment_prompts
        },
        "drivers": [_driver_data(driver) for driver in questionnaire.drivers],
    }


def _driver_data(driver: Driver) -> dict[str, object]:
    data: dict[str, object] = {
        "key": driver.key,
        "label": driver.label,
        "kind": driver.kind.value,
    }
    if driver.kind is DriverKind.CHOICE:
        data["options"] = list(driver.options)
    return data


def check_answer(driver: Driver, value: object) -> int | str:
    """The answer as it is stored; raises QuestionnaireError at the driver's key.

    A rating is a whole number of its scale, as a number or as digits from a form; a choice is one
    of the options, letter for letter.
    """
    if driver.kind is DriverKind.CHOICE:
        if isinstance(value, str) and value in driver.options:
            return value
        raise QuestionnaireError(driver.key, f"Choose one of {', '.join(driver.options)}.")
    rating, numbers = _whole_number(value), driver.kind.numbers
    if rating is None or rating not in numbers:
        raise QuestionnaireError(
            driver.key, f"Give a whole number from {numbers[0]} to {numbers[-1]}."
        )
    return rating


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}", value):
        return int(value)
    return None
