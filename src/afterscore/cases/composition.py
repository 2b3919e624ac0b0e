"""What to write to somebody who answered: a draft in the customer's language, ready to edit."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from afterscore.cases import languages, queries
from afterscore.cases.models import Case, CheckBack, Task
from afterscore.customers.queries import feature_name
from afterscore.domain import identity, nps, scanners
from afterscore.domain.check_backs import Answer
from afterscore.domain.playbooks import Draft, Playbook, Situation, Step
from afterscore.domain.scanners import Validity
from afterscore.domain.steps import StepKind
from afterscore.kit import signing
from afterscore.kit.errors import NotFound
from afterscore.outreach.composition import templates
from afterscore.responses.models import Response
from afterscore.surveys import composition as surveys
from afterscore.surveys import languages as words
from afterscore.surveys.languages import Language

LONGEST_QUOTE = 280
MAX_SUBJECT = 300
_RE = re.compile(
    r"^(?:\s*(?:re|aw|sv|antw|odp|rv|r|vs|res|tr|回复|回覆|答复)\s*[:：])+", re.IGNORECASE
)
CHECK_BACK = "check-back"
"""The purpose of the links in mails that ask whether it is solved."""


def suggest(
    response: Response,
    *,
    sender_name: str = "",
    draft: Draft | None = None,
    theme: str = "",
    features: Sequence[str] = (),
) -> Draft:
    """A mail with every field filled in; without a `draft` the one for score and comment."""
    draft = draft or languages.step_draft(
        language_of(response), StepKind.MAIL, _situation_of(response)
    )
    said = {"theme": theme, "features": ", ".join(feature_name(name) for name in features)}
    values = {
        name: inert(value) if isinstance(value, str) else value
        for name, value in (_values(response, sender_name) | said).items()
    }
    return Draft(
        subject=templates.render(draft.subject, values).strip(),
        body=templates.render(draft.body, values).strip(),
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What drafts of one case have in common: its playbook as the workspace has it (None for a case
    from before there were playbooks), the theme that a mail may name, and what the last mail was
    about."""

    playbook: Playbook | None
    theme: str
    last_subject: str


def setting_of(case: Case) -> Setting:
    return Setting(
        playbook=_playbook_of(case),
        theme=queries.theme_in_mail(case=case),
        last_subject=queries.find_last_subject(case=case),
    )


def suggest_reply(case: Case, *, sender_name: str = "", setting: Setting | None = None) -> Draft:
    """What the case's playbook proposes to write first."""
    setting = setting or setting_of(case)
    return suggest(
        case.response,
        sender_name=sender_name,
        draft=draft_for(case, StepKind.MAIL, playbook=setting.playbook),
        theme=setting.theme,
    )


def suggest_for(
    task: Task,
    *,
    case: Case,
    sender_name: str = "",
    features: Sequence[str] = (),
    setting: Setting | None = None,
) -> Draft:
    """The mail of one step."""
    setting = setting or setting_of(case)
    return suggest(
        case.response,
        sender_name=sender_name,
        draft=draft_for(case, StepKind(task.kind), playbook=setting.playbook, step=task.step),
        theme=setting.theme,
        features=features,
    )


def draft_for(case: Case, kind: StepKind, *, playbook: Playbook | None, step: str = "") -> Draft:
    """In the answer's language: the workspace's own words for this step, else the built-in ones."""
    response = case.response
    language, situation = language_of(response), _situation_of(response)
    own = _own_step(playbook, kind, situation, step)
    if own is not None and language in own.drafts:
        return own.drafts[language]
    return languages.step_draft(language, kind, situation, playbook=case.playbook)


def language_of(response: Response) -> str:
    """What its reader is written to in: the language of the answer, else the workspace's."""
    known = words.recognise(response.language)
    return known or languages.choose(response.workspace.language)


def _situation_of(response: Response) -> Situation:
    return Situation(group=nps.group_of(response.score), has_comment=bool(response.comment.strip()))


def _own_step(
    playbook: Playbook | None, kind: StepKind, situation: Situation, step: str
) -> Step | None:
    """The step as the workspace has it: the one named, else the first of this kind that the answer
    gets. Words written for one language serve that language alone."""
    if playbook is None:
        return None
    key = step.partition(":")[2]
    alike = [one for one in playbook.steps if one.kind is kind]
    if key:
        return next((one for one in alike if one.key == key), None)
    return next((one for one in alike if one.fits(situation)), None)


