"""The visitors of `bench/scanners.py`, a few of each kind."""

from __future__ import annotations

from tests.people import People
from tests.scanners import mails, outcome

SIZES = {"fetched": 32, "clicked": 24, "read": 60}


def test_fetchers_leave_nothing_clickers_are_set_aside_and_people_count(people: People) -> None:
    sent = mails.send(people, outcome.mails_needed(**SIZES))

    outcomes = outcome.visit_all(sent, **SIZES, seed=7)

    for fetcher in outcomes["fetchers"]:
        assert not fetcher.worth, fetcher
    for looker in outcomes["disguised"]:
        assert not looker.counted, looker
    for clicker in outcomes["clickers"]:
        assert clicker.quarantined == clicker.mails, clicker
    for reader in outcomes["readers"]:
        if reader.kind != "screen reader":  # see docs/algorithms/scanners.md
            assert reader.counted == reader.mails, reader


def test_every_mail_has_eleven_numbers_a_way_out_and_the_link_that_nobody_sees(
    people: People,
) -> None:
    (mail,) = mails.send(people, 1)
    assert [link.partition("=")[2] for link in mail.scores] == [str(each) for each in range(11)]
    assert f"{mail.path}/all" in mail.links
    assert any(link.startswith("/u/") for link in mail.links)
