from __future__ import annotations

import os
from typing import Any

import pytest

from afterscore.outreach import ledger
from afterscore.outreach.channels.memory import Memory
from tests.outreach.post import Post

HANDED = ledger.Handed("wsp_a", "msg_a", 3, "abc", "invitation")


def _all() -> list[Any]:
    return [entry for path in ledger.files(ledger.folder()) for entry in ledger.read(path)[0]]


def test_what_is_written_is_read() -> None:
    ledger.handed_over([HANDED])
    ledger.settled([ledger.Settled("msg_a", 3, "sent", "250 queued as 4F2")])
    ledger.silenced([ledger.Silenced("wsp_a", "abc", "", "unsubscribed")])
    handed, settled, silenced = _all()
    assert handed.at <= settled.at <= silenced.at
    assert (handed.message, settled.outcome, silenced.reason) == ("msg_a", "sent", "unsubscribed")


def test_a_torn_line_takes_no_other_with_it() -> None:
    ledger.handed_over([HANDED])
    (path,) = ledger.files(ledger.folder())
    with path.open("ab") as file:
        file.write(b'{"what":"handed","mess\n{"what":"handed"}\n[]\n{"what":')
    entries, end = ledger.read(path)
    assert [type(entry) for entry in entries] == [ledger.Handed]
    assert end == path.stat().st_size - len(b'{"what":')


def test_reading_goes_on_where_it_ended() -> None:
    ledger.handed_over([HANDED])
    (path,) = ledger.files(ledger.folder())
    _entries, end = ledger.read(path)
    ledger.settled([ledger.Settled("msg_a", 3, "sent")])
    entries, _end = ledger.read(path, start=end)
    assert [type(entry) for entry in entries] == [ledger.Settled]


def test_each_process_has_its_own_file() -> None:
    ledger.handed_over([HANDED])
    if (child := os.fork()) == 0:
        try:
            ledger.handed_over([HANDED])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert len(ledger.files(ledger.folder())) == 2
    assert len(_all()) == 2


def test_what_is_older_than_any_backup_goes(settings) -> None:
    ledger.folder().mkdir(parents=True)
    old = ledger.folder() / "2020-01-01.host.1.abc.jsonl"
    old.write_text("{}\n")
    ledger.handed_over([HANDED])
    assert old not in ledger.files(ledger.folder())


@pytest.mark.django_db
def test_the_ledger_names_nobody(post: Post, memory: type[Memory]) -> None:
    message = post.message()
    post.send()
    (path,) = ledger.files(ledger.folder())
    text = path.read_text().lower()
    assert message.public_id.lower() in text
    for name in (message.to_email, "ana", "lima", "example.com"):
        assert name not in text
    assert ledger.without_addresses("550 <ana@example.com>: no such user") == "550 … no such user"
