"""Reading answers. What is called an answer here counts; the rest has names of its own."""

from __future__ import annotations

from afterscore.responses.queries.alike import (
    sums,
    sums_by,
    sums_by_month,
    sums_by_wave,
    sums_of_enrolments,
)
from afterscore.responses.queries.counting import (
    count_by_validity,
    count_set_aside,
    histogram,
    histogram_of_enrolments,
    histograms_by,
    histograms_by_month,
    histograms_by_wave,
    set_aside_by,
    set_aside_by_wave,
)
from afterscore.responses.queries.exporting import csv_rows
from afterscore.responses.queries.listing import (
    answer_ids,
    find_response_to,
    get_response,
    latest_scores,
    list_responses,
    list_responses_of,
    list_set_aside,
    list_to_settle,
    list_visits,
)
from afterscore.responses.queries.rating import count_ratings, list_rated
from afterscore.responses.queries.selecting import UNKNOWN, Selection
from afterscore.responses.queries.telling import list_answers

__all__ = [
    "UNKNOWN",
    "Selection",
    "answer_ids",
    "count_by_validity",
    "count_ratings",
    "count_set_aside",
    "csv_rows",
    "find_response_to",
    "get_response",
    "histogram",
    "histogram_of_enrolments",
    "histograms_by",
    "histograms_by_month",
    "histograms_by_wave",
    "latest_scores",
    "list_answers",
    "list_rated",
    "list_responses",
    "list_responses_of",
    "list_set_aside",
    "list_to_settle",
    "list_visits",
    "set_aside_by",
    "set_aside_by_wave",
    "sums",
    "sums_by",
    "sums_by_month",
    "sums_by_wave",
    "sums_of_enrolments",
]
