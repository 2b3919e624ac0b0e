"""Built-in drafts of replies: one file a language, found by its name.

A file holds, for each group and for accounts that are key or lost, a draft for answers with a
comment ("spoken") and without one ("silent"); a mail that shows what is not used yet ("educate"),
one that asks for a favour ("advocate"), and the automated "follow_up". Texts are Liquid with the
fields of mails. The languages are those of the survey.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Draft, Situation
from afterscore.domain.steps import StepKind
from afterscore.surveys import languages as words

DEFAULT = "en"
_FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def choose(language: str, fallback: str = DEFAULT) -> str:
    """The code to write in, by the rule of the survey: the language asked for ("de" for "de-AT",
    "zh-Hant" for "zh-TW"), else the fallback, else English."""
    return words.recognise(language) or words.recognise(fallback) or DEFAULT


def reply_draft(language: str, *, group: Group, has_comment: bool, playbook: str = "") -> Draft:
    """The playbook's own where it has one, else the group's."""
    texts = _texts(language)
    own = texts.get(playbook) or texts[group]
    return Draft(**own["spoken" if has_comment else "silent"])


def educate_draft(language: str) -> Draft:
    return Draft(**_texts(language)["educate"])


def advocate_draft(language: str) -> Draft:
    return Draft(**_texts(language)["advocate"])


def follow_up_draft(language: str) -> Draft:
    return Draft(**_texts(language)["follow_up"])


def step_draft(language: str, kind: StepKind, situation: Situation, *, playbook: str = "") -> Draft:
    """The mail of a step of this kind, for one answer."""
    if kind is StepKind.EDUCATE:
        return educate_draft(language)
    if kind is StepKind.ADVOCATE:
        return advocate_draft(language)
    return reply_draft(
        language, group=situation.group, has_comment=situation.has_comment, playbook=playbook
    )


def step_template(
    language: str, kind: StepKind, situations: Iterable[Situation], *, playbook: str = ""
) -> Draft:
    """One text for all answers that a step is for: where they are with and without a comment, it
    asks itself which it is."""
    found = list(situations)
    spoken, silent = (
        [step_draft(language, kind, each, playbook=playbook) for each in found if each.has_comment],
        [
            step_draft(language, kind, each, playbook=playbook)
            for each in found
            if not each.has_comment
        ],
    )
    if not spoken or not silent or spoken[0] == silent[0]:
        return (spoken or silent)[0]
    return Draft(subject=spoken[0].subject, body=_either(spoken[0].body, silent[0].body))


def _either(spoken: str, silent: str) -> str:
    """Where they differ, the comment decides; greeting and ending stand once."""
    ours, theirs = spoken.split("\n\n"), silent.split("\n\n")
    start = _alike(ours, theirs)
    end = _alike(ours[:start:-1], theirs[:start:-1])
    first, second = ("\n\n".join(each[start : len(each) - end]) for each in (ours, theirs))
    middle = f"{{% if comment %}}{first}{{% else %}}{second}{{% endif %}}"
    return "\n\n".join([*ours[:start], middle, *ours[len(ours) - end :]])


def _alike(ours: list[str], theirs: list[str]) -> int:
    pairs = zip(ours, theirs, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _texts(language: str) -> dict[str, Any]:
    return _load(choose(language))


@cache
def _load(name: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return texts
