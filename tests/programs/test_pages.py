from __future__ import annotations

import csv
import html
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from afterscore.domain.events import SYSTEM, Actor
from afterscore.kit import clock
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Guard, Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Program, Wave
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People
from tests.programs import scene
from tests.programs.test_definitions import EVERYTHING
from tests.programs.test_launching import ENTERPRISE, exclude_for_every_reason

PROGRAMS = "/w/harbourline/programs/"


def get(client: Client, path: str = "", **query: str) -> str:
    with clock.at(NOW):
        response = client.get(PROGRAMS + path, query)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, path: str, **values: str) -> Any:
    with clock.at(NOW):
        return client.post(PROGRAMS + path, values, follow=True)


@pytest.fixture
def program(people: People) -> Program:
    return scene.program(people.workspace, {**EVERYTHING, "trigger": "by_hand", "audience": {}})


@pytest.fixture
def wave(people: People, program: Program) -> Wave:
    scene.contact(people.workspace, account=scene.account(people.workspace))
    return operations.launch(program=program, actor=Actor("member", people.max.public_id), now=NOW)


# The list


def test_without_programs_a_manager_is_invited_to_set_one_up(people: People):
    assert "Set up your first program" in get(people.client(people.max))
    assert "Set up your first program" not in get(people.client(people.vic))


def test_the_list_shows_the_last_wave_its_rate_and_when_the_next_makes_sense(
    people: People, program: Program
):
    asked = scene.contacts(people.workspace, 4)
    first = scene.launch(program)
    scene.send(first)
    operations.mark_answered(enrolment=scene.row_of(first, asked[0]), now=NOW)

    page = get(people.client(people.vic))

    assert "Wave 1" in page
    assert "running" in page
    assert "25\N{NARROW NO-BREAK SPACE}%" in page
    assert "from 2 Nov 2026" in page  # half a year after the launch
    assert "New program" not in page


# The story


def test_the_story_says_why_whom_what_when_and_what_then(people: People, program: Program):
    exclude_for_every_reason(people.workspace)
    scene.contact(people.workspace)

    page = get(people.client(people.vic), "relationship/")

    for text in (
        "Find out whether onboarding helps.",
        "Help me to help you",
        "The asking serves this customer",
        "would be asked if you launched now",
        "Reported our mail as spam",
        "What should we mend first?",
        "How fast are we?",
        "at most every 182 days",
        "3 working days",
        "at most 2 automated mails",
    ):
        assert text in page
    assert "Launch a wave" not in page
    assert "Launch a wave" in get(people.client(people.max), "relationship/")


def test_while_a_wave_is_open_the_story_points_to_it(people: People, wave: Wave):
    page = get(people.client(people.max), "relationship/")

    assert "asks <strong>1 person</strong>" in page
    assert "The next wave makes sense from <strong>2 Nov 2026</strong>" in page
    assert "would be asked if you launched now" not in page
    assert "Launch a wave" not in page


