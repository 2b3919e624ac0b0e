"""Facts that happened, in the past tense, with their wire names.

Each is a frozen dataclass of JSON-able fields; `subject` is the public id of what it is about.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `member:mem_…`, `contact:con_…`, `key:key_…`, or the system itself."""

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Event:
    name: ClassVar[str] = ""
    subject: str

    def payload(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if key != "subject"}


@dataclass(frozen=True, slots=True)
class WorkspaceCreated(Event):
    name: ClassVar[str] = "workspace.created"


@dataclass(frozen=True, slots=True)
class WorkspaceChanged(Event):
    name: ClassVar[str] = "workspace.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberAdded(Event):
    name: ClassVar[str] = "member.added"
    role: str = ""


@dataclass(frozen=True, slots=True)
class MemberChanged(Event):
    name: ClassVar[str] = "member.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsencePlanned(Event):
    """A member is away from one day to another, both included; `stand_in` takes over."""

    name: ClassVar[str] = "absence.planned"
    member: str = ""
    starts_on: str = ""
    ends_on: str = ""
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceRemoved(Event):
    name: ClassVar[str] = "absence.removed"
    member: str = ""


@dataclass(frozen=True, slots=True)
class KeyCreated(Event):
    name: ClassVar[str] = "key.created"


@dataclass(frozen=True, slots=True)
class KeyRevoked(Event):
    name: ClassVar[str] = "key.revoked"


@dataclass(frozen=True, slots=True)
class CustomersImported(Event):
    name: ClassVar[str] = "customers.imported"
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ContactChanged(Event):
    name: ClassVar[str] = "contact.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    name: ClassVar[str] = "account.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignalsRecorded(Event):
    """Other systems told what happened at customers; the subject is the workspace."""

    name: ClassVar[str] = "signals.recorded"
    count: int = 0


@dataclass(frozen=True, slots=True)
class ContactSpokenTo(Event):
    """Somebody of ours spoke with them personally."""

    name: ClassVar[str] = "contact.spoken_to"
    signal: str = ""


@dataclass(frozen=True, slots=True)
class ContactQuarantined(Event):
    """Left alone until an instant; "" ended it."""

    name: ClassVar[str] = "contact.quarantined"
    until: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ContactErased(Event):
    """Asked to be forgotten, and was."""

    name: ClassVar[str] = "contact.erased"


@dataclass(frozen=True, slots=True)
class AccountQuarantined(Event):
    """The same for everybody at the account."""

    name: ClassVar[str] = "account.quarantined"
    until: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that was decided anew; `why` is the reason shown beside it at the time."""

    setting: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ProgramApplied(Event):
    """`policy` are the changes of how, when and how often people are asked; `why` is what whoever
    decided wrote about it."""

    name: ClassVar[str] = "program.applied"
    slug: str = ""
    changed: tuple[str, ...] = ()
    policy: tuple[Change, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class WaveLaunched(Event):
    name: ClassVar[str] = "wave.launched"
    program: str = ""
    eligible: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class LaunchRefused(Event):
    """A program that asks by itself could not: something is missing."""

    name: ClassVar[str] = "program.launch_refused"
    why: str = ""


@dataclass(frozen=True, slots=True)
class QuestionShown(Event):
    """Somebody was asked in the customer's own application or portal, for the first time in a
    wave."""

    name: ClassVar[str] = "question.shown"
    program: str = ""
    contact: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class WavePaused(Event):
    name: ClassVar[str] = "wave.paused"
    why: str = ""


@dataclass(frozen=True, slots=True)
class WaveResumed(Event):
    name: ClassVar[str] = "wave.resumed"


@dataclass(frozen=True, slots=True)
class WavePaced(Event):
    """A wave that takes its time is paused, resumed, slower or faster from today on, and why."""

    name: ClassVar[str] = "wave.paced"
    change: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class WaveClosed(Event):
    name: ClassVar[str] = "wave.closed"


@dataclass(frozen=True, slots=True)
class SecondRemindersDecided(Event):
    """For how many people of the wave a second reminder goes out, is held out by lot, or stays
    locked."""

    name: ClassVar[str] = "wave.second_reminders_decided"
    unlocked: int = 0
    held_out: int = 0
    locked: int = 0


@dataclass(frozen=True, slots=True)
class HeadsUpCalled(Event):
    """Somebody was told, or was to be told, by phone that a question is coming."""

    name: ClassVar[str] = "heads_up.called"
    outcome: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ContactUnsubscribed(Event):
    name: ClassVar[str] = "contact.unsubscribed"
    scope: str = "all"  # or a program's public id


@dataclass(frozen=True, slots=True)
class ContactResubscribed(Event):
    """Wants to be asked again, after all."""

    name: ClassVar[str] = "contact.resubscribed"


@dataclass(frozen=True, slots=True)
class MessageBounced(Event):
    name: ClassVar[str] = "message.bounced"
    permanent: bool = True
    reply: str = ""


@dataclass(frozen=True, slots=True)
class MessageComplained(Event):
    """The reader reported it as spam."""

    name: ClassVar[str] = "message.complained"


@dataclass(frozen=True, slots=True)
class MessageConfirmed(Event):
    """Somebody found out that a message in doubt has arrived."""

    name: ClassVar[str] = "message.confirmed"


@dataclass(frozen=True, slots=True)
class AddressTrusted(Event):
    """Somebody says that the address of this message works, although mail to it came back."""

    name: ClassVar[str] = "message.address_trusted"


@dataclass(frozen=True, slots=True)
class MessageRequeued(Event):
    """Somebody decided to send it once more: it had failed, or was in doubt."""

    name: ClassVar[str] = "message.requeued"
    was: str = ""


@dataclass(frozen=True, slots=True)
class RouteCreated(Event):
    """Certain senders' mail leaves by a way of its own."""

    name: ClassVar[str] = "route.created"
    senders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteChanged(Event):
    name: ClassVar[str] = "route.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteRemoved(Event):
    name: ClassVar[str] = "route.removed"


