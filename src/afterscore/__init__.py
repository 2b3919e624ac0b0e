"""Afterscore: closed-loop Net Promoter Score, self-hosted."""

from __future__ import annotations

__version__ = "0.1.0"
