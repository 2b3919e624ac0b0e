"""A rule as a form: whom it is about, and what then."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from afterscore.cases import queries
from afterscore.cases.models import RoutingRule
from afterscore.cases.operations.rules import Draft
from afterscore.customers import queries as customers
from afterscore.domain import routing, segments
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.routing import Criteria, CriteriaError, Rule
from afterscore.improvements.models import Theme
from afterscore.kit.templatetags.display import language_name
from afterscore.programs import queries as programs
from afterscore.programs.forms import audience, rows
from afterscore.workspaces.models import Member, Workspace

COMMENTS = (("", "With a comment or without"), ("with", "With a comment"), ("without", "Without"))
COMMENT_VALUES = {"with": True, "without": False}
DEPARTMENTS = [(department.value, department.label) for department in Department]


def _many(label: str, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


class RuleForm(forms.Form):
    name = forms.CharField(
        max_length=120, label="Name", help_text="A case's history says by which rule it came."
    )
    groups = _many("Group")
    comment = forms.ChoiceField(choices=COMMENTS, required=False, label="Comment", initial="")
    themes = _many("Speaks of")
    departments = _many(
        "Speaks of something for", "The department that a theme belongs to, whatever the theme."
    )
    languages = _many("Language of the answer")
    match = forms.ChoiceField(
        required=False, choices=audience.MATCHES[:2], label="Customers for whom", initial="all"
    )
    member = forms.ChoiceField(required=False, label="Goes to", initial="")
    department = forms.ChoiceField(
        required=False,
        choices=[("", "No department"), *DEPARTMENTS],
        label="Or else to whoever has the most room in",
        initial="",
    )
    is_urgent = forms.BooleanField(
        required=False,
        label="Makes cases one step more urgent",
        help_text="Whoever owns them. A rule may do this alone.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="In force")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        workspace: Workspace,
        rule: RoutingRule | None = None,
        action: Any = None,
    ) -> None:
        self.kept = _criteria_of(rule)
        super().__init__(
            data, initial=_initial(rule, self.kept) if rule else None, use_required_attribute=False
        )
        self.workspace, self.rule = workspace, rule
        self.members: dict[str, Member] = {
            member.public_id: member for member in queries.list_assignable(workspace=workspace)
        }
        self._offer()
        self._read_rows(data, action or {})

    def _offer(self) -> None:
        """What there is to choose from; what a rule names already stays, to be seen and mended."""
        themes = Theme.objects.filter(workspace=self.workspace, is_active=True).order_by("name")
        self._choices("groups", [(group.value, f"{group.value.capitalize()}s") for group in Group])
        self._choices("themes", list(themes.values_list("public_id", "name")), self.kept.themes)
        self._choices("departments", DEPARTMENTS)
        spoken = [
            (code, language_name(code))
            for code in customers.list_languages(workspace=self.workspace)
        ]
        self._choices("languages", spoken, self.kept.languages)
        self._choices(
            "member",
            [("", "Nobody in particular"), *((key, str(one)) for key, one in self.members.items())],
        )

    def _choices(self, name: str, choices: Any, named: frozenset[str] = frozenset()) -> None:
        known = {value for value, _label in choices}
        lost = [(value, f"{value} (gone)") for value in sorted(named - known)]
        self.fields[name].choices = [*choices, *lost]  # type: ignore[attr-defined]

    def _read_rows(self, data: QueryDict | None, action: Any) -> None:
        shown = audience.rows_of(self.kept.customers)
        self.is_nested = shown is None
        if data is None:
            tests = shown[1] if shown else []
        else:
            tests = rows.read(data, audience.PREFIX, audience.NAMES)
            rows.change(tests, action, audience.PREFIX)
        attributes = programs.list_attribute_fields(workspace=self.workspace)
        self.tests = rows.bind(audience.TestRow, audience.PREFIX, tests, attributes=attributes)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            values["criteria"] = self._criteria(values)
        except CriteriaError as error:
            raise forms.ValidationError(str(error)) from error
        return values

    def _criteria(self, values: dict[str, Any]) -> Criteria:
        data: dict[str, Any] = {
            name: values.get(name, []) for name in ("groups", "themes", "departments", "languages")
        }
        data["comment"] = COMMENT_VALUES.get(values.get("comment", ""))
        data["customers"] = self._customers(values)
        return routing.parse(data)

    def _customers(self, values: dict[str, Any]) -> object:
        """Of one that rows cannot show, what was there is kept until rows take its place."""
        found = audience.data_of(values.get("match") or audience.ALL, self.tests, "")
        if found is None and self.is_nested:
            return segments.to_data(self.kept.customers)
        return found

    @property
    def nested(self) -> str:
        return segments.describe(self.kept.customers) if self.is_nested else ""

    def given(self) -> Draft:
        values = self.cleaned_data
        return Draft(
            name=values["name"],
            criteria=values["criteria"],
            member=self.members.get(values["member"]),
            department=Department(values["department"]) if values["department"] else None,
            is_urgent=values["is_urgent"],
        )

    def tried(self) -> Rule:
        """The rule as it stands in the form, saved or not; of what is filled in and valid."""
        values = self.cleaned_data
        return Rule(
            id=self.rule.public_id if self.rule else "draft",
            name=values.get("name") or "This rule",
            criteria=values.get("criteria") or routing.EVERYBODY,
            member=values.get("member") or "",
            department=Department(values["department"]) if values.get("department") else None,
            before_owner=bool(self.rule and self.rule.before_owner),
            is_urgent=bool(values.get("is_urgent")),
        )


def _criteria_of(rule: RoutingRule | None) -> Criteria:
    if rule is None:
        return routing.EVERYBODY
    try:
        return routing.parse(rule.conditions)
    except CriteriaError:
        return routing.EVERYBODY


def _initial(rule: RoutingRule, criteria: Criteria) -> dict[str, Any]:
    words = {value: word for word, value in COMMENT_VALUES.items()}
    shown = audience.rows_of(criteria.customers)
    return {
        "name": rule.name,
        "groups": [str(group) for group in criteria.groups],
        "comment": words.get(criteria.comment, "") if criteria.comment is not None else "",
        "themes": sorted(criteria.themes),
        "departments": [str(department) for department in criteria.departments],
        "languages": sorted(criteria.languages),
        "match": shown[0] if shown else audience.ALL,
        "member": rule.member.public_id if rule.member else "",
        "department": rule.department,
        "is_urgent": rule.is_urgent,
        "is_active": rule.is_active,
    }