@dataclass(frozen=True, slots=True)
class RouteTested(Event):
    name: ClassVar[str] = "route.tested"
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class ResponseReceived(Event):
    name: ClassVar[str] = "response.received"
    score: int = 0


@dataclass(frozen=True, slots=True)
class ResponseChanged(Event):
    """The respondent added or changed something: a comment, a driver, the score."""

    name: ClassVar[str] = "response.changed"
    changed: tuple[str, ...] = ()
    old_score: int | None = None
    score: int = 0


@dataclass(frozen=True, slots=True)
class ResponseHeld(Event):
    """A score that does not count yet: something has to confirm it."""

    name: ClassVar[str] = "response.held"
    score: int = 0
    means: str = ""


@dataclass(frozen=True, slots=True)
class ResponseQuarantined(Event):
    """What looks automated is set aside until a person decides, or the customer answers."""

    name: ClassVar[str] = "response.quarantined"
    score: int = 0
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseChangeRefused(Event):
    """What looks automated tried to change an answer, which stays as it was. `changed` is what it
    would have changed, `score` what it said, `why` what was seen."""

    name: ClassVar[str] = "response.change_refused"
    changed: tuple[str, ...] = ()
    score: int = 0
    signs: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResponseAccepted(Event):
    """Somebody found that it was a person after all; from now on the answer counts."""

    name: ClassVar[str] = "response.accepted"
    score: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResponseDiscarded(Event):
    """Somebody agreed that it was no person."""

    name: ClassVar[str] = "response.discarded"
    score: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class ThemesPlanted(Event):
    """A workspace took over the usual themes; `themes` are their public ids."""

    name: ClassVar[str] = "themes.planted"
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeChanged(Event):
    """A theme is new or changed. `words_before` are those that counted until then, in any text."""

    name: ClassVar[str] = "theme.changed"
    changed: tuple[str, ...] = ()
    words_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveSet(Event):
    """A department's objective is new or changed."""

    name: ClassVar[str] = "objective.set"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveEnded(Event):
    name: ClassVar[str] = "objective.ended"
    is_reached: bool = False


@dataclass(frozen=True, slots=True)
class ImprovementChanged(Event):
    """New or changed; `state` is what it is now."""

    name: ClassVar[str] = "improvement.changed"
    changed: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True)
class ImprovementDone(Event):
    """It is there. With `tells`, everybody who asked for it is to hear of it."""

    name: ClassVar[str] = "improvement.done"
    tells: bool = False


@dataclass(frozen=True, slots=True)
class VoicesLinked(Event):
    """Answers that ask for the improvement; `responses` are their public ids."""

    name: ClassVar[str] = "improvement.voices_linked"
    responses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoiceUnlinked(Event):
    name: ClassVar[str] = "improvement.voice_unlinked"
    response: str = ""


