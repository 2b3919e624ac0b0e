"""A preview in sentences, the same for the confirmation page and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from afterscore.domain import calendars, triggers
from afterscore.domain.triggers import AfterSignal
from afterscore.programs.models import Program
from afterscore.programs.queries import causes
from afterscore.programs.queries.previewing import LeftOut, Preview


def tell(preview: Preview, *, zone: str) -> tuple[str, ...]:
    """Who will be asked and when, who will not and why, and what is to be expected."""
    sentences = [_asked(preview), _told_ahead(preview), _reminded(preview)]
    sentences += [_passed_over(preview), _outside(preview)]
    if preview.asked:
        sentences += [_substituted(preview), _expected(preview, zone)]
    return tuple(sentence for sentence in sentences if sentence)


def _asked(preview: Preview) -> str:
    if not preview.asked:
        return "Nobody will get an invitation."
    when = _span(preview.invitation_days)
    return f"{say_people(preview.asked)} will get an invitation {when}."


def _told_ahead(preview: Preview) -> str:
    days = [day for day in preview.days if day.heads_ups]
    if days:
        mails = sum(day.heads_ups for day in days)
        says = "gets a short mail which says" if mails == 1 else "get a short mail which says"
        when = _span([day.day for day in days])
        return f"Before that, {say_people(mails)} {says} that a question is coming, {when}."
    if not preview.calls:
        return ""
    are = "is" if preview.calls == 1 else "are"
    return f"Before that, {say_people(preview.calls)} {are} called by the owner of their account."


def _reminded(preview: Preview) -> str:
    days = [day for day in preview.days if day.reminders]
    if not days:
        return "Nobody will be reminded." if preview.asked else ""
    reminders = sum(day.reminders for day in days)
    count = "1 reminder follows" if reminders == 1 else f"Up to {reminders:,} reminders follow"
    return f"{count} {_span([day.day for day in days])}, to whoever has not answered by then."


def _passed_over(preview: Preview) -> str:
    if not preview.passed_over:
        return ""
    reasons = say_reasons(preview.passed_over)
    return f"{say_people(preview.not_asked)} in the audience will not be asked: {reasons}."


def _outside(preview: Preview) -> str:
    if not preview.outside:
        return ""
    are = "is" if preview.outside == 1 else "are"
    return f"{say_people(preview.outside)} {are} outside the audience."


def _substituted(preview: Preview) -> str:
    if not preview.substituted:
        return ""
    who = say_people(preview.substituted)
    return f"{who} will be asked by the workspace's sender, because no owner can ask them."


def _expected(preview: Preview, zone: str) -> str:
    expected = preview.expected
    answers = "1 answer" if expected.answers == 1 else f"{expected.answers:,} answers"
    return f"About {answers} may come in until {say_day(preview.closes_at, zone)}, {expected.why}."


def tell_trigger(*, program: Program) -> tuple[str, ...]:
    """What starts the asking, and whether that ever happens."""
    trigger = causes.trigger_of(program)
    sentence = triggers.describe(trigger, program.cadence_days)
    if not isinstance(trigger, AfterSignal):
        return (sentence,)
    last = causes.last_cause_at(program=program)
    if last is None:
        never = (
            f"No other system has told of “{trigger.name}” yet. Signals come in by the API, or "
            "with: afterscore signals import"
        )
        return (sentence, never)
    return (sentence, f"It last happened on {say_day(last, program.workspace.time_zone)}.")


def say_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def say_reasons(groups: Iterable[LeftOut]) -> str:
    """ "asked recently (210), no e-mail address (3)"."""
    return ", ".join(f"{_small(group.reason.label)} ({group.people:,})" for group in groups)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def say_day(at: datetime, zone: str) -> str:
    """The day of an instant on the calendars of a zone: "4 May 2026"."""
    day = calendars.local_day(at, calendars.zone_or(zone, "UTC"))
    return f"{day.day} {day:%B %Y}"


def _span(days: Sequence[date]) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return f"on {first:%A} {first.day} {first:%B %Y}"
    return f"between {first:%A} {first.day} {first:%B} and {last:%A} {last.day} {last:%B %Y}"
