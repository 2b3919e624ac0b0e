from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import nps
from afterscore.kit.templatetags import charts, display, score

NOW = datetime(2025, 3, 12, 13, 5, tzinfo=UTC)
PALETTE = Path(__file__).parents[2] / "frontend" / "palette.json"

histograms = st.lists(st.integers(0, 5000), min_size=11, max_size=11).map(tuple)


def render(source: str, **context: Any) -> str:
    loads = "{% load display score charts icons %}"
    return Template(loads + source).render(Context({"now": NOW, **context}))


def words(source: str, **context: Any) -> str:
    """What a reader sees or hears, in one line, every kind of space as a plain one."""
    return " ".join(re.sub(r"<[^>]+>", " ", render(source, **context)).split())


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(0, "0"), (999, "999"), (12345, "12,345"), (-1200, "−1,200"), (None, "—")],
    )
    def test_counts_have_thousands_apart(self, value, text):
        assert display.count(value) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(12.4, "+12"), (-3.2, "−3"), (0.4, "0"), (-0.4, "0"), (None, "—")]
    )
    def test_points_carry_their_sign_unless_they_round_to_zero(self, value, text):
        assert display.points(value) == text

    def test_ratios_are_written_as_percentages(self):
        assert display.ratio(0.423) == "42\u202f%"
        assert display.ratio(0.4235, 1) == "42.4\u202f%"
        assert display.ratio(None) == "—"

    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            ("0", "€0"),
            ("940.4", "€940"),
            ("999.4", "€999"),
            ("999.6", "€1k"),
            ("12400", "€12.4k"),
            ("999949", "€1m"),
            ("1234567", "€1.23m"),
            ("45000000000", "€45bn"),
            ("-84000", "−€84k"),
        ],
    )
    def test_money_is_short(self, amount, text):
        assert display.money(Decimal(amount), "EUR") == text

    def test_money_can_be_exact_and_in_any_currency(self):
        assert display.money(Decimal(1234567), "CHF", exact=True) == "CHF\u00a01,234,567"
        assert display.money(None, "EUR") == "—"

    @given(st.decimals(1, 10**12, places=2))
    def test_short_money_has_at_most_four_characters_of_digits(self, amount):
        digits = re.sub(r"\D", "", display.money(amount, "EUR"))
        assert 1 <= len(digits) <= 4


class TestTimes:
    @pytest.mark.parametrize(
        ("distance", "text"),
        [
            (timedelta(seconds=20), "just now"),
            (timedelta(minutes=1), "in 1 minute"),
            (timedelta(minutes=-89), "89 minutes ago"),
            (timedelta(minutes=-90), "2 hours ago"),
            (timedelta(hours=35), "in 35 hours"),
            (timedelta(hours=36), "in 2 days"),
            (timedelta(days=-13), "13 days ago"),
            (timedelta(days=14), "in 2 weeks"),
            (timedelta(days=-70), "2 months ago"),
            (timedelta(days=1200), "in 3 years"),
        ],
    )
    def test_distances_are_told_in_their_largest_sensible_unit(self, distance, text):
        assert words("{% relative_time at %}", at=NOW + distance) == text

    def test_deadlines_say_how_late_or_how_near(self):
        late = render("{% due_time at %}", at=NOW - timedelta(days=2))
        assert "2 days late" in late
        assert "time-late" in late
        near = render("{% due_time at %}", at=NOW + timedelta(hours=3))
        assert "in 3 hours" in near
        assert "time-near" in near
        assert words("{% due_time at %}", at=None) == "—"

    def test_instants_are_told_in_the_readers_zone(self):
        with timezone.override("Asia/Tokyo"):
            assert words("{% absolute_time at %}", at=NOW) == "12 Mar 2025, 22:05"
            assert words("{{ at|day }}", at=NOW + timedelta(hours=2)) == "13 Mar 2025"

    def test_a_relative_time_gives_the_exact_one_as_well(self):
        html = render("{% relative_time at %}", at=NOW)
        assert 'datetime="2025-03-12T13:05:00+00:00"' in html
        assert "12 Mar 2025, 13:05 UTC" in html


