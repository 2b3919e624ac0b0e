"""What to write to somebody who answered: a draft in the customer's language, ready to edit."""

from __future__ import annotations

import re
import textwrap

from afterscore.cases import languages
from afterscore.cases.languages import Draft
from afterscore.domain import identity, nps
from afterscore.outreach.composition import templates
from afterscore.responses.models import Response

LONGEST_QUOTE = 280


def suggest(response: Response, *, sender_name: str = "") -> Draft:
    """A reply that fits score, comment and language, with every field filled in."""
    draft = languages.reply_draft(
        response.language,
        group=nps.group_of(response.score),
        has_comment=bool(response.comment.strip()),
    )
    values = {
        name: _inert(value) if isinstance(value, str) else value
        for name, value in _values(response, sender_name).items()
    }
    return Draft(
        subject=templates.render(draft.subject, values).strip(),
        body=templates.render(draft.body, values).strip(),
    )


def fill(text: str, response: Response, *, sender_name: str) -> str:
    """What somebody wrote, as its reader will see it. Raises Refused for an unknown field."""
    return templates.render(text, _values(response, sender_name)).strip()


def _values(response: Response, sender_name: str) -> dict[str, object]:
    comment = " ".join(response.comment.split())
    return {
        "first_name": identity.first_name(response.contact.name),
        "name": response.contact.name,
        "account": response.account.name if response.account else "",
        "company": response.wave.survey_version.company,
        "sender_name": sender_name,
        "sender_first_name": identity.first_name(sender_name),
        "days": response.wave.program.answer_within_days,
        "score": response.score,
        "comment": textwrap.shorten(comment, LONGEST_QUOTE, placeholder=" …"),
    }


def _inert(text: str) -> str:
    """Braces that somebody else wrote are no fields when the draft becomes a template again."""
    return re.sub(r"\{(?=[{%])", "{ ", text)


def follow_up(response: Response) -> Draft:
    """The text of an automated follow-up, its fields still open: they are filled when it goes."""
    return languages.follow_up_draft(response.language)
