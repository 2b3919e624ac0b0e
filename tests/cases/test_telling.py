"""What we did about it: everybody who asked for it hears of it once, by mail or from a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.languages import told
from afterscore.cases.models import Case, Entry, Task
from afterscore.domain.reminders import MAX_FOLLOW_UPS
from afterscore.improvements import operations as improvements
from afterscore.improvements import queries as improving
from afterscore.improvements.models import Improvement
from afterscore.improvements.queries import Knows
from afterscore.kit import clock, jobs
from afterscore.outreach import composition
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Kind, Message
from afterscore.outreach.models import State as Sending
from tests.cases.answers import by, open_for
from tests.improvements.scene import TOLD, link, propose
from tests.people import NOW, People

LATER = NOW + timedelta(days=40)
TEXTS = TOLD | {"de": {"subject": "Was daraus wurde", "body": "Guten Tag {{ name }}, es ist da."}}


def ask(people: People, improvement: Improvement, name: str, **more: Any) -> Case:
    case = open_for(people, comment="No report fits", name=name, owner=people.ana, **more)
    link(people, improvement, case.response)
    return case


def finish(people: People, improvement: Improvement) -> None:
    """As the page does it, and the worker after it."""
    with jobs.inline() as queue, clock.at(LATER):
        improvements.finish_improvement(
            improvement=improvement, told=TEXTS, actor=by(people.max), now=LATER
        )
        queue.run()


def mails() -> list[Message]:
    return list(Message.objects.filter(kind=Kind.FOLLOW_UP).order_by("id"))


def tasks() -> list[Task]:
    """Those of telling; playbooks have given others."""
    return list(Task.objects.filter(title__startswith="Tell them").order_by("id"))


def knowing(improvement: Improvement) -> dict[str, Knows]:
    return {
        heard.voice.response.contact.name: heard.knows
        for heard in improving.list_voices(improvement=improvement)
    }


def test_everybody_who_asked_gets_a_mail_in_the_owners_name_and_their_language(people: People):
    improvement = propose(people)
    case = ask(people, improvement, "Nora Lindqvist")
    ask(people, improvement, "Jana Weber", language="de")
    finish(people, improvement)
    bodies = {mail.to_email: composition.compose(mail).text for mail in mails()}
    assert len(bodies) == 2
    assert any("Hello Nora, it is there." in body for body in bodies.values())
    assert any("Guten Tag Jana Weber, es ist da." in body for body in bodies.values())
    assert {mail.sender_email for mail in mails()} == {people.ana.user.email}
    assert set(knowing(improvement).values()) == {Knows.ON_ITS_WAY}
    line = Entry.objects.get(case=case, message__isnull=False)
    assert "what became of it: Two sites in one report" in line.text
    Message.objects.update(state=Sending.SENT, sent_at=LATER)
    assert set(knowing(improvement).values()) == {Knows.BY_MAIL}


def test_telling_twice_tells_once(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    for _twice in range(2):
        finish(people, improvement)
        operations.tell_voices(improvement=improvement, actor=by(people.max), now=LATER)
    assert len(mails()) == 1


def test_whoever_asked_in_two_answers_gets_one_mail(people: People):
    improvement = propose(people)
    first = ask(people, improvement, "Nora Lindqvist")
    second = ask(people, improvement, "Nora Lindqvist", now=NOW + timedelta(days=1))
    type(second.response).objects.filter(pk=second.response_id).update(contact=first.contact)
    finish(people, improvement)
    assert len(mails()) == 1
    assert [heard.knows for heard in improving.list_voices(improvement=improvement)] == [
        Knows.ON_ITS_WAY,
        Knows.ON_ITS_WAY,
    ]


def use_up_the_mails(case: Case, people: People) -> None:
    for _ in range(MAX_FOLLOW_UPS):
        operations.plan_follow_up(case=case, actor=by(people.ana), now=NOW)


def suppress(case: Case, people: People) -> None:
    email = case.contact.email or ""
    outreach.suppress(workspace=people.workspace, email=email, reason="unsubscribed", now=NOW)


def take_the_owner_away(case: Case, people: People) -> None:
    Case.objects.filter(pk=case.pk).update(owner=None)


def retire_the_owner(case: Case, people: People) -> None:
    type(people.ana).objects.filter(pk=people.ana.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("hinder", "why"),
    [
        (use_up_the_mails, "2 automated messages already followed"),
        (suppress, "gets no more mail: unsubscribed"),
        (take_the_owner_away, "Nobody owns the case"),
        (retire_the_owner, "no longer answers customers"),
    ],
)
def test_whom_no_mail_may_tell_is_listed_with_the_reason_and_a_person_gets_a_task(
    people: People, hinder: Any, why: str
):
    improvement = propose(people)
    case = ask(people, improvement, "Nora Lindqvist")
    hinder(case, people)
    before = len(mails())
    (foreseen,) = queries.list_tellings(improvement=improvement)
    assert why in foreseen.why_not
    finish(people, improvement)
    finish(people, improvement)
    assert len(mails()) == before
    (heard,) = improving.list_voices(improvement=improvement)
    assert heard.knows is Knows.NEEDS_PERSON
    assert why in heard.why
    (task,) = tasks()
    assert task.case == case
    assert task.title == "Tell them what became of it: Two sites in one report"
    assert why in task.text
    assert task.due_at is not None
    assert task.due_at > LATER


def test_whoever_was_erased_is_left_alone(people: People):
    improvement = propose(people)
    case = ask(people, improvement, "Nora Lindqvist")
    type(case.contact).objects.filter(pk=case.contact_id).update(email=None, erased_at=NOW)
    finish(people, improvement)
    assert (mails(), tasks()) == ([], [])
    (heard,) = improving.list_voices(improvement=improvement)
    assert heard.why.startswith("Everything about this person was erased")


def test_a_mail_that_never_left_goes_to_a_person_and_is_not_planned_again(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    finish(people, improvement)
    Message.objects.update(state=Sending.SUPPRESSED, reason="The budget is used up.")
    assert set(knowing(improvement).values()) == {Knows.NEEDS_PERSON}
    finish(people, improvement)
    assert len(mails()) == 1
    assert len(tasks()) == 1


def test_done_without_a_word_tells_nobody(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    with jobs.inline() as queue, clock.at(LATER):
        improvements.finish_improvement(
            improvement=improvement, tells=False, actor=by(people.max), now=LATER
        )
        queue.run()
    assert (mails(), set(knowing(improvement).values())) == ([], {Knows.NOT_YET})


@pytest.mark.parametrize("language", told.names())
def test_every_language_has_a_draft_whose_fields_exist(language: str):
    draft = told.told_draft(language, title="Two sites in one report")
    composition.check_template(draft["subject"], field="subject")
    composition.check_template(draft["body"], field="body")
    assert "Two sites in one report" in draft["body"]
    assert told.told_draft(f"{language}-XX", title="x") == told.told_draft(language, title="x")


def page(people: People, improvement: Improvement) -> str:
    return f"/w/harbourline/improvements/{improvement.public_id}/done/"


def test_the_page_shows_who_hears_of_it_how_and_what_they_read(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    suppress(ask(people, improvement, "Omar Haddad"), people)
    shown = people.client(people.max).get(page(people, improvement)).content.decode()
    assert "1 person hears of it by mail, 1 from a person" in shown
    assert "Hello Nora," in shown
    assert "“No report fits”" in shown
    assert "gets no more mail: unsubscribed" in shown


def test_what_is_written_is_seen_as_its_first_reader_sees_it(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    client, address = people.client(people.max), f"{page(people, improvement)}preview/"
    form = {"subject_en": "News", "body_en": "Dear {{ name }}, <b>look</b>"}
    shown = client.post(address, form).content.decode()
    assert "Dear Nora Lindqvist, &lt;b&gt;look&lt;/b&gt;" in shown
    broken = client.post(address, form | {"body_en": "{{ nonsense }}"}).content.decode()
    assert "nonsense" in broken
    assert not mails()


def test_the_page_marks_it_as_done_and_says_what_follows(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    client, address = people.client(people.max), page(people, improvement)
    refused = client.post(address, {"subject_en": "News", "body_en": "{{ nonsense }}"})
    assert refused.status_code == 422
    with jobs.inline() as queue, clock.at(LATER):
        form = {"subject_en": "News", "body_en": "Hello {{ first_name }}, reports fit now."}
        said = client.post(address, form, follow=True).content.decode()
        queue.run()
    assert "It is done. 1 mail is on the way." in said
    (mail,) = mails()
    assert "Hello Nora, reports fit now." in composition.compose(mail).text
    shown = client.get(address.removesuffix("done/")).content.decode()
    assert "To Nora Lindqvist, from" in shown
    assert "Hello Nora, reports fit now." in shown
    assert "first_name" not in shown


def test_done_quietly_and_told_later(people: People):
    improvement = propose(people)
    ask(people, improvement, "Nora Lindqvist")
    client, address = people.client(people.max), page(people, improvement)
    said = client.post(address, {"quiet": "1"}, follow=True).content.decode()
    assert "Nobody was told; you can tell them at any time" in said
    assert "1 person linked since does not know yet" in said
    assert "Tell what became of it" in client.get(address).content.decode()


def test_only_managers_tell_customers(people: People):
    improvement = propose(people)
    for member in (people.ana, people.vic):
        assert people.client(member).get(page(people, improvement)).status_code == 403
    assert people.client(people.eve).get(page(people, improvement)).status_code == 404


@pytest.mark.parametrize(
    ("language", "written"),
    [("pt", False), ("pt-BR", True), ("pt-PT", False), ("fr-CA", False), ("tlh", None)],
)
def test_nobody_reads_a_neighbours_language_while_there_is_one_of_her_own(
    people: People, language: str, written: bool | None
) -> None:
    improvement = propose(people)
    own = {"subject": "Feito", "body": "Olá {{ first_name }}, está pronto."}
    improvement.told = {"pt-BR": own, "en": TOLD["en"]}
    text = operations.telling.text_for(improvement, language)
    if written is None:
        assert text == TOLD["en"], "a language that we do not have gets the workspace's"
    elif written:
        assert text == own
    else:
        known = {"pt-PT": "pt", "fr-CA": "fr"}.get(language, language)
        assert text == told.told_draft(known, title=improvement.title)


def test_a_manager_reads_and_writes_fields_in_words(people: People):
    client, improvement = people.client(people.max), propose(people)
    ask(people, improvement, "Nora Lindqvist")
    book = client.get("/w/harbourline/settings/playbooks/detractor_comment/").content.decode()
    assert "[if Theme] about [Theme][end]" in book
    news = client.get(page(people, improvement)).content.decode()
    assert "Hello[if First name] [First name][end]," in news
    for shown in (book, news):
        assert "{{" not in shown
        assert "{%" not in shown
    typed = {"subject_en": "News", "body_en": "Hello [first name], it is there."}
    client.post(page(people, improvement), typed)
    improvement.refresh_from_db()
    assert improvement.told["en"]["body"] == "Hello {{ first_name }}, it is there."