class TestScores:
    @pytest.mark.parametrize("value", range(11))
    def test_a_chip_tells_its_group_to_eyes_and_ears(self, value):
        group = nps.group_of(value).value
        html = render("{% score_chip value %}", value=value)
        assert f"score-{group}" in html
        assert words("{% score_chip value %}", value=value) == f"{value} {group}"

    def test_a_missing_score_is_said(self):
        assert "no score" in words("{% score_chip None %}")

    def test_groups_are_counted_in_words(self):
        assert words("{% group_badge 'passive' answers=1 %}") == "1 passive"
        assert words("{% group_badge group answers=3 %}", group=nps.Group.DETRACTOR) == (
            "3 detractors"
        )

    def test_the_survey_script_learns_the_group_of_every_score(self):
        groups = json.loads(score.score_groups_json())
        assert groups == [nps.group_of(value).value for value in range(11)]

    def test_the_list_of_groups_is_safe_inside_an_attribute(self):
        assert '"' not in render("{% score_groups_json %}")

    @given(histograms)
    def test_shares_fill_the_bar_without_gaps(self, histogram):
        shares = score.share_groups(histogram)
        assert sum(share.answers for share in shares) == sum(histogram)
        assert shares[0].start == 0
        for before, after in itertools.pairwise(shares):
            assert after.start == pytest.approx(before.start + before.width)
        if sum(histogram):
            assert shares[-1].start + shares[-1].width == pytest.approx(100)

    @given(histograms)
    def test_every_answer_has_a_visible_bar_inside_the_drawing(self, histogram):
        for bar in score.lay_out_bars(histogram):
            assert (bar.height >= 2) == (bar.answers > 0)
            assert bar.x > 0
            assert bar.x + bar.width < 100
            assert bar.number_y > 0
            assert bar.y + bar.height == pytest.approx(score.BASELINE)

    def test_the_histogram_reads_aloud(self):
        text = words("{% score_histogram histogram %}", histogram=(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3))
        assert "Score 10: 3" in text
        assert "promoters 75 %" in text


class TestIntervals:
    def test_a_score_says_its_interval_and_answers(self):
        text = words("{% score_interval 34.2 27.1 41.3 answers=740 %}")
        assert "+34" in text
        assert "Between +27 and +41 with 95 % confidence, from 740 answers." in text

    def test_without_an_estimate_it_says_so(self):
        assert words("{% score_interval None None None answers=12 size='row' %}") == (
            "can't tell yet: 12 answers"
        )
        assert words("{% score_interval None None None answers=0 %}") == "no answers yet"

    def test_zero_points_are_a_score(self):
        assert "Between −9 and +9" in words("{% score_interval 0 -9 9 answers=80 %}")

    @given(st.floats(-150, 150))
    def test_the_scale_keeps_everything_inside(self, value):
        assert 0 <= charts.place_on_scale(value) <= 100

    def test_the_scale_is_centred_on_zero(self):
        assert [charts.place_on_scale(value) for value in (-100, 0, 100)] == [0, 50, 100]


points = st.builds(
    lambda estimate, margin: charts.TrendPoint(
        label="Jan",
        answers=50,
        estimate=estimate,
        low=max(-100, estimate - margin),
        high=min(100, estimate + margin),
    ),
    st.floats(-100, 100),
    st.floats(0, 60),
)
gaps = st.just(charts.TrendPoint(label="Feb", answers=2))


class TestTrends:
    @given(st.lists(points | gaps, max_size=40))
    def test_every_mark_stays_inside_the_drawing(self, trend):
        drawing = charts.trend_chart(trend, title="Score")
        for mark in drawing["marks"]:
            assert 0 < mark["x"] < 100
            for value in (mark["y"], mark["low_y"], mark["high_y"]):
                assert value is None or 0 <= value <= charts.TREND_HEIGHT

    @given(st.lists(points | gaps, max_size=40))
    def test_the_axis_has_two_to_six_ticks(self, trend):
        assert 2 <= len(charts.trend_chart(trend, title="Score")["ticks"]) <= 6

    def test_a_month_without_an_estimate_breaks_the_line(self):
        known = charts.TrendPoint(label="Jan", answers=80, estimate=10, low=0, high=20)
        unknown = charts.TrendPoint(label="Feb", answers=3)
        assert len(charts.trend_chart([known] * 5, title="")["lines"]) == 1
        drawing = charts.trend_chart([known, known, unknown, known, known], title="")
        assert len(drawing["lines"]) == 2

    def test_many_points_are_drawn_with_a_band(self):
        known = charts.TrendPoint(label="Jan", answers=80, estimate=10, low=0, high=20)
        assert not charts.trend_chart([known] * 18, title="")["bands"]
        assert charts.trend_chart([known] * 19, title="")["bands"]

    def test_the_figures_are_also_a_table(self):
        trend = [
            charts.TrendPoint(label="Jan", answers=80, estimate=10, low=-1, high=21),
            charts.TrendPoint(label="Feb", answers=3),
        ]
        html = render("{% trend_chart trend title='Score by month' %}", trend=trend)
        assert re.search(r'<th scope="row">Jan</th><td class="number">\+10</td>', html)
        assert "−1 to +21" in html
        assert "can't tell" in html


