from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import scanners
from afterscore.domain.scanners import (
    Act,
    AgentKind,
    Conduct,
    Counting,
    Gesture,
    Judgement,
    Means,
    Sign,
    Validity,
    Verdict,
    Visit,
)
from tests.people import NOW

HAND = Conduct(Gesture.TOUCH, reach=2_400, press=80)
NORA = "nora's network"
LATER = NOW + timedelta(hours=1)
SEND = Act(
    at=NOW,
    means=Means.SENT,
    has_comment=True,
    visitor=NORA,
    conduct=HAND,
    handed_over_at=NOW - timedelta(minutes=20),
)


def judge(act: Act, *visits: Visit, now=LATER) -> Judgement:
    return scanners.judge(act, visits, now=now)


def signs(judgement: Judgement) -> set[Sign]:
    return {finding.sign for finding in judgement.findings}


def fetches(*scores: int | None, visitor: str = NORA, seconds: float = 1) -> list[Visit]:
    return [
        Visit(
            at=NOW - timedelta(seconds=5) + timedelta(seconds=seconds * number),
            visitor=visitor,
            agent=AgentKind.BROWSER,
            score=score,
        )
        for number, score in enumerate(scores)
    ]


def test_somebody_who_reads_taps_and_writes_is_a_person():
    assert judge(SEND, *fetches(9)) == Judgement(Means.SENT, (), is_settled=True)


@pytest.mark.parametrize(
    ("act", "sign"),
    [
        (replace(SEND, handed_over_at=NOW - timedelta(seconds=9)), Sign.TOO_FAST),
        (replace(SEND, handed_over_at=NOW + timedelta(seconds=2)), Sign.TOO_FAST),
        (replace(SEND, agent=AgentKind.PROGRAM), Sign.AGENT),
        (replace(SEND, agent=AgentKind.GUARD), Sign.AGENT),
        (replace(SEND, is_from_scanner_network=True), Sign.NETWORK),
        (replace(SEND, is_prefetch=True), Sign.PREFETCH),
        (replace(SEND, conduct=replace(HAND, is_driven=True)), Sign.DRIVEN),
        (replace(SEND, conduct=replace(HAND, reach=799)), Sign.HASTY),
        (replace(SEND, conduct=Conduct(Gesture.NONE, 9_000)), Sign.SCRIPTED),
        (replace(SEND, conduct=Conduct(Gesture.MOUSE, 2_000, 0, 1)), Sign.JUMP),
    ],
)
def test_one_strong_sign_is_no_proof(act: Act, sign: Sign):
    judgement = judge(act)
    assert signs(judgement) == {sign}
    assert judgement.verdict is Verdict.PERSON
    assert judge(act, now=NOW).verdict is Verdict.WAIT


@pytest.mark.parametrize(
    "act",
    [
        replace(SEND, handed_over_at=NOW - timedelta(seconds=10)),
        replace(SEND, handed_over_at=None),
        replace(SEND, agent=AgentKind.UNNAMED),
        replace(SEND, conduct=replace(HAND, reach=800)),
        replace(SEND, conduct=Conduct(Gesture.AID, 3_000)),
        replace(SEND, conduct=Conduct(Gesture.KEY, 3_000, 60)),
        replace(SEND, conduct=Conduct(Gesture.MOUSE, 2_000, 90, 0)),
    ],
)
def test_just_short_of_a_sign_is_none(act: Act):
    assert judge(act).findings == ()


def test_who_has_neither_scripts_nor_anything_to_say_still_counts():
    quiet = replace(SEND, conduct=None, has_comment=False)
    assert judge(quiet, now=NOW).verdict is Verdict.WAIT
    judgement = judge(quiet)
    assert signs(judgement) == {Sign.NO_GESTURE, Sign.NO_COMMENT}
    assert judgement.verdict is Verdict.PERSON
    assert scanners.standing_of(judgement, counting=Counting.SENT) is Validity.COUNTED


@pytest.mark.parametrize(
    ("scores", "seconds", "found"),
    [
        ((0, 1), 1, set()),
        ((0, 1, 1, 0), 1, set()),
        ((0, 1, 2), 1, {Sign.MANY_SCORES}),
        ((0, 1, 2), 30, {Sign.MANY_SCORES}),
        ((0, 1, 2), 31, set()),
        (tuple(range(11)), 1, {Sign.MANY_SCORES, Sign.EVERY_SCORE}),
        (tuple(range(11)), 31, {Sign.EVERY_SCORE}),
    ],
)
def test_three_numbers_within_a_minute_are_a_sign(scores, seconds, found):
    without_hand = replace(SEND, conduct=None)
    found = found | {Sign.NO_GESTURE}
    assert signs(judge(without_hand, *fetches(*scores, seconds=seconds))) == found


