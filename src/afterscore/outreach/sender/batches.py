"""A handful of claimed messages on their way through a channel."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection

from afterscore.kit import crash, haste
from afterscore.kit.errors import Refused
from afterscore.outreach import composition, guards, ledger, queries
from afterscore.outreach.channels import (
    Accepted,
    Channel,
    Declined,
    Letter,
    Outcome,
    Unknown,
    Untried,
)
from afterscore.outreach.models import Message, State, Suppression
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import queue, settling, stops
from afterscore.outreach.sender.queue import Pass
from afterscore.outreach.sender.rations import Rations
from afterscore.outreach.sender.windows import Windows
from afterscore.workspaces.models import Workspace

logger = logging.getLogger(__name__)
RESTARTS_SECONDS = (0.0, 0.5, 1.0, 2.0)
HANDFULS_SECONDS = 5.0 / haste.FACTOR  # none is begun after that: a lease must cover the last one
LOOK_AGAIN = haste.span(60)  # at what the fence kept back; the next claim finds out why
SUPPRESSED = {
    Suppression.Reason.UNSUBSCRIBED: "The reader has unsubscribed.",
    Suppression.Reason.BOUNCED: "Mail to this address came back.",
    Suppression.Reason.COMPLAINED: "The reader reported an earlier mail as spam.",
    Suppression.Reason.ERASED: "The reader asked to be erased.",
    Suppression.Reason.MANUAL: "The address is on the do-not-write list.",
}


OUTCOMES = {Accepted: "sent", Unknown: "in_doubt", Declined: "later", Untried: "untried"}


@dataclass
class Batch:
    messages: dict[int, Message]
    worker: str
    now: datetime
    at: datetime | None
    rations: Rations
    passes: dict[int, Pass] = field(default_factory=dict)
    fenced: set[int] = field(default_factory=set)  # asked for at the last moment, and refused
    accepted: list[Accepted] = field(default_factory=list)  # and not yet written down
    tried: int = 0  # seen by the other side, whatever became of them
    handed_over: int = 0
    is_answered: bool = False  # at least once by somebody who stayed
    is_broken_off: bool = False  # the channel could not go on: the round is over

    @classmethod
    def claim(cls, *, turn: Turn, worker: str, size: int, at: datetime | None) -> Batch:
        crash.point("sender.before_claim")
        claimed = queue.claim(turn=turn, worker=worker, size=size, at=at)
        crash.point("sender.after_claim")
        now = at or queue.database_now()
        # By a wrong clock nothing is judged: what was claimed waits until its lease has ended.
        messages = {} if guards.is_off(now) else {message.pk: message for message in claimed}
        rations = Rations(turn.workspace, now, at)
        batch = cls(messages=messages, worker=worker, now=now, at=at, rations=rations)
        if messages:
            batch._sort_out(turn.workspace)
            crash.point("sender.after_sorting")
        return batch

    def _sort_out(self, workspace: Workspace) -> None:
        """Ends or postpones what cannot go now; gives a pass to the rest."""
        suppressions = self._find_suppressions(workspace)
        stopped = stops.find_reasons(numbers=self.messages, zone=workspace.time_zone, at=self.at)
        one_too_many = stops.find_over_budget(
            workspace=workspace, numbers=self.messages, now=self.now, at=self.at
        )
        windows = Windows(workspace, self.now)
        suppressed: dict[Message, str] = {}
        cancelled: dict[Message, str] = {}
        expired: dict[Message, str] = {}
        postponed: dict[Message, datetime] = {}
        for number, message in self.messages.items():
            window = windows.of(message)
            reason = suppressions.get((message.scope, message.to_email))
            if reason is not None:
                suppressed[message] = SUPPRESSED[Suppression.Reason(reason)]
            elif number in stopped:
                suppressed[message] = stopped[number]
            elif message.repeat_until is not None and message.repeat_until <= self.now:
                expired[message] = "Its turn came too late to ask under the same key."
            elif number in one_too_many:
                cancelled[message] = one_too_many[number]
            elif message.valid_until is not None and message.valid_until <= self.now:
                expired[message] = "It was too late to ask when its turn came."
            elif not window.is_open(self.now):
                postponed[message] = window.opens
            else:
                self.passes[number] = Pass(
                    number, message.attempt, queries.address_hash(message.to_email), window.closes
                )
        self._end(State.SUPPRESSED, suppressed)
        self._end(State.CANCELLED, cancelled)
        self._end(State.EXPIRED, expired)
        self._put_back(postponed)
        self._ration()

    def _ration(self) -> None:
        later = self.rations.postpone([self.messages[number] for number in self.passes])
        for message in later:
            del self.passes[message.pk]
        if later:
            queue.put_back(
                worker=self.worker,
                due={message: each.at for message, each in later.items()},
                why={message: each.why for message, each in later.items()},
            )

    def _find_suppressions(self, workspace: Workspace) -> dict[tuple[str, str], str]:
        """By scope and address: who left one program is still written to by the others."""
        emails: dict[str, set[str]] = {}
        for message in self.messages.values():
            emails.setdefault(message.scope, set()).add(message.to_email)
        return {
            (scope, email): reason
            for scope, those in emails.items()
            for email, reason in queries.suppression_reasons(
                workspace=workspace, emails=those, scope=scope
            ).items()
        }

    def send(self, channel: Channel) -> None:
        """A handful at a time, so that a slow mail server holds up few that are composed already
        and a restored database is in doubt about few."""
        numbers = list(self.passes)
        size = channel.handful
        ends = time.monotonic() + HANDFULS_SECONDS
        while numbers and not self.is_broken_off and time.monotonic() < ends:
            some, numbers = numbers[:size], numbers[size:]
            self._send_some(some, channel)
        if numbers:
            self._take_back(numbers)
        crash.point("sender.after_batch")

    def _send_some(self, numbers: Sequence[int], channel: Channel) -> None:
        letters = self._letters(numbers, channel)
        crash.point("sender.after_composing")
        ledger.handed_over(self._handed(letter) for letter in letters)
        try:
            for outcomes in channel.deliver(letters, self._hand_off):
                self._take(outcomes, channel.repeat_window)
        finally:
            self._settle_accepted_at_last()

    def _hand_off(self, numbers: Sequence[int]) -> frozenset[int]:
        """Called by the channel when the bodies of these are about to leave."""
        crash.point("sender.before_hand_off")
        passes = [self.passes[number] for number in numbers]
        allowed = queue.hand_off(
            worker=self.worker,
            passes=passes,
            settled=settling.settled_of(self.messages, self.accepted),
            at=self.at,
        )
        self._note_accepted()
        self.fenced |= set(numbers) - allowed
        crash.point("sender.after_hand_off")
        return allowed

    def _take(self, outcomes: Sequence[Outcome], repeat_window: timedelta | None) -> None:
        """What was accepted is written down together with the next hand-off: one commit a letter,
        and never more than one letter open at a time."""
        crash.point("sender.before_settle")
        self.accepted += [each for each in outcomes if isinstance(each, Accepted)]
        others = [each for each in outcomes if not isinstance(each, Accepted)]
        if others:
            self._settle_accepted()
            settling.settle(
                messages=self.messages,
                outcomes=others,
                worker=self.worker,
                now=self.now,
                at=self.at,
                repeat_window=repeat_window,
            )
            self._note(others)
            declined = [each for each in others if isinstance(each, Declined)]
            self.rations.give_back_refused([each.number for each in declined])
            self.is_broken_off |= any(each.blames_way for each in declined)
            self._take_back([each.number for each in others if isinstance(each, Untried)])

    def _settle_accepted(self) -> None:
        settling.settle(
            messages=self.messages,
            outcomes=self.accepted,
            worker=self.worker,
            now=self.now,
            at=self.at,
        )
        self._note_accepted()
        crash.point("sender.after_settle")

    def _settle_accepted_at_last(self) -> None:
        """Also when the database has gone meanwhile: what is known to have arrived should not end
        in doubt because of a restart that takes a moment."""
        for pause in (*RESTARTS_SECONDS, None):
            try:
                self._settle_accepted()
            except (OperationalError, InterfaceError):
                if pause is None or connection.in_atomic_block:
                    raise
                connection.close()
                threading.Event().wait(pause)
            else:
                return

    def _note_accepted(self) -> None:
        accepted, self.accepted = self.accepted, []
        self._note(accepted)

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        ledger.settled(_settled(self.messages[each.number], each) for each in outcomes)
        self.tried += sum(not isinstance(each, Untried) for each in outcomes)
        self.handed_over += sum(isinstance(each, Accepted | Unknown) for each in outcomes)
        self.is_answered |= any(
            isinstance(each, Accepted)
            or (isinstance(each, Declined) and not (each.is_last or each.blames_way))
            for each in outcomes
        )

    def _handed(self, letter: Letter) -> ledger.Handed:
        message = self.messages[letter.number]
        return ledger.Handed(
            workspace=message.workspace.public_id,
            message=message.public_id,
            attempt=message.attempt,
            address=self.passes[letter.number].address_hash,
            kind=message.kind,
        )

    def _take_back(self, untried: Sequence[int]) -> None:
        due: dict[Message, datetime] = {}
        for number in untried:
            message = self.messages[number]
            is_fenced = number in self.fenced
            due[message] = self.now + LOOK_AGAIN if is_fenced else message.due_at
            self.is_broken_off |= not is_fenced
        self._put_back(due)
        self.rations.give_back(untried)

    def _letters(self, numbers: Sequence[int], channel: Channel) -> list[Letter]:
        letters = []
        failures: dict[Message, str] = {}
        for number in numbers:
            message = self.messages[number]
            try:
                letters.append(letter_of(message, self.now, with_content=channel.needs_content))
            except Refused as error:
                failures[message] = error.message
            except Exception as error:
                logger.exception("The message %s could not be composed", message.public_id)
                failures[message] = f"It could not be composed: {error}"
        self._end(State.FAILED, failures)
        self.rations.give_back([message.pk for message in failures])
        return letters

    def _end(self, state: State, why: dict[Message, str]) -> None:
        if why:
            queue.end(worker=self.worker, state=state, why=why)

    def _put_back(self, due: dict[Message, datetime]) -> None:
        if due:
            queue.put_back(worker=self.worker, due=due)


def letter_of(message: Message, now: datetime, *, with_content: bool) -> Letter:
    if not with_content:
        return Letter(message.pk, message.sender_email, message.to_email)
    composed = composition.compose(message)
    return Letter(
        number=message.pk,
        sender=composed.sender,
        recipient=message.to_email,
        content=composition.as_bytes(composed, date=now),
    )


def _settled(message: Message, outcome: Outcome) -> ledger.Settled:
    return ledger.Settled(
        message=message.public_id,
        attempt=message.attempt,
        outcome=OUTCOMES[type(outcome)] if not _is_final(outcome) else "failed",
        reply="" if isinstance(outcome, Untried) else ledger.without_addresses(outcome.reply),
    )


def _is_final(outcome: Outcome) -> bool:
    return isinstance(outcome, Declined) and outcome.is_permanent
