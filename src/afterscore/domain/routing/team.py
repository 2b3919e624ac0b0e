"""Who could take a case: how much everybody has, and who is away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from afterscore.domain.departments import Department

CHAIN = 3
"""So many stand-ins of stand-ins are asked before somebody counts as not there."""


@dataclass(frozen=True, slots=True)
class Away:
    """Until when, that day included, and whose id takes over."""

    until: date
    stand_in: str = ""

    @property
    def words(self) -> str:
        return f"away until {self.until.day} {self.until:%B}"


@dataclass(frozen=True, slots=True)
class Person:
    """`latest` grows with the time of the case that was given last, 0 for none; `a_day` is how
    many follow-ups a day are planned for, None where nobody has said."""

    id: str
    name: str
    department: Department | None = None
    open_cases: int = 0
    latest: int = 0
    a_day: int | None = None
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    person: Person
    why: str


class Team:
    """The people who may own a case, in the order in which they are asked among equals."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.id: person for person in people}
        known = [person.a_day for person in self._people.values() if person.a_day]
        self._usual = median(known) if known else 1.0

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def get(self, member: str) -> Person | None:
        return self._people.get(member)

    def with_one_more(self, member: str) -> Team:
        """The same people after this one was given a case."""
        latest = max((person.latest for person in self), default=0) + 1
        return Team(
            replace(person, open_cases=person.open_cases + 1, latest=latest)
            if person.id == member
            else person
            for person in self
        )

    def in_place_of(self, person: Person) -> Person | None:
        """Who is there for somebody away: the stand-in, or hers; None if nobody is."""
        seen = {person.id}
        for _ in range(CHAIN):
            stand_in = self.get(person.away.stand_in) if person.away else None
            if stand_in is None or stand_in.id in seen:
                return None
            if stand_in.away is None:
                return stand_in
            seen.add(stand_in.id)
            person = stand_in
        return None

    def most_room(self, department: Department | None = None) -> Choice | None:
        """Of those who are there; None if nobody is. Whoever is given nothing a day comes last."""
        there = [
            person
            for person in self
            if person.away is None and department in {None, person.department}
        ]
        willing = [person for person in there if person.a_day != 0] or there
        chosen = min(willing, key=lambda one: (self._load(one), one.latest), default=None)
        if chosen is None:
            return None
        place = f" in {department.label}" if department else ""
        return Choice(chosen, f"{chosen.name} has {self._room(chosen, willing)}{place}.")

    def _load(self, person: Person) -> float:
        """Open cases in days of work; without a word, at the pace of the others."""
        return person.open_cases / (person.a_day or self._usual)

    def _room(self, person: Person, others: list[Person]) -> str:
        if len({one.a_day for one in others}) == 1:
            return "the fewest open cases"
        pace = f" at {person.a_day} a day" if person.a_day else ""
        return f"the most room, with {person.open_cases} open cases{pace}"

    def first_back(self) -> Choice | None:
        """Where everybody is away."""
        away = [(person.away.until, person) for person in self if person.away]
        if not away:
            return None
        until, person = min(away, key=lambda pair: (pair[0], self._load(pair[1]), pair[1].latest))
        return Choice(
            person, f"Everybody is away; {person.name} is back first, after {until.day} {until:%B}."
        )
