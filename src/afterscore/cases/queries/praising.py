"""The wall of praise: what promoters said of the people whom they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from afterscore.cases.models import Praise
from afterscore.domain import nps, praise
from afterscore.domain.nps import Group
from afterscore.domain.scanners import Validity
from afterscore.kit.errors import NotFound
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Words:
    """One customer's words as they stand on the wall: who does not want to be named is a colleague,
    and the customer is called as the workspace says."""

    praise: Praise
    text: str
    signature: str
    names: tuple[str, ...]


def people_of(workspace: Workspace) -> list[praise.Person]:
    """All who may be meant, also those who do not want to be named: two of one first name are
    told apart by both."""
    members = Member.objects.filter(workspace=workspace, is_active=True).select_related("user")
    return [praise.Person(member.public_id, member.user.name) for member in members]


def list_words(
    *,
    workspace: Workspace,
    member: Member | None = None,
    since: datetime | None = None,
    most: int = 60,
) -> list[Words]:
    """The newest first, each answer once; of one member, or of everybody."""
    rows = _shown(workspace)
    if member is not None:
        rows = rows.filter(member=member)
    if since is not None:
        rows = rows.filter(found_at__gte=since)
    rows = rows.select_related(
        "workspace", "member__user", "response__contact", "response__account", "response__wave"
    ).order_by("-response__received_at", "-response_id", "member")
    by_response: dict[int, list[Praise]] = {}
    for row in rows[: most * 3]:
        by_response.setdefault(row.response_id, []).append(row)
    people = people_of(workspace)
    willing = frozenset(
        Member.objects.filter(workspace=workspace, wants_praise=True).values_list(
            "public_id", flat=True
        )
    )
    return [_words(each, people, willing) for each in list(by_response.values())[:most]]


def count_by_member(*, workspace: Workspace) -> list[tuple[Member, int]]:
    """Whoever is on the wall, and how often, by name."""
    counts = dict(_shown(workspace).order_by().values_list("member").annotate(n=Count("id")))
    members = Member.objects.filter(pk__in=counts).select_related("user").order_by("user__name")
    return [(member, counts[member.pk]) for member in members]


def get_praise(*, workspace: Workspace, public_id: str) -> Praise:
    try:
        return _shown(workspace).select_related("workspace", "member").get(public_id=public_id)
    except Praise.DoesNotExist as error:
        raise NotFound("There is no such praise.") from error


def _shown(workspace: Workspace) -> QuerySet[Praise]:
    """What still holds: the answer counts and is a promoter's, the member wants it and is here."""
    return Praise.objects.filter(
        workspace=workspace,
        hidden_at=None,
        member__wants_praise=True,
        member__is_active=True,
        response__validity=Validity.COUNTED,
        response__score__in=nps.scores_of(Group.PROMOTER),
        response__contact__erased_at=None,
    ).exclude(response__comment="")


def _words(
    rows: Sequence[Praise], people: Sequence[praise.Person], willing: frozenset[str]
) -> Words:
    response = rows[0].response
    found = praise.find(response.comment, people)
    return Words(
        praise=rows[0],
        text=praise.hide(response.comment.strip(), _moved(response, found), willing),
        signature=signature(response, rows[0].workspace.praise_signature),
        names=tuple(str(row.member) for row in rows),
    )


def _moved(response: Response, found: Sequence[praise.Named]) -> list[praise.Named]:
    """The places in the text without the space that it began with."""
    cut = len(response.comment) - len(response.comment.lstrip())
    return [praise.Named(each.id, each.start - cut, each.end - cut) for each in found]


def signature(response: Response, how: str) -> str:
    """How the customer is called: "first_name" (the usual), "full_name" or "company"."""
    company = response.account.name if response.account else ""
    name = response.contact.name
    who = {"full_name": name, "company": ""}.get(how, name.split(" ")[0] if name else "")
    return ", ".join(part for part in (who, company) if part) or "A customer"
