"""A drip plan in sentences, for the page, the command line and the journal."""

from __future__ import annotations

import math
from datetime import date

from afterscore.domain.drip import MOST_DAYS, Decision, Pause, Plan


def tell(decision: Decision, *, people: int) -> str:
    """What a plan means: how fast, until when, and whether the desk can carry it."""
    if isinstance(decision, Pause):
        return _pause(decision, people)
    if not decision.asked:
        return "Nobody is left to ask."
    if decision.is_at_once:
        return f"Everybody is asked on {say_day(decision.starts_on)}; {_load(decision, people)}"
    at = "At" if _is_even(decision) else "Beginning with"
    sentence = (
        f"{at} {say_rate(decision.for_now)} the last person is asked on "
        f"{say_day(decision.finishes_on)}; {_load(decision, people)}"
    )
    if decision.for_now < decision.per_day:
        sentence += f" Later {say_rate(decision.per_day)}, once what waits today is answered."
    return sentence


def _is_even(plan: Plan) -> bool:
    """Whether no owner's accounts are through before the others."""
    asking = [lane for lane in plan.lanes if sum(lane.sizes)]
    lasts = {max(index for index, size in enumerate(lane.sizes) if size) for lane in asking}
    return len(lasts) <= 1


def _load(plan: Plan, people: int) -> str:
    who = "the one of you who answers customers" if people == 1 else f"your {people:,} people"
    busiest = max((day.answers.expected for day in plan.days), default=0.0)
    return f"about {_amount(busiest)} on the busiest day, {who} can answer {plan.capacity:,.0f}."


def _pause(pause: Pause, people: int) -> str:
    plan = pause.then
    if people == 0:
        return "No invitations: nobody is there to follow up. Add a member who answers customers."
    waiting = _waiting(pause.waiting)
    if pause.resumes_on is None:
        return (
            f"No invitations: {waiting}, and {plan.capacity:,.0f} follow-ups a day leave no room "
            "for answers to new ones within what was promised."
        )
    return f"No new invitations until {say_day(pause.resumes_on)}: {waiting}.{_afterwards(plan)}"


def _afterwards(plan: Plan) -> str:
    """By the calendar, where everybody is on it: the usual rate holds only once all are through
    with what waits for them today."""
    if not plan.asked or plan.left:
        return f" Then {say_rate(plan.per_day)}." if plan.per_day else ""
    if plan.is_at_once:
        return " Then everybody is asked on that day."
    busiest = max(day.invitations for day in plan.days)
    return f" Then up to {say_rate(busiest)}, the last on {say_day(plan.finishes_on)}."


def tell_change(before: float | None, decision: Decision, *, people: int, waiting: int) -> str:
    """Why a plan differs from the one before it; `before` is what was planned a day."""
    if isinstance(decision, Pause):
        return tell(decision, people=people)
    now = decision.for_now
    if before is None or not decision.asked:
        return tell(decision, people=people)
    if before == 0:
        return f"Asking again, {say_rate(now)}: {_waiting(waiting)}."
    if now < before:
        return f"Slowed down from {_number(before)} to {_number(now)} a day: {_waiting(waiting)}."
    if now > before:
        return f"Sped up from {_number(before)} to {_number(now)} a day: {_waiting(waiting)}."
    return f"Still {say_rate(now)}; the last person is asked on {say_day(decision.finishes_on)}."


def warn(plan: Plan, *, people: int, better: Decision) -> str:
    """Why a rate that somebody chose is too much; "" when the desk can carry it."""
    if plan.late_on is None:
        return ""
    busiest = max(plan.days, key=lambda day: day.answers.expected)
    sentence = (
        f"This may be more than you can answer in time: about {_amount(busiest.answers.expected)} "
        f"(perhaps {busiest.answers.high:,.0f}) on {say_day(busiest.day)}, and "
        f"{plan.capacity:,.0f} follow-ups a day."
    )
    if isinstance(better, Plan) and better.asked and not better.left:
        sentence += (
            f" As fast as people can follow up would be {say_rate(better.for_now)}, "
            f"until {say_day(better.finishes_on)}."
        )
        return sentence
    return f"{sentence} What helps: ask fewer, or have more people follow up."


def too_long(plan: Plan) -> str:
    """Why a wave cannot be asked within its longest time; "" when it can."""
    if not plan.left or not plan.asked:
        return ""
    return (
        f"At {say_rate(plan.per_day)}, {plan.left:,} of them would still not be asked after "
        f"{MOST_DAYS} working days. Ask fewer, let more people follow up, or choose a fixed rate."
    )


def _waiting(cases: int) -> str:
    return "1 case is waiting" if cases == 1 else f"{cases:,} cases are waiting"


def _amount(answers: float) -> str:
    if answers < 0.5:
        return "an answer now and then"
    whole = math.floor(answers + 0.5)
    return "1 answer" if whole == 1 else f"{whole:,} answers"


def say_rate(rate: float) -> str:
    """ "24 invitations a day", "one invitation every 5 working days"."""
    if 0 < rate < 1:
        return f"one invitation every {round(1 / rate)} working days"
    whole = round(rate)
    return "1 invitation a day" if whole == 1 else f"{whole:,} invitations a day"


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 1 else f"{rate:.1f}"


def say_day(day: date | None) -> str:
    return "no day" if day is None else f"{day.day} {day:%B %Y}"
