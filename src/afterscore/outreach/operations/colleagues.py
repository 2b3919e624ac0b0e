"""Mail to one's own people: by the way the workspace's mail leaves, counted in nobody's budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from afterscore.domain import senders
from afterscore.domain.bulletins import Bulletin
from afterscore.kit.errors import Refused
from afterscore.outreach import channels, queries
from afterscore.outreach.channels import Declined, HandOff, Letter, Outcome, Unreachable
from afterscore.outreach.composition import bulletins, headers
from afterscore.outreach.composition.wire import Enclosed
from afterscore.outreach.models import MailRoute
from afterscore.outreach.operations import routing
from afterscore.workspaces.models import Member, Workspace

ONLY = 0  # the number of the one letter


def write_to_colleague(
    *,
    member: Member,
    bulletin: Bulletin,
    public_id: str,
    begin: Callable[[], bool],
    enclosed: tuple[Enclosed, ...] = (),
    now: datetime,
) -> Outcome:
    """What became of it. `begin` is asked at the last moment before it is handed over, and writes
    down that it is; on False nothing leaves. `public_id` names the mail, so that a second one would
    bear the same Message-ID. Call it outside any transaction."""
    workspace = member.workspace
    sender = headers.sender_of("", workspace)
    composed = bulletins.compose(
        bulletin,
        member=member,
        sender=sender,
        public_id=public_id,
        enclosed=enclosed,
        now=now,
    )
    letter = Letter(
        number=ONLY,
        sender=sender,
        recipient=member.user.email,
        content=bulletins.as_bytes(composed, now=now),
    )
    try:
        channel = channels.make(queries.way_of(_route(workspace, sender)))
        return _carry(channel, letter, lambda asked: frozenset(asked) if begin() else frozenset())
    except (Unreachable, Refused) as error:
        return Declined(ONLY, str(error), is_permanent=False, blames_way=True)


def leaves_the_house(workspace: Workspace) -> bool:
    """Whether mail to colleagues goes out at all: not where it is kept in the outbox."""
    try:
        way = queries.way_of(_route(workspace, headers.sender_of("", workspace)))
    except Refused:
        return False
    return way.channel != "outbox"


def _route(workspace: Workspace, sender: str) -> MailRoute | None:
    chosen = senders.choose(routing.senders_by_route(workspace), sender)
    return MailRoute.objects.get(workspace=workspace, pk=chosen) if chosen is not None else None


def _carry(channel: channels.Channel, letter: Letter, hand_off: HandOff) -> Outcome:
    try:
        channel.open()
        outcomes = [each for some in channel.deliver([letter], hand_off) for each in some]
    finally:
        channel.close()
    return outcomes[0]
