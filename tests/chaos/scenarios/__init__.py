"""A scenario is one file here and one line in `tests.chaos.registry`."""
