"""What does not count, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from afterscore.responses.models import Response

CHUNK = 2_000
CSV_HEADER = (
    "name", "email", "account", "program", "wave", "score", "comment", "validity", "what_was_seen",
    "decided_because", "received_at",
)  # fmt: skip


def csv_rows(answers: QuerySet[Response]) -> Iterator[tuple[str, ...]]:
    yield CSV_HEADER
    for answer in answers.iterator(chunk_size=CHUNK):
        yield (
            answer.contact.name,
            answer.contact.email or "",
            answer.account.name if answer.account else "",
            answer.wave.program.name,
            str(answer.wave.number),
            str(answer.score),
            answer.comment,
            answer.validity,
            " ".join(why for _sign, why in answer.signs),
            answer.decided_why,
            answer.received_at.isoformat(timespec="seconds"),
        )
