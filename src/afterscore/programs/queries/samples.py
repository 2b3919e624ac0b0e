"""The mail and the survey as a reader would see them, before anybody is asked."""

from __future__ import annotations

from afterscore.customers import queries as customers
from afterscore.customers.models import Contact
from afterscore.kit import signing
from afterscore.outreach.models import Kind, Message
from afterscore.programs.models import Program
from afterscore.surveys import composition, languages
from afterscore.surveys import queries as surveys
from afterscore.surveys.composition import Wording
from afterscore.surveys.languages import Language

READER = "Alex Morgan"
ACCOUNT = "Example & Sons"
OWNER = "The account's owner"  # where no account has one yet


def list_sample_languages(*, program: Program) -> list[Language]:
    """The workspace's own language first, then those its contacts speak."""
    own = language_code(program, "")
    spoken = customers.list_languages(workspace=program.workspace)
    codes = {languages.recognise(said) for said in spoken} - {None, own}
    return [languages.get(code) for code in (own, *sorted(filter(None, codes)))]


def language_code(program: Program, said: str) -> str:
    """The language meant, or the workspace's."""
    fallback = languages.recognise(program.workspace.language) or "en"
    return languages.choose(said, fallback).code


def sample_message(*, program: Program, kind: str, language: str) -> Message:
    """A message to nobody, not saved, which the composition takes for any other."""
    workspace = program.workspace
    by_owner = program.sender == Program.Sender.ACCOUNT_OWNER
    name, email = program.sender_name, program.sender_email
    if by_owner or not email:
        name, email = workspace.sender_name, workspace.sender_email
    version = surveys.latest_version(survey=program.survey)
    return Message(
        workspace=workspace,
        kind=kind,
        stream="sample",
        contact=Contact(workspace=workspace),
        to_email="alex@example.com",
        to_name=READER,
        sender_name=_owner_who_asks(program) if by_owner else name,
        sender_email=email or "nobody@example.com",
        language=language_code(program, language),
        subject="" if kind == Kind.HEADS_UP else program.subject,
        body="" if kind == Kind.HEADS_UP else program.body,
        fields={
            "company": version.company,
            "account": ACCOUNT,
            "survey_path": f"/s/{signing.sign('sample', 'sample')}",
            "days": program.answer_within_days,
            "commitment": program.commitment,
        },
        time_zone=workspace.time_zone,
    )


def sample_wording(*, program: Program, language: str) -> Wording:
    by_owner = program.sender == Program.Sender.ACCOUNT_OWNER
    sender = program.sender_name or program.workspace.sender_name
    return composition.word_survey(
        version=surveys.latest_version(survey=program.survey),
        language=language,
        fallback=program.workspace.language,
        sender=_owner_who_asks(program) if by_owner else sender,
        days=program.answer_within_days,
    )


def _owner_who_asks(program: Program) -> str:
    """One of them, so that the sample reads as a mail from a person."""
    owner = customers.find_an_owner(workspace=program.workspace)
    return str(owner) if owner else OWNER
