"""Some days after a case is closed, its customer says by one tap whether it is solved."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from afterscore.cases import composition, operations, queries
from afterscore.cases.models import Case, CheckBack, Entry
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.check_backs import Answer, Result
from afterscore.domain.nps import Group
from afterscore.domain.scanners import SETTLING, Validity
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.outreach import composition as mails
from afterscore.outreach.composition.wire import Composed
from afterscore.outreach.models import Kind, Message
from afterscore.outreach.models import State as MessageState
from afterscore.surveys import languages
from tests.browser import PERSONS_AGENT
from tests.cases.answers import by, open_for
from tests.people import NOW, People

LATER = NOW + timedelta(days=8)  # the mail has been there for a day
HAND = "touch 2310 84 0 0"  # how a finger does it, as the page's script tells it
BROWSER = {"User-Agent": PERSONS_AGENT}


def close(
    people: People, case: Case, outcome: Outcome = Outcome.SOLVED, *, now: datetime = NOW
) -> Case:
    """Closes it and lets the worker do what follows from that."""
    reason = NotClosedReason.TIME if outcome is Outcome.NOT_CLOSED else None
    with jobs.inline() as queue, clock.at(now):
        closed = operations.close_case(
            case=case, outcome=outcome, reason=reason, actor=by(people.ana), now=now
        )
        queue.run()
    return closed


def ask(people: People, **answer: Any) -> CheckBack:
    """A case is closed as solved, and its customer was asked by mail."""
    close(people, open_for(people, owner=people.ana, **answer))
    asked = CheckBack.objects.select_related("message").get()
    Message.objects.filter(stream=asked.case.response.public_id).update(
        state=MessageState.SENT, handed_at=asked.due_at, sent_at=asked.due_at
    )
    return asked


def path_of(asked: CheckBack) -> str:
    return composition.check_back_path(asked)


def get(path: str, *, now: datetime = LATER, **headers: str) -> Any:
    with clock.at(now):
        return Client().get(path, headers={**BROWSER, **headers})


def send(
    asked: CheckBack, *, now: datetime = LATER, agent: str = PERSONS_AGENT, **form: str
) -> Any:
    form = {"answer": "no", "conduct": HAND, **form}
    with clock.at(now):
        body = "&".join(f"{name}={value}" for name, value in form.items())
        return Client(enforce_csrf_checks=True).post(
            path_of(asked),
            body,
            content_type="application/x-www-form-urlencoded",
            headers={"User-Agent": agent},
        )


# --- whom, and when ------------------------------------------------------------------------------


def test_whoever_was_told_that_it_is_solved_is_asked_five_business_days_later(
    people: People,
) -> None:
    asked = ask(people, score=3, comment="The import is slow.")
    assert asked.due_at == datetime(2026, 5, 8, 17, tzinfo=UTC)
    message = asked.message
    assert message is not None
    assert (message.kind, message.due_at) == (Kind.FOLLOW_UP, asked.due_at)
    assert (message.sender_name, message.reply_to) == ("Ana", people.ana.user.email)
    assert Fact.objects.get(name="check_back.planned").payload == {
        "case": asked.case.public_id, "message": message.public_id,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("score", "outcome"),
    [
        (3, Outcome.UNDERSTOOD), (3, Outcome.PASSED_ON), (3, Outcome.NO_REPLY),
        (3, Outcome.NOT_CLOSED), (10, Outcome.SOLVED), (10, Outcome.THANKED),
    ],
)  # fmt: skip
def test_nobody_is_asked_about_what_nobody_claims(
    people: People, score: int, outcome: Outcome
) -> None:
    close(people, open_for(people, score=score, owner=people.ana), outcome)
    assert not CheckBack.objects.exists()
    assert not Message.objects.filter(kind=Kind.FOLLOW_UP).exists()


def test_the_workspace_says_after_how_many_days_and_whether_at_all(people: People) -> None:
    people.workspace.check_back_days = 2
    people.workspace.save()
    assert ask(people).due_at == datetime(2026, 5, 5, 17, tzinfo=UTC)
    people.workspace.check_back_days = 0
    people.workspace.save()
    close(people, open_for(people, owner=people.ana))
    assert CheckBack.objects.count() == 1


def test_hearing_twice_that_a_case_is_closed_asks_once(people: People) -> None:
    asked = ask(people)
    again = operations.plan_check_back(case=asked.case, now=NOW + timedelta(hours=1))
    assert again is None
    assert CheckBack.objects.count() == 1


def test_a_case_that_opens_again_asks_nothing_until_it_is_closed_again(people: People) -> None:
    asked = ask(people)
    Message.objects.update(state=MessageState.PLANNED)
    operations.reopen_case(case=asked.case, actor=by(people.ana), now=NOW)
    assert Message.objects.get(kind=Kind.FOLLOW_UP).state == MessageState.CANCELLED
    close(people, asked.case, now=NOW + timedelta(days=1))
    assert CheckBack.objects.count() == 2
    assert Message.objects.filter(kind=Kind.FOLLOW_UP, state=MessageState.PLANNED).count() == 1


def test_the_question_is_never_a_third_automated_mail(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for _ in range(2):
        operations.plan_follow_up(case=case, actor=by(people.ana), now=NOW)
    close(people, case)
    operations.plan_check_back(case=case, now=NOW)
    assert Message.objects.filter(kind=Kind.FOLLOW_UP).count() == 2
    assert not CheckBack.objects.exists()
    told = Entry.objects.filter(case=case, text__startswith="The customer is not asked")
    assert told.get().text.splitlines()[1].startswith("2 automated messages already followed")


# --- the mail ------------------------------------------------------------------------------------


def test_the_mail_asks_in_every_language(people: People) -> None:
    asked = ask(people)
    message, response = asked.message, asked.case.response
    assert message is not None
    message.refresh_from_db()
    for language in languages.available():
        response.language = message.language = language
        draft = composition.check_back(response)
        message.subject, message.body = draft.subject, draft.body
        _asks(path_of(asked), mails.compose(message), languages.get(language))


def _asks(path: str, mail: Composed, words: languages.Language) -> None:
    assert mail.subject == " ".join(words.survey["check_question"].split())
    plain = mail.text.replace("\u2068", "").replace("\u2069", "")
    assert plain.startswith(words.greeting_named.format(first_name="Nora"))
    assert words.mail["check_back_text"] in mail.text
    for answer in Answer:
        url = f"{settings.PUBLIC_URL}{path}?answer={answer}"
        assert f"{words.survey[f'check_{answer}']}:\n{url}" in mail.text
        assert mail.html.count(f'href="{url}"') == 1
    assert "{" not in mail.text
    assert "List-Unsubscribe" in mail.headers


# --- the page ------------------------------------------------------------------------------------


def test_getting_the_page_answers_nothing(people: People) -> None:
    asked = ask(people, comment="The import is slow.")
    page = get(f"{path_of(asked)}?answer=no")
    assert page.status_code == 200
    html = page.content.decode()
    assert re.search(r'value="no" required checked', html)
    assert "The import is slow." in html
    assert page["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page
    asked.refresh_from_db()
    assert (asked.answer, asked.validity) == ("", "")
    assert Case.objects.get().state == State.CLOSED


def test_no_brings_the_case_back_with_the_customers_words(people: People) -> None:
    asked = ask(people)
    assert send(asked, answer="no", comment="Still+the+same.").status_code == 303
    case = Case.objects.get()
    assert (case.state, case.customer_wrote_at) == (State.REOPENED, LATER)
    assert case.next_due_at == datetime(2026, 5, 12, 17, tzinfo=UTC)
    entry = Entry.objects.filter(kind=Entry.Kind.CUSTOMER).get()
    assert entry.text == "Is it solved? No.\nStill the same."
    fact = Fact.objects.get(name="check_back.answered")
    assert fact.payload == {"case": case.public_id, "answer": "no"}
    assert fact.actor == f"contact:{case.contact.public_id}"
    assert "Ana will look into it personally" in get(path_of(asked)).content.decode()


def test_in_part_brings_it_back_too_and_yes_leaves_it_closed(people: People) -> None:
    asked = ask(people)
    send(asked, answer="yes")
    assert Case.objects.get().state == State.CLOSED
    assert "It is good to know" in get(path_of(asked)).content.decode()
    send(asked, answer="partly", now=LATER + timedelta(hours=1))
    assert Case.objects.get().state == State.REOPENED
    assert Entry.objects.filter(kind=Entry.Kind.CUSTOMER).count() == 2


def test_sending_the_same_again_changes_nothing(people: People) -> None:
    asked = ask(people)
    send(asked)
    send(asked, now=LATER + timedelta(minutes=1))
    assert Fact.objects.filter(name="check_back.answered").count() == 1


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_an_answer_is_one_of_three(people: People, answer: str) -> None:
    page = send(ask(people), comment="Kept.", answer=answer)
    assert page.status_code == 422
    assert "Please choose one of the answers." in page.content.decode()
    assert "Kept." in page.content.decode()


def test_a_comment_that_is_too_long_is_kept_and_refused(people: People) -> None:
    page = send(ask(people), comment="x" * 20_000)
    assert page.status_code == 422
    assert "Please shorten your comment." in page.content.decode()


def test_a_stranger_link_or_an_old_one_leads_nowhere(people: People) -> None:
    asked = ask(people)
    assert get(path_of(asked)[:-1] + "x").status_code == 404
    assert get("/c/chk_x.y/all").status_code == 404
    late = asked.due_at + timedelta(days=61)
    assert "This survey is closed" in get(path_of(asked), now=late).content.decode()
    assert send(asked, now=late).status_code == 409
    assert CheckBack.objects.get().answer == ""


# --- machines ------------------------------------------------------------------------------------


def test_a_scanner_that_presses_the_button_changes_nothing(people: People) -> None:
    asked = ask(people)
    assert send(asked, conduct="none 40 - 0 0").status_code == 303
    asked.refresh_from_db()
    assert (asked.answer, asked.validity) == ("no", Validity.QUARANTINED)
    case = Case.objects.get()
    assert case.state == State.CLOSED
    entry = Entry.objects.filter(case=case).latest("id")
    assert entry.text.startswith("An answer looks automated and was set aside: is it solved? No.")
    assert Fact.objects.get(name="check_back.set_aside").payload["signs"] == [
        "scripted", "no_comment",
    ]  # fmt: skip
    page = get(f"{path_of(asked)}?answer=yes", now=LATER + timedelta(hours=1)).content.decode()
    assert "check_back" not in page
    assert 'value="yes" required checked' in page


def test_a_person_answers_a_machines_answer_away(people: People) -> None:
    asked = ask(people)
    send(asked, conduct="none 40 - 0 0")
    send(asked, answer="yes", now=LATER + timedelta(hours=2))
    asked.refresh_from_db()
    assert (asked.answer, asked.validity) == ("yes", Validity.COUNTED)


def test_a_machine_does_not_change_what_a_person_said(people: People) -> None:
    asked = ask(people)
    send(asked, answer="yes")
    send(asked, conduct="none 40 - 0 0", now=LATER + timedelta(hours=2))
    asked.refresh_from_db()
    assert (asked.answer, asked.validity) == ("yes", Validity.COUNTED)
    assert Case.objects.get().state == State.CLOSED


def test_without_scripts_an_answer_counts_a_minute_later(people: People) -> None:
    asked = ask(people)
    send(asked, conduct="", comment="Still+slow.")
    asked.refresh_from_db()
    assert asked.validity == Validity.PROVISIONAL
    assert Case.objects.get().state == State.CLOSED
    assert operations.settle_check_backs(now=LATER + timedelta(seconds=30)) == 0
    assert operations.settle_check_backs(now=LATER + SETTLING) == 1
    assert operations.settle_check_backs(now=LATER + SETTLING) == 0
    assert Case.objects.get().state == State.REOPENED
    assert "act" not in CheckBack.objects.get().evidence


def test_whoever_opens_all_three_links_within_a_minute_is_no_person(people: People) -> None:
    asked = ask(people)
    send(asked, conduct="")
    for number, answer in enumerate(Answer):
        get(f"{path_of(asked)}?answer={answer}", now=LATER + timedelta(seconds=5 * number))
    operations.settle_check_backs(now=LATER + SETTLING)
    asked.refresh_from_db()
    assert asked.validity == Validity.QUARANTINED
    assert Case.objects.get().state == State.CLOSED


def test_a_hidden_link_leads_a_machine_to_the_page(people: People) -> None:
    asked = ask(people)
    assert f'{path_of(asked)}/all" rel="nofollow"' in get(path_of(asked)).content.decode()
    with clock.at(LATER):
        led = Client().get(f"{path_of(asked)}/all", headers={"User-Agent": "python-requests/2"})
    assert (led.status_code, led["Location"]) == (303, path_of(asked))
    send(asked, conduct="")
    operations.settle_check_backs(now=LATER + SETTLING)
    asked.refresh_from_db()
    assert asked.validity == Validity.QUARANTINED


# --- what came of it -----------------------------------------------------------------------------


def test_results_count_persons_answers_by_group(people: People) -> None:
    asked = ask(people, score=3)
    send(asked, answer="yes")
    close(people, open_for(people, score=8, owner=people.ana))
    planned = CheckBack.objects.latest("id")
    results = queries.check_back_results(workspace=people.workspace)
    assert results[Group.DETRACTOR] == Result(asked=1, yes=1)
    assert results[Group.PASSIVE] == Result()  # its mail has not gone out
    Message.objects.filter(kind=Kind.FOLLOW_UP).update(state=MessageState.SENT)
    send(planned, conduct="none 40 - 0 0")
    results = queries.check_back_results(workspace=people.workspace)
    assert results[Group.PASSIVE] == Result(asked=1)
    assert queries.check_back_results(workspace=people.elsewhere) == dict.fromkeys(Group, Result())
