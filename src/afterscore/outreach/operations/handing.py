"""Mail that a provider has taken in for us: checked, and received as if it had come by itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from afterscore.outreach import queries
from afterscore.outreach.channels import inbound
from afterscore.outreach.channels.inbound import Arrived
from afterscore.outreach.channels.reports import Envelope, Forged
from afterscore.outreach.models import MailRoute
from afterscore.outreach.operations import receiving, reporting

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many mails were kept; what was refused, and why: nobody's, or too large."""

    kept: int
    refused: tuple[str, ...]


def receive_handed_over(*, route: MailRoute, envelope: Envelope, now: datetime) -> Taken:
    """Raises Forged, and counts it, where the signature does not fit, and Garbled."""
    provider = queries.provider_of(route)
    try:
        inbound.check(provider, envelope, queries.secrets_of(route), at=now.timestamp())
    except Forged:
        reporting.count_forged(public_id=route.public_id, now=now)
        raise
    kept, refused = 0, []
    for arrived in inbound.read(provider, envelope):
        whys = [_receive(arrived, address, now) for address in _ours(arrived)]
        kept += whys.count("")
        refused += [why for why in whys if why] or ([] if whys else ["Written to nobody here."])
    return Taken(kept, tuple(refused))


def _ours(arrived: Arrived) -> list[str]:
    """Those of the addresses that somebody here reads, as far as the address itself tells."""
    found = []
    for address in arrived.recipients:
        try:
            receiving.check_recipient(address=address)
        except receiving.NotOurs:
            continue
        found.append(address)
    return found


def _receive(arrived: Arrived, address: str, now: datetime) -> str:
    """Why it was not kept, or ""."""
    try:
        receiving.receive(recipient=address, raw=arrived.raw, now=now)
    except (receiving.NotOurs, receiving.TooLarge) as error:
        logger.warning("A mail that a provider handed over was refused: %s", error.message)
        return str(error.message)
    return ""
