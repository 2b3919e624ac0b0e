"""The people of a wave as columns: a million of them fit into some dozens of megabytes."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import sampling
from afterscore.domain.drip import LONGEST_WAIT, SHARED, LanePlan
from afterscore.domain.sampling import NOT_PLACED, Drawn, Spread
from afterscore.programs.queries.judging import Person
from afterscore.programs.queries.pacing.desk import Desk

FEWEST_OF_A_STRATUM = 5
"""Smaller ones are drawn together: one person more or less is no share of five days."""

OTHERS = ""


class Crowd:
    """Everybody who is to be asked; `turn` is whatever else the caller wants to keep, a number."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.contacts = array("q")
        self.accounts = array("q")
        self.owners = array("q")
        self.strata = array("i")
        self.turns = array("i")
        self.lots = array("d")
        self.names: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.contacts)

    def add(self, person: Person, *, turn: int = 0) -> None:
        """With a lot drawn for them."""
        self.put(
            contact=person.contact_id,
            account=person.account_id,
            owner=person.owner_id,
            stratum=person.peer_group,
            turn=turn,
            lot=sampling.lot(self.seed, person.contact_id),
        )

    def put(
        self,
        *,
        contact: int,
        account: int | None,
        owner: int | None,
        stratum: str,
        lot: float,
        turn: int = 0,
    ) -> None:
        self.contacts.append(contact)
        self.accounts.append(account or 0)
        self.owners.append(owner or 0)
        self.strata.append(self.names.setdefault(stratum, len(self.names)))
        self.turns.append(turn)
        self.lots.append(lot)

    def strata_names(self) -> list[str]:
        """The stratum of each number; what is too small is one of the others."""
        counts = np.bincount(np.frombuffer(self.strata, np.int32), minlength=len(self.names))
        return [
            name if count >= FEWEST_OF_A_STRATUM else OTHERS
            for name, count in zip(self.names, counts.tolist(), strict=True)
        ]

    def by_lane(self, desk: Desk) -> dict[str, dict[str, int]]:
        """People by lane and stratum. The accounts of whoever has left are everybody's."""
        names = self.strata_names()
        pairs = Counter(zip(self.owners, self.strata, strict=True))
        lanes: dict[str, Counter[str]] = {}
        for (owner, stratum), people in pairs.items():
            key = desk.lane_of(owner)
            lanes.setdefault(key, Counter())[names[stratum]] += people
        return {key: dict(lanes[key]) for key in sorted(lanes)}


class Seat(NamedTuple):
    """The day on which somebody is invited, and the stratum and lot that decided it."""

    day: date
    stratum: str
    lot: float


