from __future__ import annotations

from afterscore.customers.operations.accounts import change_account, create_account
from afterscore.customers.operations.contacts import change_contact, create_contact
from afterscore.customers.operations.erasing import erase_contact
from afterscore.customers.operations.imports import (
    change_import,
    discard_import,
    discard_stale_imports,
    launch_import,
    start_import,
)
from afterscore.customers.operations.quarantines import quarantine_account, quarantine_contact
from afterscore.customers.operations.questions import note_question
from afterscore.customers.operations.running import run_import
from afterscore.customers.operations.signals import Intake, NewSignal, Problem, record_signals

__all__ = [
    "Intake",
    "NewSignal",
    "Problem",
    "change_account",
    "change_contact",
    "change_import",
    "create_account",
    "create_contact",
    "discard_import",
    "discard_stale_imports",
    "erase_contact",
    "launch_import",
    "note_question",
    "quarantine_account",
    "quarantine_contact",
    "record_signals",
    "run_import",
    "start_import",
]
