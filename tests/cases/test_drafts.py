"""What is proposed to write: in the customer's language, always complete, never a trap."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from afterscore.cases import composition, languages, operations
from afterscore.cases.playbooks import PLAYBOOKS
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import as_data
from afterscore.domain.steps import StepKind
from afterscore.outreach.composition import check_template
from afterscore.outreach.models import Message
from tests.cases.answers import by, open_for
from tests.people import NOW, People

KINDS = list(product(Group, (True, False)))


@pytest.mark.parametrize("language", languages.names())
def test_every_language_has_every_draft_and_each_can_be_sent(language: str) -> None:
    drafts = [
        languages.reply_draft(language, group=group, has_comment=has_comment)
        for group, has_comment in KINDS
    ]
    for draft in [*drafts, languages.follow_up_draft(language)]:
        check_template(draft.subject, field="subject")
        check_template(draft.body, field="body")
        assert "sender" in draft.body, "a draft is signed by a person"
    assert len({draft.body for draft in drafts}) == len(KINDS)
    for (_group, has_comment), draft in zip(KINDS, drafts, strict=True):
        assert ("{{ comment }}" in draft.body) is has_comment


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("en", "Hello Nora,"),
        ("en-GB", "Hello Nora,"),
        ("de-AT", "Guten Tag Nora Lindqvist,"),
        ("fr", "Bonjour Nora Lindqvist,"),
        ("es", "Hola, Nora:"),
        ("pt_BR", "Olá, Nora,"),
        ("zh-TW", "Nora，您好："),
        ("ar", "مرحبًا Nora،"),
        ("tlh", "Hello Nora,"),
    ],
)
def test_a_draft_speaks_the_language_of_the_answer(
    people: People, language: str, greeting: str
) -> None:
    case = open_for(people, score=9, language=language)
    draft = composition.suggest(case.response, sender_name="Ana Duarte")
    assert draft.body.startswith(greeting)
    assert "Harbourline" in draft.subject
    assert "Ana" in draft.body
    assert "{{" not in draft.body


def test_a_language_that_is_unknown_gives_way_to_the_workspace_s(people: People) -> None:
    people.workspace.language = "fi"
    people.workspace.save()
    case = open_for(people, language="tlh")
    assert composition.suggest_reply(case).body.startswith("Hei Nora,")
    assert "Kirjoitin teille" in composition.follow_up(case.response).body


def test_own_words_serve_the_language_they_are_written_in_and_no_other(people: People) -> None:
    _keep_mails(people, {"pt": "Olá {{ first_name }}, em Lisboa.", "zh-Hans": "{{ company }}"})
    own = open_for(people, language="pt-PT")
    assert composition.suggest_reply(own).body == "Olá Nora, em Lisboa."
    for language, start in (("pt-BR", "Olá, Nora,"), ("zh-TW", "Nora，"), ("gl", "Hello Nora,")):
        other = open_for(people, language=language)
        assert composition.suggest_reply(other).body.startswith(start)


def test_the_first_reply_is_that_of_the_first_mail_that_the_answer_gets(people: People) -> None:
    """Not of one that is for other groups, nor of a later one that happens to have own words."""
    steps = as_data(PLAYBOOKS["detractor_comment"].steps)
    mail = next(step for step in steps if step["kind"] == StepKind.MAIL)
    later = {"subject": "Later", "body": "Later."}
    others = mail | {"key": "others", "groups": ["promoter"], "drafts": {"en": later}}
    _change(people, [others, *steps, mail | {"key": "later", "drafts": {"en": later}}])
    case = open_for(people, comment="Too many clicks.")
    assert "Thank you for saying openly" in composition.suggest_reply(case).body


def _keep_mails(people: People, bodies: dict[str, str]) -> None:
    steps = as_data(PLAYBOOKS["detractor_silent"].steps)
    mail = next(step for step in steps if step["kind"] == StepKind.MAIL)
    mail["drafts"] = {code: {"subject": "x", "body": body} for code, body in bodies.items()}
    _change(people, steps, key="detractor_silent")


def _change(people: People, steps: list[dict[str, Any]], key: str = "detractor_comment") -> None:
    operations.change_playbook(
        workspace=people.workspace, key=key, steps=steps, actor=by(people.max), now=NOW
    )


def test_a_draft_quotes_what_was_said(people: People) -> None:
    said = open_for(people, score=3, comment="Too many\nclicks.")
    assert "“Too many clicks.”" in composition.suggest(said.response).body
    silent = open_for(people, score=3)
    assert "3 out of 10" in composition.suggest(silent.response).body


def test_a_long_comment_is_quoted_in_part(people: People) -> None:
    case = open_for(people, comment="word " * 500)
    body = composition.suggest(case.response).body
    assert "word …”" in body
    assert len(body) < 1_200


@pytest.mark.parametrize("comment", ["{{ name }}", "{% for x in y %}", "{{{{", "}} {{ score"])
def test_a_customer_s_braces_are_text(people: People, comment: str) -> None:
    case = open_for(people, comment=comment, owner=people.ana)
    draft = composition.suggest(case.response, sender_name="Ana")
    operations.reply(
        case=case, subject=draft.subject, body=draft.body, actor=by(people.ana), now=NOW
    )
    body = Message.objects.get(stream=case.public_id).body
    assert composition.fill(body, case.response, sender_name="Ana") == draft.body


def test_a_nameless_contact_is_greeted_politely(people: People) -> None:
    case = open_for(people, name="")
    assert composition.suggest(case.response).body.startswith("Hello,")
