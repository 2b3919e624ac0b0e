"""What messages and reports are told apart by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from afterscore.outreach.models import Kind, State, Suppression

# The strongest reason first: the one that is shown, and the last one to be lifted.
STRENGTH = (
    Suppression.Reason.COMPLAINED,
    Suppression.Reason.UNSUBSCRIBED,
    Suppression.Reason.BOUNCED,
    Suppression.Reason.ERASED,
    Suppression.Reason.MANUAL,
)
ASKING = (Kind.INVITATION, Kind.REMINDER)
AUTOMATED = (Kind.HEADS_UP, Kind.INVITATION, Kind.REMINDER, Kind.FOLLOW_UP)
WAITING = (State.PLANNED, State.DUE)
NOT_HANDED_OVER = (State.PLANNED, State.DUE, State.CLAIMED)
# Perhaps arrived: in doubt, or about to be sent once more out of doubt.
# Handed over before, without a clear answer: by somebody's choice once more, or under the same key.
PERHAPS = Q(resends__gt=0) | Q(repeat_until__isnull=False)
DOUBTFUL = Q(state=State.IN_DOUBT) | (Q(state__in=NOT_HANDED_OVER) & PERHAPS)
FOR_A_PERSON = "Kept for you to read."  # how an outcome ends that is left to a person
STOPS = "Nothing more is sent to it."  # how an outcome ends that silences the address
MAIL = "mail"  # the source of what came by mail
# Nothing could be made of it, or a person has to.
OPEN = Q(processed_at=None) | Q(message=None) | Q(outcome__endswith=FOR_A_PERSON)
LEFT = (State.HANDOFF, State.SENT, State.IN_DOUBT, State.FAILED)
PROBLEMS = (State.IN_DOUBT, State.FAILED)
GROUPS: Mapping[str, tuple[State, ...]] = {
    "waiting": (*NOT_HANDED_OVER, State.HANDOFF),
    "sent": (State.SENT,),
    "problems": PROBLEMS,
    "not_sent": (State.SUPPRESSED, State.EXPIRED, State.CANCELLED),
}
PATIENCE = timedelta(minutes=15)
LATEST = Coalesce("sent_at", "created_at")  # when something last happened; there is an index