def _playbook_of(case: Case) -> Playbook | None:
    """None for a case from before there were playbooks."""
    try:
        return queries.get_playbook(workspace=case.workspace, key=case.playbook)
    except NotFound:
        return None


def next_reply(case: Case, *, sender_name: str = "", setting: Setting | None = None) -> Draft:
    """The first word as suggested; of a conversation, whoever began it, its subject and a frame."""
    if case.first_reply_at is None and case.customer_wrote_at is None:
        return suggest_reply(case, sender_name=sender_name, setting=setting)
    draft = suggest(case.response, sender_name=sender_name)
    last = setting.last_subject if setting else queries.find_last_subject(case=case)
    subject = _RE.sub("", last or draft.subject).strip()
    paragraphs = draft.body.split("\n\n")
    greeting, ending = paragraphs[0], paragraphs[-1]
    return Draft(subject=f"Re: {inert(subject)}"[:MAX_SUBJECT], body=f"{greeting}\n\n\n\n{ending}")


def fill(text: str, response: Response, *, sender_name: str, theme: str = "") -> str:
    """What somebody wrote, as its reader will see it. Raises Refused for an unknown field."""
    return templates.render(text, _values(response, sender_name) | {"theme": theme}).strip()


def _values(response: Response, sender_name: str) -> dict[str, object]:
    return {
        "first_name": identity.first_name(response.contact.name),
        "name": response.contact.name,
        "account": response.account.name if response.account else "",
        "company": response.wave.survey_version.company,
        "sender_name": sender_name,
        "sender_first_name": identity.first_name(sender_name),
        "days": response.wave.program.answer_within_days,
        "score": response.score,
        "comment": quote(response),
    }


def quote(response: Response) -> str:
    """The comment on one line, as much of it as fits into a mail."""
    return textwrap.shorten(" ".join(response.comment.split()), LONGEST_QUOTE, placeholder=" …")


def inert(text: str) -> str:
    """Braces that somebody else wrote are no fields when the draft becomes a template again."""
    return re.sub(r"\{(?=[{%])", "{ ", text)


def follow_up(response: Response) -> Draft:
    """The text of an automated follow-up, its fields still open: they are filled when it goes."""
    return languages.follow_up_draft(language_of(response))


def check_back(response: Response) -> Draft:
    """The mail that asks whether it is solved, in every language; its buttons are the layout's."""
    language = words.get(language_of(response))
    named = language.greeting_named.format(first_name="{{ first_name }}")
    greeting = f"{{% if first_name %}}{named}{{% else %}}{language.greeting_plain}{{% endif %}}"
    return Draft(
        subject=language.survey["check_question"],
        body=f"{greeting}\n\n{language.mail['check_back_text']}",
    )


def check_back_path(check_back: CheckBack) -> str:
    """The address of its page; whoever has it may answer, and do nothing else."""
    return f"/c/{signing.sign(CHECK_BACK, check_back.public_id)}"


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says that asks whether it is solved, in the reader's language."""

    language: Language
    company: str
    texts: Mapping[str, str]
    about: str

    @property
    def answers(self) -> list[dict[str, str]]:
        return [{"value": each, "label": self.texts[f"check_{each}"]} for each in Answer]

    def thanks(self, answer: Answer) -> str:
        """What happens next, and by when: the same promise as after an answer."""
        return self.texts["thanks_detractor" if answer.wakes else "check_thanks_yes"]


def check_back_page(check_back: CheckBack, *, days: float) -> Page:
    """`days` are the working days within which somebody gets back to the customer."""
    case = check_back.case
    response = case.response
    version = response.wave.survey_version
    sender = case.owner or check_back.workspace.sender_name or version.company
    wording = surveys.word_survey(
        version=version,
        language=response.language,
        fallback=check_back.workspace.language,
        sender=str(sender),
        days=math.ceil(days),
    )
    comment = " ".join(response.comment.split())
    return Page(
        language=words.get(wording.language),
        company=version.company,
        texts=wording.texts,
        about=textwrap.shorten(comment, LONGEST_QUOTE, placeholder=" …") if comment else "",
    )


def said(check_back: CheckBack, *, now: datetime) -> Answer | None:
    """What the page may show as said: never what a scanner has left behind, except to whoever sent
    it just now, who is not told that it was taken for a machine's."""
    if not check_back.answer or check_back.answered_at is None:
        return None
    is_fresh = now - check_back.answered_at < scanners.SITTING
    if check_back.validity == Validity.QUARANTINED and not is_fresh:
        return None
    return Answer(check_back.answer)