def test_a_link_that_nobody_sees_speaks_against_whoever_follows_it():
    (trap,) = [replace(visit, is_trap=True) for visit in fetches(None)]
    assert signs(judge(SEND, trap)) == {Sign.TRAP}
    assert judge(replace(SEND, handed_over_at=NOW), trap).verdict is Verdict.AUTOMATED


def test_a_guard_that_looked_before_says_nothing_against_the_reader():
    guard = fetches(*range(11), visitor="guard")
    trap = replace(guard[0], is_trap=True)
    assert judge(SEND, *guard, trap).findings == ()


def test_a_guard_in_the_same_house_that_looked_minutes_ago_says_nothing_against_a_hand():
    guard = [
        replace(visit, at=visit.at - timedelta(minutes=2), is_trap=not number)
        for number, visit in enumerate(fetches(*range(11)))
    ]
    assert judge(SEND, *guard).findings == ()
    without_hand = replace(SEND, conduct=None, has_comment=False)
    assert judge(without_hand, *guard).verdict is Verdict.AUTOMATED


def test_a_guard_that_spreads_its_work_is_still_seen_where_no_hand_is():
    robot = replace(SEND, conduct=None, has_comment=False)
    judgement = judge(robot, *fetches(*range(11), visitor="guard's other address"))
    assert judgement.verdict is Verdict.AUTOMATED


def test_what_a_browser_fetches_ahead_says_nothing():
    ahead = [replace(visit, is_prefetch=True) for visit in fetches(*range(11))]
    assert judge(SEND, *ahead).findings == ()


def test_silence_speaks_only_beside_a_strong_sign_and_after_a_while():
    tapped = replace(SEND, means=Means.TAPPED, has_comment=False, conduct=None)
    fast = replace(tapped, handed_over_at=NOW)
    assert Sign.NO_COMMENT not in signs(judge(fast, now=NOW))
    assert Sign.NO_COMMENT in signs(judge(fast))


@given(
    means=st.sampled_from(Means),
    counting=st.sampled_from(Counting),
    act=st.builds(
        replace,
        st.just(SEND),
        agent=st.sampled_from(AgentKind),
        has_comment=st.booleans(),
        conduct=st.none() | st.builds(Conduct, st.sampled_from(Gesture), st.integers(0, 99_999)),
        is_from_scanner_network=st.booleans(),
    ),
)
def test_only_people_are_counted_and_only_as_far_as_the_workspace_says(means, counting, act):
    judgement = judge(replace(act, means=means))
    validity = scanners.standing_of(judgement, counting=counting)
    order = [Counting.OPENED, Counting.TAPPED, Counting.SENT]
    reached = [Means.OPENED, Means.TAPPED, Means.SENT].index(means) >= order.index(counting)
    strong = [finding for finding in judgement.findings if finding.is_strong]
    if strong and len(judgement.findings) > 1:
        assert validity is Validity.QUARANTINED
    else:
        assert validity is (Validity.COUNTED if reached else Validity.PROVISIONAL)


@given(st.text())
def test_whatever_the_page_says_is_read_or_left(text: str):
    scanners.read_conduct(text)


@pytest.mark.parametrize(
    ("text", "conduct"),
    [
        ("touch 2310 84 0 0", Conduct(Gesture.TOUCH, 2_310, 84, 0)),
        ("mouse 5 - 12 1", Conduct(Gesture.MOUSE, 5, None, 12, is_driven=True)),
        ("", None),
        ("touch 2310 84 0", None),
        ("hand 2310 84 0 0", None),
        ("touch -1 84 0 0", None),
        ("touch 2310 84 0 0\n", None),
        ("touch ٣ 84 0 0", None),
    ],
)
def test_the_words_of_the_page(text: str, conduct: Conduct | None):
    assert scanners.read_conduct(text) == conduct


CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (CHROME, AgentKind.BROWSER),
        (CHROME.replace("Chrome/", "HeadlessChrome/"), AgentKind.PROGRAM),
        ("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)", AgentKind.BROWSER),
        ("Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36", AgentKind.BROWSER),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
         AgentKind.PROGRAM),
        ("python-requests/2.31", AgentKind.PROGRAM),
        ("curl/8.1", AgentKind.PROGRAM),
        ("BarracudaCentral/1.0", AgentKind.GUARD),
        ("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", AgentKind.GUARD),
        ("", AgentKind.UNNAMED),
        ("  ", AgentKind.UNNAMED),
    ],
)  # fmt: skip
def test_what_a_request_says_of_itself(agent: str, kind: AgentKind):
    assert scanners.kind_of(agent) is kind


def test_most_programs_that_are_known_are_known_here(real_data: Path):
    listed = json.loads(
        gzip.decompress((real_data / "email/crawler_user_agents.json.gz").read_bytes())
    )
    agents = [agent for entry in listed["entries"] for agent in entry["instances"]]
    found = sum(scanners.kind_of(agent).is_automatic for agent in agents)
    assert len(agents) > 1_500
    assert found / len(agents) >= 0.96, f"{found} of {len(agents)}"
