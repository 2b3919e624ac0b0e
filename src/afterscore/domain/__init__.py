"""The pure domain: rules and arithmetic without Django, clock, randomness or I/O."""

from __future__ import annotations
