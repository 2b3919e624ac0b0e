"""Reading programs, waves and enrolments, and judging whom one may ask."""

from __future__ import annotations

from afterscore.programs.queries.accuracy import list_accuracy, wave_accuracy
from afterscore.programs.queries.calling import (
    Script,
    get_call,
    list_calls_made,
    list_calls_to_make,
    script_of,
)
from afterscore.programs.queries.causes import (
    find_last_refusal,
    is_standing,
    last_cause_at,
    list_cadence_programs,
    list_due,
    list_standing_waves,
    lot_of,
    trigger_of,
)
from afterscore.programs.queries.choices import list_attribute_fields
from afterscore.programs.queries.decisions import Decision, changes_of, list_decisions
from afterscore.programs.queries.defining import (
    columns_of,
    definition_of,
    draft_program,
    list_changes,
    list_problems,
    read_definition,
)
from afterscore.programs.queries.drawing import Arms, draw_arms
from afterscore.programs.queries.evidence import (
    ReminderEffect,
    evidence_for,
    first_reminder,
    reminder_effect,
)
from afterscore.programs.queries.experiments import (
    SegmentEffect,
    TouchEffect,
    counting_begins,
    list_effects,
)
from afterscore.programs.queries.finding import (
    OPEN_STATES,
    exclusion_counts,
    find_enrolment,
    find_open_wave,
    find_program,
    get_program,
    get_wave,
    list_closed_waves,
    list_enrolments_of,
    list_programs,
    list_waves,
    list_waves_to_close,
    next_number,
)
from afterscore.programs.queries.health import (
    TouchHealth,
    alarm_of,
    find_running_wave,
    is_worth_judging,
    list_refused_waves,
    touches_health,
)
from afterscore.programs.queries.judging import (
    Asking,
    Judged,
    Person,
    asking_of,
    judge_contact,
    judge_contacts,
    next_seed,
)
from afterscore.programs.queries.obstacles import Obstacle, list_obstacles, nobody_to_ask
from afterscore.programs.queries.outcome import (
    DayOfWave,
    count_asked,
    count_set_aside,
    csv_rows,
    list_days,
    list_left_out,
)
from afterscore.programs.queries.overview import Overview, list_overview, next_wave_at
from afterscore.programs.queries.owners import OwnerRate, list_owner_rates
from afterscore.programs.queries.pacing import Crowd, Drip, Kept, Seats, drip_of, foresee, kept_plan
from afterscore.programs.queries.peers import NOBODY as NO_PEERS
from afterscore.programs.queries.peers import Peers, peers_of
from afterscore.programs.queries.previewing import LeftOut, Preview, SendDay, preview
from afterscore.programs.queries.rates import (
    Expectation,
    ResponseRate,
    expected_answers,
    response_rate,
)
from afterscore.programs.queries.reminding import (
    SecondDecided,
    SecondDue,
    list_quoting_waves,
    list_reminders_leaving,
    list_reminding_waves,
    list_second_decisions,
    list_second_reminders_due,
)
from afterscore.programs.queries.samples import (
    language_code,
    list_sample_languages,
    sample_message,
    sample_wording,
)
from afterscore.programs.queries.sending import Sender, may_be_told_ahead, sender_of
from afterscore.programs.queries.shifts import ScoreShift
from afterscore.programs.queries.telling import say_day, say_people, tell, tell_trigger
from afterscore.programs.queries.timing import Timetable, timetable_of
from afterscore.programs.queries.why import tell_asking

__all__ = [
    "NO_PEERS",
    "OPEN_STATES",
    "Arms",
    "Asking",
    "Crowd",
    "DayOfWave",
    "Decision",
    "Drip",
    "Expectation",
    "Judged",
    "Kept",
    "LeftOut",
    "Obstacle",
    "Overview",
    "OwnerRate",
    "Peers",
    "Person",
    "Preview",
    "ReminderEffect",
    "ResponseRate",
    "ScoreShift",
    "Script",
    "Seats",
    "SecondDecided",
    "SecondDue",
    "SegmentEffect",
    "SendDay",
    "Sender",
    "Timetable",
    "TouchEffect",
    "TouchHealth",
    "alarm_of",
    "asking_of",
    "changes_of",
    "columns_of",
    "count_asked",
    "count_set_aside",
    "counting_begins",
    "csv_rows",
    "definition_of",
    "draft_program",
    "draw_arms",
    "drip_of",
    "evidence_for",
    "exclusion_counts",
    "expected_answers",
    "find_enrolment",
    "find_last_refusal",
    "find_open_wave",
    "find_program",
    "find_running_wave",
    "first_reminder",
    "foresee",
    "get_call",
    "get_program",
    "get_wave",
    "is_standing",
    "is_worth_judging",
    "judge_contact",
    "judge_contacts",
    "kept_plan",
    "language_code",
    "last_cause_at",
    "list_accuracy",
    "list_attribute_fields",
    "list_cadence_programs",
    "list_calls_made",
    "list_calls_to_make",
    "list_changes",
    "list_closed_waves",
    "list_days",
    "list_decisions",
    "list_due",
    "list_effects",
    "list_enrolments_of",
    "list_left_out",
    "list_obstacles",
    "list_overview",
    "list_owner_rates",
    "list_problems",
    "list_programs",
    "list_quoting_waves",
    "list_refused_waves",
    "list_reminders_leaving",
    "list_reminding_waves",
    "list_sample_languages",
    "list_second_decisions",
    "list_second_reminders_due",
    "list_standing_waves",
    "list_waves",
    "list_waves_to_close",
    "lot_of",
    "may_be_told_ahead",
    "next_number",
    "next_seed",
    "next_wave_at",
    "nobody_to_ask",
    "peers_of",
    "preview",
    "read_definition",
    "reminder_effect",
    "response_rate",
    "sample_message",
    "sample_wording",
    "say_day",
    "say_people",
    "script_of",
    "sender_of",
    "tell",
    "tell_asking",
    "tell_trigger",
    "timetable_of",
    "touches_health",
    "trigger_of",
    "wave_accuracy",
]
