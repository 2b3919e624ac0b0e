"""What a row of the mart consists of, and where each column lies in PostgreSQL.

Files and tail are both made by these expressions: a value cannot read differently in the two.
Empty texts are no values. Amounts are whole cents, instants whole microseconds, so that every
engine adds and compares them exactly alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from afterscore.domain import alike, nps, segments
from afterscore.domain.nps import Group

VERSION = 5
"""Of the layout. Files of another version are not read, but made again."""

ATTRIBUTE_PATHS = ("contact.attribute.", "account.attribute.")
_TEXT, _WHOLE, _TEXTS = "string", "int64", "array<string>"
_ARROW = {
    _TEXT: pa.string(),
    _WHOLE: pa.int64(),
    _TEXTS: pa.list_(pa.string()),
    "date": pa.date32(),
    "int16": pa.int16(),
    "int32": pa.int32(),
}
_AMOUNT = "r.frozen #>> '{account,recurring_revenue}'"
_CENTS = (
    f"CASE WHEN {_AMOUNT} ~ '^[0-9]{{1,14}}([.][0-9]+)?$' "
    f"THEN round(({_AMOUNT})::numeric * 100)::bigint END"
)
_UP, _DOWN = min(nps.scores_of(Group.PROMOTER)), max(nps.scores_of(Group.DETRACTOR))
_BALANCE = f"CASE WHEN r.score >= {_UP} THEN 1 WHEN r.score <= {_DOWN} THEN -1 ELSE 0 END"
_VOICE = "coalesce(r.account_id, -r.contact_id)"
_MICROSECONDS = "(extract(epoch FROM r.received_at) * 1000000)::bigint"


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` as Ibis names it; `sql` is its value, given the aliases of `FROM`, where `zone` stands
    for the time zone."""

    name: str
    kind: str
    sql: str


def _frozen(name: str) -> str:
    """The path of a name such as "account.attribute.seats" in what was frozen."""
    side, *rest = name.split(".", 2)
    path = ",".join(f'"{part}"' for part in (side, *rest))
    return f"nullif(r.frozen #>> {literal('{' + path + '}')}, '')"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


FIXED: dict[str, Column] = {
    name: Column(name, kind, sql)
    for name, kind, sql in (
        ("id", _WHOLE, "r.id"),
        ("received", _WHOLE, _MICROSECONDS),
        ("day", "date", "(r.received_at AT TIME ZONE {zone})::date"),
        ("score", "int16", "r.score"),
        ("balance", "int16", _BALANCE),
        ("comment_length", "int32", "length(r.comment)"),
        ("validity", _TEXT, "r.validity::text"),
        ("program", _TEXT, "p.public_id::text"),
        ("wave", _TEXT, "w.public_id::text"),
        ("channel", _TEXT, "nullif(r.channel, '')::text"),
        ("touch", _TEXT, "nullif(r.touch, '')::text"),
        ("language", _TEXT, "nullif(r.language, '')::text"),
        ("owner", _TEXT, "m.public_id::text"),
        ("themes", _TEXTS, "coalesce(c.themes, '{{}}')::text[]"),
        ("account", _WHOLE, "r.account_id"),
        ("voice", _WHOLE, _VOICE),
        ("lot", "int16", f"mod({_VOICE}, {alike.LOTS})::smallint"),
        ("revenue", _WHOLE, _CENTS.replace("{", "{{").replace("}", "}}")),
    )
}
KNOWN = (
    "contact.persona",
    "contact.language",
    "contact.time_zone",
    "contact.consent_basis",
    "account.name",
    "account.plan",
    "account.industry",
    "account.country",
    "account.lifecycle_stage",
    "account.currency",
    "account.renewal_on",
)
"""What is frozen of every contact and account, beside attributes of their own."""
_JOINS = {
    "program": ("programs_wave w ON w.id = r.wave_id", "programs_program p ON p.id = w.program_id"),
    "wave": ("programs_wave w ON w.id = r.wave_id",),
    "owner": (
        "programs_enrolment e ON e.id = r.enrolment_id",
        "workspaces_member m ON m.id = e.owner_id",
    ),
    "themes": ("cases_case c ON c.response_id = r.id",),
}


EVERY = (*FIXED, *KNOWN)
"""What every file has; attributes come on top."""

ORDER = ", ".join((FIXED["lot"].sql, "r.account_id, r.received_at, r.id"))
"""Of the rows of a file: those of one lot together, and in it those of one account, so that
whoever counts by either meets the same counts again at once."""


def name_of(path: str) -> str:
    """The column of an attribute: "Region" and "region" are two, and DuckDB reads names without
    their case. No path has a "^" of its own."""
    return re.sub("[A-Z]", lambda capital: f"^{capital[0].lower()}", path)


def path_of(name: str) -> str:
    return re.sub(r"\^([a-z])", lambda capital: capital[1].upper(), name)


def column(name: str) -> Column:
    """A fixed column, or an attribute by the name of its path; KeyError for what is neither."""
    if name in FIXED:
        return FIXED[name]
    path = path_of(name)
    if segments.kind_of(path) is None:
        raise KeyError(name)
    return Column(name, _TEXT, _frozen(path).replace("{", "{{").replace("}", "}}"))


def is_attribute(name: str) -> bool:
    return segments.kind_of(path_of(name)) is segments.Kind.ATTRIBUTE


def schema(names: Iterable[str]) -> pa.Schema:
    return pa.schema([(name, _ARROW[column(name).kind]) for name in names])


def select(names: Iterable[str], *, zone: str, where: str) -> str:
    """The rows of the mart for which `where` holds, as SQL without parameters."""
    names = list(names)
    values = ", ".join(f'{column(name).sql} AS "{name}"' for name in names)
    joins = dict.fromkeys(join for name in names for join in _JOINS.get(name, ()))
    tables = " LEFT JOIN ".join(("responses_response r", *joins))
    return f"SELECT {values.format(zone=literal(zone))} FROM {tables} WHERE {where}"
