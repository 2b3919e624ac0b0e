"""Answers drawn into months, laid out as the product seals them.

Customers answer about fifty times an account. Nine of the twelve attributes belong to the account,
three to the person; of one account in ten they are others each year.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

MONTHS = 36
FIRST = date(2023, 1, 1)
PROGRAMS = 3
ATTRIBUTES = {
    "account.attribute.tier": 2,
    "account.attribute.segment": 3,
    "account.plan": 4,
    "account.lifecycle_stage": 5,
    "account.attribute.region": 6,
    "contact.persona": 8,
    "account.attribute.product": 10,
    "account.industry": 12,
    "contact.language": 15,
    "contact.attribute.office": 20,
    "account.attribute.partner": 30,
    "account.country": 40,
}
"""How many values each has."""
SCORES = (0.03, 0.01, 0.02, 0.02, 0.03, 0.06, 0.07, 0.14, 0.2, 0.18, 0.24)
PEOPLE = 20  # of an account
_THEMES = [f"thm_{number}" for number in range(20)]
_MICROSECONDS = 86_400_000_000


def months() -> list[date]:
    from afterscore.domain import periods

    found = [FIRST]
    while len(found) < MONTHS:
        found.append(periods.month_after(found[-1]))
    return found


def draw(folder: Path, rows: int, *, waves: list[list[str]], programs: list[str]) -> list[Path]:
    """One file a month; `waves` are those of each program, one a month."""
    from afterscore.insights.mart import columns, files

    lots, made = np.random.default_rng(1), []
    names = (*columns.EVERY, *(each for each in ATTRIBUTES if each not in columns.EVERY))
    for number, month in enumerate(months()):
        first, last = rows * number // MONTHS, rows * (number + 1) // MONTHS
        known = _month(lots, month, np.arange(first, last), accounts=max(10, rows // 50))
        program = lots.integers(0, PROGRAMS, last - first)
        known["program"] = _choice(program, programs)
        known["wave"] = _choice(program, [waves[each][number] for each in range(PROGRAMS)])
        schema = columns.schema(names)
        table = pa.table({name: known[name] for name in names}).cast(schema)
        place = folder / f"{month:%Y-%m}.parquet"
        pq.write_table(
            table, place, row_group_size=files.ROWS_IN_A_GROUP, **files.layout(schema.names)
        )
        made.append(place)
    return made


def _month(lots: Any, month: date, keys: Any, *, accounts: int) -> dict[str, Any]:
    from afterscore.domain import alike, periods

    size, days = len(keys), (periods.month_after(month) - month).days
    account = lots.integers(0, accounts, size)
    account = account[np.lexsort((account, account % alike.LOTS))]  # as the product sorts them
    person = account * PEOPLE + lots.integers(0, PEOPLE, size)
    score = lots.choice(11, size, p=SCORES)
    spoken = ((lots.random(size) < 0.65) * lots.integers(1, 400, size)).astype("int32")
    day = (lots.integers(0, days, size) + (month - date(1970, 1, 1)).days).astype("int32")
    nothing = pa.nulls(size, pa.string())
    return {
        "id": pa.array(keys),
        "received": pa.array(day.astype("int64") * _MICROSECONDS + keys % _MICROSECONDS),
        "day": pa.array(day).cast(pa.date32()),
        "score": pa.array(score.astype("int16")),
        "balance": pa.array(((score >= 9).astype("int16") - (score <= 6)).astype("int16")),
        "comment_length": pa.array(spoken),
        "validity": _choice(np.zeros(size), ["counted"]),
        "channel": _choice(_lot(account, 90) % 2, ["email", "portal"]),
        "touch": _choice(lots.integers(0, 2, size), ["invitation", "reminder"]),
        "language": _choice(_lot(person, 91) % 3, ["en", "de", "fr"]),
        "owner": _choice(_lot(account, 92) % 20, [f"mem_{number}" for number in range(20)]),
        "themes": _themes(lots, spoken > 0),
        "account": pa.array(account),
        "voice": pa.array(account),
        "lot": pa.array((account % alike.LOTS).astype("int16")),
        "revenue": pa.array((_lot(account, 93) % 200_000).astype("int64") * 100),
        "account.name": pa.array(account).cast(pa.string()),
        "contact.time_zone": _choice(_lot(person, 94) % 5, list("ABCDE")),
        "contact.consent_basis": _choice(np.zeros(size), ["contract"]),
        "account.currency": nothing,
        "account.renewal_on": nothing,
        **_attributes(month, account, person),
    }


def _attributes(month: date, account: Any, person: Any) -> dict[str, Any]:
    year = np.where(_lot(account, 95) % 10 == 0, month.year, 0)
    found = {}
    for place, (name, many) in enumerate(ATTRIBUTES.items()):
        whose = person if name.startswith("contact.") else account
        lot = _lot(whose + year * 1_000_000_007, place) / 2**32
        values = [f"{name.split('.')[-1]} {number}" for number in range(many)]
        found[name] = _choice((many * lot**1.5).astype("int32"), values)
    return found


def _lot(whose: Any, kind: int) -> Any:
    """The same whole number below 2**32 for the same one, whenever it is drawn."""
    # As SplitMix64 does: numbers of accounts tell nothing of what accounts are (Steele 2014).
    mixed = (whose.astype("uint64") << np.uint64(7)) + np.uint64(kind + 1)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)


def _choice(codes: Any, values: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32")), pa.array(values))


def _themes(lots: Any, has_one: Any) -> Any:
    ends = np.concatenate([[0], np.cumsum(has_one)]).astype("int32")
    values = pa.array(_THEMES).take(pa.array(lots.integers(0, len(_THEMES), int(ends[-1]))))
    return pa.ListArray.from_arrays(pa.array(ends), values)
