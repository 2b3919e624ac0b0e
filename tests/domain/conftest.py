from __future__ import annotations

from hypothesis import settings

# A busy machine is not a fault of the code: no deadline for a single example.
settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
