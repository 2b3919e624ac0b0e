"""What makes a desk lived in: tickets and usage around the customers, colleagues who are named and
who watch, and lists that somebody comes back to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from afterscore.cases import operations as cases
from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.customers import operations as customers
from afterscore.domain.events import Actor
from afterscore.workspaces.models import Member, Workspace

MOST_ACCOUNTS = 60
TICKETS = ("ticket_opened", "ticket_closed")
SUBJECTS = ("Import stops", "Invoice is wrong", "Slow on Mondays", "Question about roles")
FEATURES = ("planning", "reports", "mobile", "export")
NOTES = (
    "@{} Can you look at this with me before I write?",
    "Spoke about it in the stand-up. @{}, please tell them when it is fixed.",
    "@{} They asked for this last quarter, too.",
)
VIEWS = (
    ("Silent detractors", "?show=all&group=detractor&comment=without", True),
    ("Renewals at risk", "?show=all&urgency=3", True),
    ("French, late", "?show=all&language=fr&due=late", False),
)


def dress(workspace: Workspace, members: Mapping[str, Member], *, seed: int, now: datetime) -> None:
    """On the last day of the story, when the first of the open cases are on the desk."""
    chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
    found = queries.list_cases(workspace=workspace, now=now, show=queries.Show.ALL)
    listed = list(found[: 2 * MOST_ACCOUNTS])
    _tell_of_customers(workspace, listed, chance, now=now)
    people = list(members.values())
    _name_each_other(listed[:30], people, chance, now=now)
    ana = next(member for email, member in members.items() if email.startswith("ana@"))
    for name, query, is_shared in VIEWS:
        cases.save_view(
            member=ana, name=name, query=query, is_shared=is_shared, actor=_as(ana), now=now
        )


def _as(member: Member) -> Actor:
    return Actor("member", member.public_id)


def _tell_of_customers(
    workspace: Workspace, listed: list[Case], chance: random.Random, *, now: datetime
) -> None:
    """As the help desk, the product and the calendar would."""
    signals = []
    for case in listed:
        if case.account is None or not case.contact.email:
            continue
        for number in range(chance.randrange(4)):
            kind, name, attributes = _happening(chance)
            signals.append(
                customers.NewSignal(
                    kind=kind,
                    name=name,
                    source="demo",
                    external_id=f"{case.public_id}-{number}",
                    occurred_at=now - timedelta(hours=chance.randrange(6, 24 * 80)),
                    email=case.contact.email,
                    attributes=attributes,
                )
            )
    actor = Actor("system", "demo")
    intake = customers.record_signals(workspace=workspace, signals=signals, actor=actor, now=now)
    if intake.problems:
        raise AssertionError(f"the demo's own signals were refused: {intake.problems}")


def _happening(chance: random.Random) -> tuple[str, str, dict[str, str]]:
    kind = chance.choice(("ticket", "ticket", "usage", "interaction"))
    if kind == "ticket":
        return kind, chance.choice(TICKETS), {"subject": chance.choice(SUBJECTS)}
    if kind == "usage":
        return kind, "feature_used", {"feature": chance.choice(FEATURES)}
    return kind, "call", {}


def _name_each_other(
    listed: list[Case], people: list[Member], chance: random.Random, *, now: datetime
) -> None:
    for case in chance.sample(listed, min(8, len(listed))):
        author, named = chance.sample(people, 2)
        if author.role == "viewer":
            author, named = named, author
        text = chance.choice(NOTES).format(named)
        at = now - timedelta(hours=chance.randrange(1, 20))
        cases.add_note(case=case, text=text, actor=_as(author), now=max(at, case.opened_at))
        cases.watch(case=case, member=named, actor=_as(named), now=now)