@dataclass(frozen=True, slots=True)
class VoiceTold(Event):
    """Whoever gave the answer is told what became of it: by the `message`, or by a person."""

    name: ClassVar[str] = "improvement.voice_told"
    response: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class VoiceNotTold(Event):
    name: ClassVar[str] = "improvement.voice_not_told"
    response: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    name: ClassVar[str] = "case.opened"
    response: str = ""


@dataclass(frozen=True, slots=True)
class CaseAssigned(Event):
    name: ClassVar[str] = "case.assigned"
    owner: str = ""


@dataclass(frozen=True, slots=True)
class CaseEscalated(Event):
    """It is about to be late ("before") or is late ("after"); `members` are told."""

    name: ClassVar[str] = "case.escalated"
    stage: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingChanged(Event):
    """Who gets which case is decided anew; `rules` are those that hold now, in their order."""

    name: ClassVar[str] = "routing.changed"
    what: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseReplied(Event):
    name: ClassVar[str] = "case.replied"
    message: str = ""


@dataclass(frozen=True, slots=True)
class ViewChanged(Event):
    """What a page shows was kept under a name, or removed: a work list, or figures."""

    name: ClassVar[str] = "view.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileAnalysed(Event):
    """Somebody looked into a file of answers that is none of ours; the subject is the analysis."""

    name: ClassVar[str] = "file.analysed"
    rows: int = 0


@dataclass(frozen=True, slots=True)
class FileForgotten(Event):
    """A file of answers and what was found in it were deleted."""

    name: ClassVar[str] = "file.forgotten"


@dataclass(frozen=True, slots=True)
class PageShared(Event):
    """A page of figures may be read without a login by whoever has its link; the subject is the
    link."""

    name: ClassVar[str] = "page.shared"
    page: str = ""
    expires_on: str = ""
    shows_words: bool = False  # verbatims, too


@dataclass(frozen=True, slots=True)
class SharingEnded(Event):
    """A link to a page of figures was taken back before its time."""

    name: ClassVar[str] = "page.sharing_ended"
    page: str = ""


@dataclass(frozen=True, slots=True)
class CaseNoted(Event):
    name: ClassVar[str] = "case.noted"
    kind: str = "note"
    mentioned: tuple[str, ...] = ()  # members named in it


@dataclass(frozen=True, slots=True)
class CustomerReplied(Event):
    """A customer wrote to a case; `entry` is the line of its history that holds the words."""

    name: ClassVar[str] = "case.customer_replied"
    entry: str = ""


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    name: ClassVar[str] = "case.closed"
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    name: ClassVar[str] = "case.reopened"


@dataclass(frozen=True, slots=True)
class CommitmentMade(Event):
    """Something was promised to a customer, by a day."""

    name: ClassVar[str] = "commitment.made"
    case: str = ""
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class CommitmentSettled(Event):
    """Done (in time or late) or no longer wanted by the customer."""

    name: ClassVar[str] = "commitment.settled"
    case: str = ""
    state: str = ""
    was_late: bool = False


@dataclass(frozen=True, slots=True)
class CommitmentBroken(Event):
    """The day passed and it was not done."""

    name: ClassVar[str] = "commitment.broken"
    case: str = ""
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class CheckBackPlanned(Event):
    """A customer will be asked whether it is solved."""

    name: ClassVar[str] = "check_back.planned"
    case: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class CheckBackAnswered(Event):
    name: ClassVar[str] = "check_back.answered"
    case: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CheckBackSetAside(Event):
    """An answer that looks automated; it changes nothing."""

    name: ClassVar[str] = "check_back.set_aside"
    case: str = ""
    answer: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GestureAsked(Event):
    """Somebody wants to give a customer something."""

    name: ClassVar[str] = "gesture.asked"
    case: str = ""
    gift: str = ""
    cost: str = ""


