"""Faults on purpose, and an oracle outside the system: docs/chaos.md."""
