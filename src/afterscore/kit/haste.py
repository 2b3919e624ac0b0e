"""Shortens the sender's leases and its patience with mail servers, all by one factor.

`AFTERSCORE_HASTE=30` makes a lease of two minutes last four seconds: for trials in which workers
and servers die on purpose. Their proportions stay, so what holds in haste holds at leisure.
"""

from __future__ import annotations

import os
from datetime import timedelta

FACTOR = float(os.environ.get("AFTERSCORE_HASTE", "1"))


def span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds / FACTOR)