class TestFunnels:
    def test_each_step_has_its_count_and_both_rates(self):
        steps = [
            charts.FunnelStep(label="Asked", count=200),
            charts.FunnelStep(label="Delivered", count=160, note="40 bounced"),
            charts.FunnelStep(label="Answered", count=40),
        ]
        text = words("{% funnel_chart steps title='Wave 1' %}", steps=steps)
        assert "Delivered 160 80 % of all · 40 bounced" in text  # the step before is all
        assert "25 % of the step before, 20 % of all" in text

    def test_an_empty_wave_has_no_rates(self):
        steps = [
            charts.FunnelStep(label="Asked", count=0),
            charts.FunnelStep(label="Sent", count=0),
        ]
        text = words("{% funnel_chart steps title='' %}", steps=steps)
        assert "Asked 0 Sent 0" in text
        assert "of all" not in text


class TestLoads:
    def test_what_the_desk_cannot_carry_is_told(self):
        days = [
            charts.LoadDay(label="Mon", load=52),
            charts.LoadDay(label="Tue", load=40),
            charts.LoadDay(label="Sat", load=0, is_closed=True),
        ]
        text = words(
            "{% load_chart days capacity=40 title='Load' unit='cases' %}",
            days=days,
        )
        assert "Mon: 52 cases, 12 too many." in text
        assert "Sat: closed." in text
        assert "1 day brings more than the 40 cases a day" in text

    @given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.none() | st.floats(0, 1e6))
    def test_every_column_stays_inside_the_drawing(self, loads, capacity):
        days = [charts.LoadDay(label="Mon", load=load) for load in loads]
        drawing = charts.load_chart(days, capacity=capacity, title="", unit="cases")
        for column in drawing["columns"]:
            assert column["number_y"] > 0
            whole = column["height"] + column["excess_height"]
            assert whole <= charts.LOAD_BOTTOM - charts.LOAD_TOP + 1e-6


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("fr", "French"),
        ("pt-BR", "Brazilian Portuguese"),
        ("de_CH", "German"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_languages_have_names(code: str, name: str) -> None:
    assert display.language_name(code) == name


class TestStates:
    def test_every_state_of_a_message_has_a_word(self):
        for state, appearance in display.MESSAGE_STATES.items():
            assert appearance.word in words("{% message_state state %}", state=state)

    def test_an_unknown_state_is_an_error(self):
        with pytest.raises(KeyError):
            render("{% message_state 'teleported' %}")

    def test_progress_is_said_and_drawn(self):
        html = render("{% progress_bar 420 1021 label='Sent today' unit='mails' %}")
        assert "420 of 1,021 mails" in html
        assert 'max="1021" value="420"' in html

    def test_progress_of_nothing_is_empty(self):
        assert 'max="1" value="0"' in render("{% progress_bar 0 0 label='Sent today' %}")


class TestIcons:
    def test_an_icon_alone_has_a_name_and_decoration_has_none(self):
        assert 'aria-hidden="true"' in render("{% icon 'inbox' %}")
        assert 'aria-label="Inbox"' in render("{% icon 'inbox' label='Inbox' %}")

    def test_every_icon_of_our_templates_is_in_the_sprite(self):
        names = json.loads((PALETTE.parent / "icons.json").read_text())
        sources = (PALETTE.parents[1] / "src").rglob("*.html")
        used = {
            name for file in sources for name in re.findall(r'{% icon "([^"]+)"', file.read_text())
        }
        states = {appearance.icon for appearance in display.MESSAGE_STATES.values()}
        assert used | states <= set(names)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "side", "surface", "raised", "sunken")
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "ink-faint", "accent") for ground in GROUNDS],
    *[
        (f"{tone}-ink", ground)
        for tone in ("promoter", "passive", "detractor")
        for ground in GROUNDS
    ],
    *[(f"{tone}-ink", f"{tone}-tint") for tone in ("promoter", "passive", "detractor", "warn")],
    *[("ink", f"{tone}-tint") for tone in ("promoter", "passive", "detractor", "warn", "accent")],
    *[("on-group", group) for group in ("promoter", "passive", "detractor")],
    ("ink-faint", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("warn-ink", "surface"),
]


class TestPalette:
    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize(("text", "ground"), TEXTS)
    def test_text_stands_out_from_its_ground(self, text, ground, theme):
        palette = json.loads(PALETTE.read_text())
        assert contrast(palette[text][theme], palette[ground][theme]) >= 4.5

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("edge", ["control", "focus", "promoter", "passive", "detractor"])
    def test_edges_and_shapes_stand_out_from_the_page(self, edge, theme):
        palette = json.loads(PALETTE.read_text())
        for ground in ("paper", "surface"):
            assert contrast(palette[edge][theme], palette[ground][theme]) >= 3
