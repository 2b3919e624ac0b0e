from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from afterscore.domain import calendars, doubts, nps
from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.domain.scanners import Counting
from afterscore.workspaces import queries
from afterscore.workspaces.models import Member, Workspace

DEPARTMENTS = [("", "None"), *((department, department.label) for department in Department)]
WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]
TABS = {
    "workspaces:company": "Company",
    "workspaces:sending": "Sending",
    "routes:list": "Mail routes",
    "workspaces:counting": "What counts",
    "workspaces:answering": "Answering",
    "routing:rules": "Routing",
    "playbooks:playbooks": "Playbooks",
    "absences:absences": "Absences",
    "rooms:rooms": "Chat rooms",
    "catalogue:gifts": "Gifts",
    "workspaces:members": "People",
    "workspaces:keys": "API keys",
}
DEFAULT_ANSWER_DAYS = {nps.Group.DETRACTOR: 1, nps.Group.PASSIVE: 3, nps.Group.PROMOTER: 5}


def settings_tabs(workspace: Workspace, active: str) -> list[dict[str, Any]]:
    """The pages of the settings; `active` is the last part of an address's name."""
    return [
        {
            "label": label,
            "url": reverse(name, args=[workspace.slug]),
            "active": name.partition(":")[2] == active,
        }
        for name, label in TABS.items()
    ]


class SettingsForm(forms.Form):
    """One subject of the settings; `changes` is what operations.change_workspace takes."""

    def __init__(self, *arguments: Any, workspace: Workspace, **options: Any) -> None:
        options.setdefault("initial", self.values_of(workspace))
        super().__init__(*arguments, **options)

    def values_of(self, workspace: Workspace) -> dict[str, Any]:
        return {name: getattr(workspace, name, None) for name in self.base_fields}

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class CompanyForm(SettingsForm):
    name = forms.CharField(max_length=120, label="Company", help_text="Whom customers recommend.")
    postal_address = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Printed at the foot of each invitation. The law asks for it; "
        "without it no wave can start.",
    )
    language = forms.ChoiceField(
        label="Language", help_text="For contacts whose own language is unknown."
    )
    time_zone = forms.ChoiceField(label="Time zone")
    country = forms.CharField(
        max_length=2, required=False, help_text="Two letters, such as IE: for public holidays."
    )
    currency = forms.RegexField(r"^[A-Z]{3}$", help_text="Three letters, such as EUR.")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["language"].choices = list(settings.AFTERSCORE_LANGUAGES)  # type: ignore[attr-defined]
        zones = [(name, name.replace("_", " ")) for name in calendars.zone_names()]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class SendingForm(SettingsForm):
    sender_name = forms.CharField(
        max_length=120,
        required=False,
        help_text="A person. Mails from a name are answered, mails from a department are not.",
    )
    sender_email = forms.EmailField(
        required=False, label="Sender's e-mail", help_text="Replies arrive here."
    )
    minimum_gap_days = forms.IntegerField(
        min_value=30,
        max_value=730,
        label="Days between two requests to one person",
        help_text="Across all programs. People who are asked too often stop answering, "
        "or give a worse score.",
    )
    budget_messages = forms.IntegerField(
        min_value=1,
        max_value=50,
        label="Automated messages to one person, at most",
        help_text="Of all programs together, reminders, follow-ups and what other systems report "
        "included. Each mail is small; what tires people is their sum. What a colleague writes "
        "does not count.",
    )
    budget_days = forms.IntegerField(
        min_value=1,
        max_value=730,
        label="… in so many days",
        help_text="Who would get more is left out of a wave, and told from which day it fits.",
    )
    daily_cap = forms.IntegerField(
        min_value=1,
        max_value=10_000_000,
        required=False,
        label="Automated messages a day, at most",
        help_text="Of all programs together; what is beyond it is due the next day. Mail servers "
        "distrust a sender whose mail grows tenfold overnight. Empty: no limit.",
    )
    doubt_policy = forms.ChoiceField(
        choices=[
            (doubts.Policy.HOLD, "Leave it to a person"),
            (doubts.Policy.RESEND_ONCE, "Send it once more after a day of silence"),
        ],
        label="When it is unknown whether a message arrived",
        help_text="It happens when a connection breaks just after a message was handed over. "
        "Sending once more may reach somebody twice; leaving it may ask one person too few, "
        "whom the reminder asks anyway. Nothing is sent once more after an answer, an opened "
        "link, a bounce or an unsubscribe.",
    )
    consent_required = forms.BooleanField(
        required=False,
        label="Ask only people whose consent is recorded",
        help_text="In some countries a survey by mail counts as advertising.",
    )
    is_sending_paused = forms.BooleanField(
        required=False,
        label="Pause all sending",
        help_text="From the moment this is saved nothing leaves, replies to customers included. "
        "What comes due meanwhile waits, and goes out in its hours once sending is resumed. "
        "Answers still come in.",
    )
    sending_paused_why = forms.CharField(
        max_length=300,
        required=False,
        label="Why it is paused",
        help_text="Everybody reads it at the head of the pages.",
    )

    def changes(self) -> dict[str, Any]:
        """The reason ends with the pause."""
        changes = super().changes()
        if not changes["is_sending_paused"]:
            changes["sending_paused_why"] = ""
        return changes