@dataclass(frozen=True, slots=True)
class GestureMoved(Event):
    """Approved, declined, sent, arrived or called off."""

    name: ClassVar[str] = "gesture.moved"
    case: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class GiftChanged(Event):
    """A line of the catalogue is new or different."""

    name: ClassVar[str] = "gift.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetSet(Event):
    """What may be given away in a quarter; the subject is the workspace."""

    name: ClassVar[str] = "budget.set"
    starts_on: str = ""
    amount: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class CaseChanged(Event):
    """What lies behind the case changed: its answer, or the mails planned for it.

    Of an answer also what it was before, what became of the comment ("added", "changed" or
    "removed"), and whether it is news: whoever only finishes a sentence tells none.
    """

    name: ClassVar[str] = "case.changed"
    changed: tuple[str, ...] = ()
    score_before: int | None = None
    score: int | None = None
    comment: str = ""
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """Somebody has to know: `about` is the public id of the case, where it is about one."""

    name: ClassVar[str] = "alert.raised"
    kind: str = ""
    about: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AlertSettled(Event):
    """It is no longer so, or a member has put it away."""

    name: ClassVar[str] = "alert.settled"
    kind: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class RoomCreated(Event):
    """A room of the company's chat hears of something from now on."""

    name: ClassVar[str] = "room.created"
    hears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomChanged(Event):
    name: ClassVar[str] = "room.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomRemoved(Event):
    name: ClassVar[str] = "room.removed"


@dataclass(frozen=True, slots=True)
class RoomTested(Event):
    name: ClassVar[str] = "room.tested"
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class TurnsDrawn(Event):
    """Somebody has more equal work than time today; a lot said which `chosen` of the `candidates`
    come first."""

    name: ClassVar[str] = "turns.drawn"
    owner: str = ""
    candidates: int = 0
    chosen: int = 0


@dataclass(frozen=True, slots=True)
class TaskAdded(Event):
    """Something is to be done in a case; `department` is whose people are to do it."""

    name: ClassVar[str] = "task.added"
    case: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class TaskFinished(Event):
    name: ClassVar[str] = "task.finished"
    case: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class TaskSkipped(Event):
    name: ClassVar[str] = "task.skipped"
    case: str = ""


@dataclass(frozen=True, slots=True)
class TaskChanged(Event):
    """Somebody else has it now, or it is to be done after all."""

    name: ClassVar[str] = "task.changed"
    case: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaybookChanged(Event):
    """The workspace works by its own edition of a playbook; "built-in" again where `is_own` is
    not so. The subject is the playbook's key."""

    name: ClassVar[str] = "playbook.changed"
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class ScoreChecked(Event):
    """Somebody looked whether the score of a wave really fell; the subject is the wave. `look` is
    which one of few it was, 0 the last; `others` that it fell because others answered; `points` the
    change, None where nothing could be said."""

    name: ClassVar[str] = "score.checked"
    look: int = 0
    answers: int = 0
    fell: bool = False
    others: bool = False
    points: float | None = None


@dataclass(frozen=True, slots=True)
class AnswersSealed(Event):
    """Months of answers were written into files; the subject is the workspace."""

    name: ClassVar[str] = "answers.sealed"
    months: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class TargetSet(Event):
    """A goal for the score of `program`, or of all where that is empty, and a day for it."""

    name: ClassVar[str] = "target.set"
    program: str = ""
    start: float = 0
    goal: float = 0
    due_on: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class TargetChanged(Event):
    """`was` and `now` are the goal and the due day before and after."""

    name: ClassVar[str] = "target.changed"
    changed: tuple[str, ...] = ()
    was: tuple[float, str] = (0, "")
    now: tuple[float, str] = (0, "")


@dataclass(frozen=True, slots=True)
class TargetMet(Event):
    """Beyond chance; `text` says it to people."""

    name: ClassVar[str] = "target.met"
    score: float = 0
    answers: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class TargetEnded(Event):
    """Due without being met, or given up for a reason."""

    name: ClassVar[str] = "target.ended"
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkChanged(Event):
    """Somebody else's score is new, or written otherwise."""

    name: ClassVar[str] = "benchmark.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchmarkRemoved(Event):
    name: ClassVar[str] = "benchmark.removed"
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReportSaved(Event):
    """Who reads what of the score by mail, and when: new or changed."""

    name: ClassVar[str] = "report.saved"
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRemoved(Event):
    name: ClassVar[str] = "report.removed"
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReportStopped(Event):
    """A reader wants no more of it, or wants it again."""

    name: ClassVar[str] = "report.stopped"
    member: str = ""
    is_stopped: bool = True


@dataclass(frozen=True, slots=True)
class PraiseFound(Event):
    """A promoter named somebody who wants to be named; the subject is the answer."""

    name: ClassVar[str] = "praise.found"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PraiseHidden(Event):
    """Taken off the wall; the subject is the praise."""

    name: ClassVar[str] = "praise.hidden"
    member: str = ""
