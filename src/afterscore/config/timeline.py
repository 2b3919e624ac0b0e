"""Who tells what about a customer: dotted paths, so that this file imports nothing.

`TIMELINE` fills the time lines of contacts and accounts (`customers.registry.TimelineSource`),
`LATEST_SCORES` the score beside each contact (`customers.registry.ScoreSource`),
`ENROLMENT_SCORES` the scores of people in a wave (`programs.registry.HistogramSource`),
`ENROLMENT_VOICES` their sums over accounts (`programs.registry.VoicesSource`),
`SET_ASIDE` how many answers of a wave are in no score (`programs.registry.SetAsideSource`),
`ANSWERS` to what follow-ups belong (`programs.registry.AnswersSource`),
`WAITING` how much waits to be followed up (`programs.registry.QueueSource`).
"""

from __future__ import annotations

TIMELINE: tuple[str, ...] = (
    "afterscore.customers.queries.timeline.list_facts",
    "afterscore.customers.queries.signals.list_happenings",
    "afterscore.outreach.queries.list_touches",
    "afterscore.responses.queries.list_answers",
    "afterscore.cases.queries.list_conversation",
)
LATEST_SCORES: tuple[str, ...] = ("afterscore.responses.queries.latest_scores",)
ENROLMENT_SCORES = "afterscore.responses.queries.histogram_of_enrolments"
ENROLMENT_VOICES = "afterscore.responses.queries.sums_of_enrolments"
SET_ASIDE = "afterscore.responses.queries.set_aside_by_wave"
ANSWERS = "afterscore.responses.queries.answer_ids"
WAITING = "afterscore.cases.queries.count_waiting"
