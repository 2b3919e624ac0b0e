"""Reading mail that comes back. Bytes in, values out: nothing here knows of tables.

`read` never raises for what a stranger wrote: what it cannot make sense of is `Other`.
"""

from __future__ import annotations

from afterscore.outreach.inlet.automatic import recognise as automatic_reply
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
from afterscore.outreach.inlet.letters import LONGEST_TEXT, File, Letter, open_letter
from afterscore.outreach.inlet.quoting import Divided
from afterscore.outreach.inlet.reading import UNRECOGNISED, cover, read, words_of

__all__ = [
    "LONGEST_TEXT",
    "UNRECOGNISED",
    "About",
    "AutoReply",
    "Bounce",
    "Complaint",
    "Cover",
    "Delivered",
    "Divided",
    "File",
    "Finding",
    "Letter",
    "Other",
    "Returned",
    "automatic_reply",
    "cover",
    "open_letter",
    "read",
    "words_of",
]
