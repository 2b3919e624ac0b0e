"""A first look at a file: its columns with examples, what they are taken for, and what is open."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from afterscore.customers.importers.cells import excerpt
from afterscore.insights.files import counting, guessing, reading
from afterscore.insights.files.counting import Ambiguous
from afterscore.insights.files.guessing import Columns, Given, Role, Sample, Unclear

EXAMPLES = 3
_SEVERAL = {Role.SEGMENT, Role.DRIVER}
_FLAGS = (
    (" Say which: --score COLUMN.", " Choose it below."),
    (" Say which it is: --score COLUMN.", " Choose it below."),
    (" Say which: --dates dmy or --dates mdy.", " Say below which is meant."),
    (" Say which: --dates dmy, --dates mdy or --dates ymd.", " Say below which is meant."),
    (" or say another one: --score COLUMN.", " or choose another one below."),
    ("say --scale 1-5:", "choose “1 to 5” below:"),
    ("say --scale 0-10", "choose “0 to 10” below"),
    ("say so: --scale 0-10", "choose “0 to 10” below"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """`columns` are of JSON; `problem` is what has to be said before anything can be counted."""

    rows: int
    written: str
    columns: list[dict[str, Any]]
    problem: str


def for_page(text: str) -> str:
    """What the command line asks for by options, a page asks for in its form."""
    for flag, words in _FLAGS:
        text = text.replace(flag, words)
    return text


def look(path: Path) -> Look:
    """Raises FileError."""
    with reading.opened(path) as source:
        samples = counting.samples(source)
        found, problem = _guessed(samples)
        if found.date and not problem:
            try:
                counting.date_order(next(each for each in samples if each.name == found.date))
            except Ambiguous as error:
                problem = str(error)
        columns = [_column(sample, found) for sample in samples]
        return Look(source.rows, source.written.words, columns, for_page(problem))


def _guessed(samples: list[Sample]) -> tuple[Columns, str]:
    try:
        return guessing.choose(samples, Given()), ""
    except Unclear as error:
        return Columns(score=""), str(error)


def _column(sample: Sample, found: Columns) -> dict[str, Any]:
    examples = [excerpt(text, 60) for text in list(sample.values)[:EXAMPLES]]
    return {
        "name": sample.name,
        "examples": examples,
        "filled": sample.filled,
        "role": role_of(sample.name, found),
    }


def role_of(name: str, columns: Columns) -> str:
    roles = {
        columns.score: Role.SCORE, columns.comment: Role.COMMENT, columns.date: Role.DATE,
        columns.account: Role.ACCOUNT, columns.churn: Role.CHURN, columns.revenue: Role.REVENUE,
        columns.csat: Role.CSAT, columns.ces: Role.CES,
    }  # fmt: skip
    if name in columns.segments:
        return Role.SEGMENT.value
    if name in columns.drivers:
        return Role.DRIVER.value
    return roles[name].value if name in roles else ""


def given_of(roles: dict[str, str]) -> Given:
    """From what each column was said to be. Raises Unclear for two columns of one kind."""
    by_role: dict[str, list[str]] = {}
    for name, role in roles.items():
        by_role.setdefault(role, []).append(name)
    single = {}
    for role in Role:
        if role in _SEVERAL:
            continue
        names = by_role.get(role.value, [])
        if len(names) > 1:
            raise Unclear(f"Only one column can be the {role.value}, not {' and '.join(names)}.")
        single[role.value] = names[0] if names else ""
    if not single["score"]:
        raise Unclear("Say which column holds the score from 0 to 10.")
    given = Given(**single)  # type: ignore[arg-type]  # the names of roles are those of its fields
    return replace(
        given,
        segments=tuple(by_role.get(Role.SEGMENT.value, ())),
        drivers=tuple(by_role.get(Role.DRIVER.value, ())),
        is_complete=True,
    )


def to_data(found: Look) -> dict[str, Any]:
    return asdict(found)
