"""Reading mail that comes back. Bytes in, values out: nothing here knows of tables.

`read` never raises for what a stranger wrote: what it cannot make sense of is `Other`.
"""

from __future__ import annotations

from afterscore.outreach.inlet.findings import (
    About,
    AutoReply,
    Bounce,
    Complaint,
    Cover,
    Delivered,
    Finding,
    Other,
    Returned,
)
from afterscore.outreach.inlet.reading import UNRECOGNISED, cover, read, words_of

__all__ = [
    "UNRECOGNISED",
    "About",
    "AutoReply",
    "Bounce",
    "Complaint",
    "Cover",
    "Delivered",
    "Finding",
    "Other",
    "Returned",
    "cover",
    "read",
    "words_of",
]