def test_the_story_of_a_large_workspace_counts_afterwards(
    people: People, program: Program, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterscore.programs.views.story.COUNTED_AT_ONCE", 0)
    scene.contact(people.workspace)
    vic = people.client(people.vic)

    page = get(vic, "relationship/")
    assert f'hx-get="{PROGRAMS}relationship/preview/"' in page
    assert "would be asked" not in page

    fragment = get(vic, "relationship/preview/")
    assert "<strong>1 person</strong> would be asked" in fragment
    assert 'id="calendar" hx-swap-oob="true"' in fragment


def test_samples_speak_the_chosen_language(people: People, program: Program):
    scene.contact(people.workspace, language="de")
    vic = people.client(people.vic)

    assert '<option value="de" selected>' in get(vic, "relationship/", language="de")
    assert 'lang="de"' in get(vic, "relationship/survey/", language="de")
    assert "What should we mend first?" in get(
        vic, "relationship/survey/", language="de", group="detractor"
    )
    mail = get(vic, "relationship/mail/", language="de", mail="reminder")
    assert "Hello Alex" in mail
    assert 'lang="de"' in mail


def test_a_sample_in_the_name_of_the_accounts_owner_is_signed_by_one_of_them(people: People):
    scene.program(people.workspace, {**EVERYTHING, "sender": "account_owner", "audience": {}})
    max_ = people.client(people.max)
    assert "The account&#x27;s owner" in get(max_, "relationship/mail/")

    scene.account(people.workspace, owner=people.ana)

    assert "The account&#x27;s owner" not in get(max_, "relationship/mail/")
    assert "Ana" in get(max_, "relationship/mail/")
    assert "From Ana" in get(max_, "relationship/")


@pytest.mark.parametrize("query", [{"language": "klingon"}, {"group": "fan"}, {"mail": "x"}])
def test_a_sample_of_nothing_known_is_the_ordinary_one(
    people: People, program: Program, query: dict[str, str]
):
    vic = people.client(people.vic)

    assert 'lang="en"' in get(vic, "relationship/survey/", **query)
    assert "Hello Alex" in get(vic, "relationship/mail/", **query)


@pytest.mark.parametrize("sample", ["mail", "survey"])
def test_a_sample_runs_no_script_and_is_framed_by_this_site_alone(
    people: People, program: Program, sample: str
):
    response = people.client(people.vic).get(f"{PROGRAMS}relationship/{sample}/")

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"<script" not in response.content


def test_names_and_texts_are_shown_as_they_are_and_not_run(people: People):
    nasty = "<img src=x onerror=alert(1)>"
    scene.program(
        people.workspace,
        {"name": nasty, "objective": nasty, "survey": {"company": nasty}, "mail": {"body": nasty}},
    )
    scene.contact(people.workspace, nasty, email="n@x.example", last_asked_at=NOW)
    max_ = people.client(people.max)

    for path in ("", "relationship/", "relationship/edit/", "relationship/launch/",
                 "relationship/file/", "relationship/mail/", "relationship/survey/"):  # fmt: skip
        assert "<img src=x" not in get(max_, path), path


# The file


def test_the_file_of_a_program_makes_the_same_program(people: People, program: Program):
    response = people.client(people.vic).get(f"{PROGRAMS}relationship/file/?download")

    assert response["Content-Disposition"] == 'attachment; filename="relationship.yaml"'
    from afterscore.programs import definitions

    text = response.content.decode()
    wanted = definitions.parse(definitions.read_text(text))
    assert wanted == queries.definition_of(program=program)
    assert "name: Relationship" in get(people.client(people.vic), "relationship/file/")


# The launch


def test_a_launch_says_what_it_will_do_before_it_does_it(people: People, program: Program):
    scene.contact(people.workspace)
    scene.contact(people.workspace, "Nomail", email=None)
    max_ = people.client(people.max)

    page = get(max_, "relationship/launch/")
    assert "1 person will get an invitation on Monday 4 May 2026." in page
    assert "1 person in the audience will not be asked: no e-mail address (1)." in page
    assert not Wave.objects.exists()

    response = post(max_, "relationship/launch/")
    wave = Wave.objects.get()
    assert response.redirect_chain[-1][0] == f"{PROGRAMS}waves/{wave.public_id}/"
    assert "Launched. 1 person will be asked." in response.content.decode()
    assert wave.launched_by == f"member:{people.max.public_id}"


def test_everything_in_the_way_of_a_launch_is_said_at_once(people: People):
    people.workspace.postal_address = people.workspace.sender_email = ""
    people.workspace.save()
    scene.program(people.workspace)
    max_ = people.client(people.max)

    page = get(max_, "relationship/launch/")
    for text in ("postal address", "named as the sender", "nobody to ask yet"):
        assert text in page
    assert "Ask 0" not in page

    response = post(max_, "relationship/launch/")
    assert "postal address" in response.content.decode()
    assert not Wave.objects.exists()


# The wave


def test_a_wave_shows_its_funnel_its_days_and_who_was_not_asked(people: People):
    left_out = exclude_for_every_reason(people.workspace)
    account = left_out["bounced"].account
    asked = [scene.contact(people.workspace, name, account=account) for name in ("A", "B", "C")]
    program = scene.program(people.workspace, {**ENTERPRISE, "sender": "account_owner"})
    wave = operations.launch(program=program, actor=Actor("member", people.max.public_id), now=NOW)
    scene.send(wave, *asked[:2])
    Message.objects.filter(stream=wave.public_id, contact=asked[2]).update(state="failed")
    operations.mark_answered(enrolment=scene.row_of(wave, asked[0]), now=NOW)

    page = get(people.client(people.vic), f"waves/{wave.public_id}/")

    for text in (
        "by Max",
        "From asking to answering",
        "1 failed",
        "2 invitations",
        "1 still to go",
        "1 person could not be mailed",
        "3 people have no account owner",
        "Reported an earlier mail as spam; we do not write again.",
        "1 to 12 of 12",
    ):
        assert text in page
    assert "Pause the wave" not in page


LATER = NOW + timedelta(days=1)


def page_later(client: Client, wave: Wave) -> str:
    with clock.at(LATER):
        text = client.get(f"{PROGRAMS}waves/{wave.public_id}/").content.decode()
    return " ".join(html.unescape(text).split())


def waiting_link(wave: Wave) -> str:
    return f"?state=waiting&wave={wave.public_id}"


def test_a_wave_whose_mails_are_late_says_why_and_where_to_look(people: People, wave: Wave):
    client = people.client(people.vic)
    assert "should have left" not in get(client, f"waves/{wave.public_id}/")

    assert "1 mail of this wave should have left by now. Is the worker running?" in page_later(
        client, wave
    )
    Message.objects.update(reason="The mail server does not answer.")
    told = page_later(client, wave)
    assert "should have left by now. The mail server does not answer. <a href=" in told
    assert waiting_link(wave) in told

    operations.pause_wave(wave=wave, actor=SYSTEM, now=NOW)
    assert "should have left" not in page_later(client, wave)


def test_a_wave_counts_no_other_waves_late_mails(people: People, wave: Wave):
    scene.send(wave)
    other = scene.program(people.workspace, {"name": "Second", "slug": "second"})
    scene.contact(people.workspace, "Otto Other")
    late = operations.launch(program=other, actor=SYSTEM, now=NOW)
    client = people.client(people.max)
    assert "1 mail of this wave should have left" in page_later(client, late)
    Message.objects.filter(stream=wave.public_id).update(state="sent")
    assert "should have left" not in page_later(client, wave)


def test_while_sending_is_paused_a_wave_says_so_once_and_calls_nothing_late(
    people: People, wave: Wave
):
    Workspace.objects.update(is_sending_paused=True, sending_paused_why="The stock-taking.")
    told = page_later(people.client(people.max), wave)
    assert told.count("The stock-taking.") == 1
    assert "Nothing leaves until an owner resumes it in <a href=" in told
    assert waiting_link(wave) in told
    assert "should have left" not in told


def test_a_closed_guard_stands_once_on_a_wave_with_the_reason_for_managers(
    people: People, wave: Wave
):
    why = "The clock has moved. Run: afterscore sending resume"
    Guard.objects.create(name="clock", is_closed=True, why=why, changed_at=NOW)
    told = page_later(people.client(people.max), wave)
    assert told.count(why) == 1
    assert waiting_link(wave) in told
    assert "should have left" not in told
    told = page_later(people.client(people.vic), wave)
    assert why not in told
    assert "A manager sees why." in told


def test_what_keeps_mails_from_leaving_is_asked_in_one_query(
    people: People, wave: Wave, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(1):
        assert outreach.find_standstill(
            workspace=people.workspace, stream=wave.public_id, now=LATER
        )


def test_before_anything_is_sent_nobody_is_said_to_have_been_asked(people: People, wave: Wave):
    told = get(people.client(people.vic), f"waves/{wave.public_id}/")
    assert "Nobody was left out." in told
    assert "Everybody was asked" not in told


def test_the_table_of_a_wave_is_filtered_by_reason_and_comes_in_pages(
    people: People, program: Program, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterscore.programs.views.wave.PAGE", 2)
    scene.contacts(people.workspace, 5, last_asked_at=NOW - timedelta(days=5))
    scene.contact(people.workspace, "Nomail", email=None)
    scene.contact(people.workspace)
    wave = scene.launch(program)
    vic = people.client(people.vic)
    path = f"waves/{wave.public_id}/"

    assert "1 to 2 of 6" in get(vic, path)
    filtered = get(vic, path, reason="asked_recently", page="3")
    assert "5 to 5 of 5" in filtered
    assert "Person 5" in filtered
    assert "?reason=asked_recently&amp;page=2#not-asked" in filtered
    assert "1 to 2 of 6" in get(vic, path, reason="made_up", page="x")


def test_a_spreadsheet_of_people_left_out_runs_no_formula(people: People, program: Program):
    scene.contact(people.workspace, "=HYPERLINK(1)", last_asked_at=NOW)
    scene.contact(people.workspace, "+1 Otto", email=None)
    scene.contact(people.workspace)
    wave = scene.launch(program)
    vic = people.client(people.vic)
    address = f"{PROGRAMS}waves/{wave.public_id}/not-asked.csv"

    response = vic.get(address)

    text = response.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "'+1 Otto"]
    assert rows[0]["reason"] == "asked_recently"
    assert rows[0]["may_be_asked_from"] == "2026-08-02"
    assert response["Content-Disposition"].endswith('relationship-wave-1-not-asked.csv"')

    one = vic.get(address, {"reason": "no_email"}).getvalue()
    assert one.count(b"\r\n") == 2


def test_managers_pause_resume_and_close_a_wave(people: People, wave: Wave):
    max_ = people.client(people.max)
    path = f"waves/{wave.public_id}/"

    assert "Paused." in post(max_, f"{path}pause/", why="Incident").content.decode()
    assert "Resumed." in post(max_, f"{path}resume/").content.decode()
    assert "Closed." in post(max_, f"{path}close/").content.decode()
    again = post(max_, f"{path}pause/").content.decode()
    assert "This wave is closed. Launch the program again to ask once more." in again


def test_a_launch_by_somebody_who_left_or_by_the_command_line_is_shown(people: People):
    scene.contact(people.workspace)
    program = scene.program(people.workspace)
    wave = scene.launch(program)
    vic = people.client(people.vic)

    assert " by " not in get(vic, f"waves/{wave.public_id}/").split("open for answers")[0][-60:]
    Wave.objects.update(launched_by="member:mem_gone")
    assert "by somebody who has left" in get(vic, f"waves/{wave.public_id}/")


# Who may


ACTS = ("new/", "audience/", "relationship/edit/", "relationship/launch/",
        "waves/{wave}/pause/", "waves/{wave}/resume/", "waves/{wave}/close/")  # fmt: skip
PAGES = ("relationship/", "relationship/preview/", "relationship/file/", "relationship/mail/",
         "relationship/survey/", "waves/{wave}/", "waves/{wave}/not-asked.csv")  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["ana", "vic"])
def test_only_managers_act(people: People, wave: Wave, act: str, who: str):
    path = PROGRAMS + act.format(wave=wave.public_id)

    assert people.client(getattr(people, who)).post(path).status_code == 403
    wave.refresh_from_db()
    assert wave.state == Wave.State.RUNNING


@pytest.mark.parametrize("page", [*PAGES, *ACTS])
def test_eve_finds_nothing_here_nor_under_her_own_workspace(people: People, wave: Wave, page: str):
    eve = people.client(people.eve)
    path = page.format(wave=wave.public_id)

    for method in (eve.get, eve.post):
        assert method(PROGRAMS + path).status_code == 404
    if path not in ("new/", "audience/"):
        assert eve.get(f"/w/elsewhere/programs/{path}").status_code in (404, 405)
        assert eve.post(f"/w/elsewhere/programs/{path}").status_code in (404, 405)


@pytest.mark.parametrize("page", PAGES)
def test_viewers_see_every_page(people: People, wave: Wave, page: str):
    path = PROGRAMS + page.format(wave=wave.public_id)

    assert people.client(people.vic).get(path).status_code == 200


def test_the_story_asks_the_database_no_more_for_more_people(
    people: People, program: Program, django_assert_max_num_queries: DjangoAssertNumQueries
):
    scene.contacts(people.workspace, 300, last_asked_at=NOW - timedelta(days=3))
    vic = people.client(people.vic)

    with django_assert_max_num_queries(40):
        get(vic, "relationship/")