@dataclass(slots=True, kw_only=True)
class Seats:
    """The day of each person, as an index into `days`; the same order as in the crowd."""

    crowd: Crowd
    days: tuple[date, ...]
    places: NDArray[np.int64]
    strata: tuple[str, ...]
    _order: NDArray[np.intp] | None = None

    @property
    def last_day(self) -> date | None:
        return self.days[int(self.places.max())] if len(self.places) else None

    def of(self, contact: int) -> Seat | None:
        """None for somebody who was not there when the seats were given."""
        if self._order is None:
            self._order = np.argsort(np.frombuffer(self.crowd.contacts, np.int64))
        contacts = np.frombuffer(self.crowd.contacts, np.int64)
        found = int(np.searchsorted(contacts, contact, sorter=self._order))
        if found == len(contacts) or contacts[self._order[found]] != contact:
            return None
        index = int(self._order[found])
        return Seat(
            self.days[int(self.places[index])],
            self.strata[self.crowd.strata[index]],
            self.crowd.lots[index],
        )

    def each(self) -> Iterator[tuple[int, Seat]]:
        """Everybody by contact, with the seat."""
        crowd = self.crowd
        rows = zip(crowd.contacts, self.places.tolist(), crowd.strata, crowd.lots, strict=True)
        for contact, place, stratum, lot in rows:
            yield contact, Seat(self.days[place], self.strata[stratum], lot)

    def sizes_by_lane(self, desk: Desk) -> dict[str, list[int]]:
        """Invitations of each lane, day by day."""
        owners = np.frombuffer(self.crowd.owners, np.int64)
        found: dict[str, NDArray[np.int64]] = {}
        for owner in np.unique(owners).tolist():
            key = desk.lane_of(owner)
            counts = np.bincount(self.places[owners == owner], minlength=len(self.days))
            found[key] = found.get(key, 0) + counts
        return {key: counts.tolist() for key, counts in found.items()}

    def turns(self) -> Counter[tuple[int, date]]:
        """People by turn and day."""
        if not len(self.places):
            return Counter()
        turns = np.frombuffer(self.crowd.turns, np.int32).astype(np.int64)
        keys, counts = np.unique(turns * len(self.days) + self.places, return_counts=True)
        return Counter(
            {
                (key // len(self.days), self.days[key % len(self.days)]): count
                for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
            }
        )


def seat(
    crowd: Crowd,
    plans: Sequence[LanePlan],
    *,
    desk: Desk,
    days: Sequence[date],
    spread_days: int = 0,
    free_from: Mapping[int, int] | None = None,
) -> Seats:
    """Gives everybody a day: within each lane every day is a fair sample of the lane.

    `days` are the working days that `LanePlan.sizes` counts. Who finds none is put on the day after
    the last one, or after the longest wait: the plan is worked out anew long before.
    """
    names = crowd.strata_names()
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    strata = np.array([codes[name] for name in names], np.int64)[
        np.frombuffer(crowd.strata, np.int32)
    ]
    people = Drawn(
        lots=np.frombuffer(crowd.lots, np.float64),
        strata=strata,
        accounts=np.frombuffer(crowd.accounts, np.int64),
    )
    spread = Spread(days=spread_days, free_from=free_from)
    places = np.full(len(crowd), NOT_PLACED, np.int64)
    for plan, members in _members(crowd, plans, desk):
        places[members] = _placed(people, members, plan, days=days, spread=spread, seed=crowd.seed)
    return Seats(
        crowd=crowd, days=tuple(days), places=_all_placed(places, len(days)), strata=tuple(names)
    )


def _members(
    crowd: Crowd, plans: Sequence[LanePlan], desk: Desk
) -> Iterator[tuple[LanePlan, NDArray[np.intp]]]:
    """The people of each lane; a plan alone is for everybody."""
    if len(plans) == 1:
        yield plans[0], np.arange(len(crowd))
        return
    lanes = {plan.key: number for number, plan in enumerate(plans)}
    owners = np.frombuffer(crowd.owners, np.int64)
    known = {pk: lanes.get(owner.public_id, -1) for pk, owner in desk.owners.items()}
    unique, inverse = np.unique(owners, return_inverse=True)
    shared = lanes.get(SHARED, -1)
    numbers = np.array([known.get(owner, shared) for owner in unique.tolist()])[inverse]
    for number, plan in enumerate(plans):
        yield plan, np.flatnonzero(numbers == number)


def _placed(
    people: Drawn,
    members: NDArray[np.intp],
    plan: LanePlan,
    *,
    days: Sequence[date],
    spread: Spread,
    seed: int,
) -> NDArray[np.int64]:
    """Whom the plan leaves without a day is drawn by lot like everything else."""
    sizes = list(plan.sizes[: len(days)])
    there = Drawn(
        lots=people.lots[members],
        strata=people.strata[members],
        accounts=people.accounts[members],
    )
    left = len(members) - sum(sizes)
    ordinals = [day.toordinal() for day in days]
    if left:
        sizes.append(left)
        ordinals.append(ordinals[-1] + 1)
    found = sampling.place(there, sizes, ordinals, spread=spread, seed=seed)
    found[found >= len(days)] = NOT_PLACED
    return found


def _all_placed(places: NDArray[np.int64], days: int) -> NDArray[np.int64]:
    found = places >= 0
    last = int(places[found].max()) if found.any() else -1
    waiting = min(max(last + 1, LONGEST_WAIT), days - 1)
    return np.where(found, places, waiting)
