"""Which questions of a page one pass over the answers tells.

What was told apart by country and plan says, added up, what is asked by country, by plan and of
everything. To go through millions of answers costs far more than to add up some thousand counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.insights.analyses.asking import Question

THEME = "theme"


@dataclass(frozen=True, slots=True)
class Pass:
    """The answers are told apart as `base` has it, which is one of the `questions`."""

    base: Question
    questions: tuple[Question, ...]


def passes_of(questions: Sequence[Question]) -> list[Pass]:
    """Every question is in one of them; those that tell most are the bases."""
    found: dict[Question, list[Question]] = {}
    for question in sorted(dict.fromkeys(questions), key=_how_much, reverse=True):
        base = next((base for base in found if _tells(base, question)), question)
        found.setdefault(base, []).append(question)
    return [Pass(base, tuple(each)) for base, each in found.items()]


def _how_much(question: Question) -> tuple[int, bool, bool, bool]:
    of_each = question.with_comments, question.tells_scores, question.tells_voices
    return len(question.by), *of_each


def _tells(base: Question, question: Question) -> bool:
    """An answer stands under each of its themes, so that cells by theme do not add up."""
    beside = set(base.by) - set(question.by)
    return (
        (base.since, base.until, base.conditions)
        == (question.since, question.until, question.conditions)
        and set(base.by) >= set(question.by)
        and THEME not in beside
        and (base.tells_voices or not question.tells_voices)
        and (base.tells_scores or not question.tells_scores)
        and (base.with_comments or not question.with_comments)
    )