COUNTING = {
    Counting.SENT: (
        "Send was pressed",
        "The surest answers, and the fewest: whoever picks a number and leaves is in no score.",
    ),
    Counting.TAPPED: (
        "A number was picked on the page",
        "What many people do who have nothing to add.",
    ),
    Counting.OPENED: (
        "A number in the mail was opened, and the page looked at for five seconds",
        "The most answers, and the least sure: a person or a mail scanner may only have looked.",
    ),
}
FALLS_SHORT = (
    "Each choice includes those above it.",
    "What falls short is named beside each score as not confirmed, and is in none.",
    "It has no case, and the person is still reminded.",
    "What looks automated never counts by itself, whatever you choose.",
    "A change holds for new answers: scores from before and after it are hard to compare.",
)


class CountingForm(SettingsForm):
    answers_count = forms.ChoiceField(
        choices=[
            (each.value, format_html("<span>{}<small>{}</small></span>", label, why))
            for each, (label, why) in COUNTING.items()
        ],
        widget=forms.RadioSelect(attrs={"class": "explained"}),
        label="An answer counts when",
        help_text=format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((each,) for each in FALLS_SHORT))
        ),
    )


class AnsweringForm(SettingsForm):
    business_days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    business_opens = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    business_closes = forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    region = forms.ChoiceField(
        required=False,
        initial="",
        label="Region whose public holidays hold, too",
        help_text="Those of the country, set under Company, always do.",
    )
    closed_on = forms.CharField(
        required=False,
        label="Other days on which nobody works",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-12-24"}),
        help_text="One a line. No deadline counts such a day.",
    )
    detractor = forms.IntegerField(
        min_value=1, max_value=30, label="Answer detractors within (business days)"
    )
    passive = forms.IntegerField(
        min_value=1, max_value=30, label="Answer passives within (business days)"
    )
    promoter = forms.IntegerField(
        min_value=1,
        max_value=30,
        label="Answer promoters within (business days)",
        help_text="Everybody is answered, with or without a comment. Applies to new answers.",
    )
    check_back_days = forms.IntegerField(
        min_value=0,
        max_value=60,
        label="Ask “did we solve it?” so many business days after closing",
        help_text="One mail in the owner's name, to detractors and passives whose case says that "
        "something is solved. It counts as one of two automated mails at most. 0: never.",
    )

    praise_signature = forms.ChoiceField(
        choices=[
            ("first_name", "First name and company"),
            ("full_name", "Full name and company"),
            ("company", "Company alone"),
        ],
        required=False,
        initial="first_name",
        label="On the wall of praise, customers are called by",
        help_text="Colleagues and chat rooms that hear praise read it.",
    )

    def __init__(self, *arguments: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*arguments, workspace=workspace, **options)
        known = queries.list_regions(country=workspace.country)
        lost = [] if workspace.region in {"", *known} else [(workspace.region, workspace.region)]
        self.fields["region"].choices = [("", "None"), *known.items(), *lost]  # type: ignore[attr-defined]

    def values_of(self, workspace: Workspace) -> dict[str, Any]:
        days = {**DEFAULT_ANSWER_DAYS, **workspace.answer_within_days}
        return {
            **super().values_of(workspace),
            **{str(group): days[group] for group in nps.Group},
            "closed_on": "\n".join(workspace.closed_on),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        opens, closes = values.get("business_opens"), values.get("business_closes")
        if opens and closes and opens >= closes:
            self.add_error("business_closes", "The day must close after it opens.")
        return values

    def changes(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if not values["praise_signature"]:
            del values["praise_signature"]
        values["closed_on"] = values["closed_on"].split()
        values["answer_within_days"] = {str(group): values.pop(group) for group in nps.Group}
        return values


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail")
    name = forms.CharField(max_length=120)
    role = forms.ChoiceField(choices=[(role, role.label) for role in Role], initial=Role.AGENT)
    department = forms.ChoiceField(choices=DEPARTMENTS, required=False)


class MemberForm(forms.Form):
    role = forms.ChoiceField(choices=[(role, role.label) for role in Role])
    department = forms.ChoiceField(choices=DEPARTMENTS, required=False)
    follow_ups_a_day = forms.IntegerField(
        min_value=0,
        max_value=200,
        required=False,
        label="Follow-ups a day",
        help_text="How many customers there is time for on a usual day. New cases go by it. "
        "Empty: nobody has said. 0: none come by turn.",
    )
    is_active = forms.BooleanField(required=False, label="May sign in to this workspace")

    def __init__(self, *arguments: Any, member: Member, **options: Any) -> None:
        options.setdefault(
            "initial",
            {
                "role": member.role,
                "department": member.department,
                "follow_ups_a_day": member.follow_ups_a_day,
                "is_active": member.is_active,
            },
        )
        super().__init__(*arguments, **options)


class KeyForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="What will use it, such as CRM.")
    role = forms.ChoiceField(
        choices=[(role, role.label) for role in Role if role is not Role.OWNER],
        initial=Role.AGENT,
    )
