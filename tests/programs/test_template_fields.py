"""A wrong field is refused at every door through which a program comes in, before it is saved:
with the place of the text, the line, and what was meant."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from afterscore.config.cli.programs import program
from afterscore.domain.events import SYSTEM
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.programs import operations
from afterscore.programs.models import Program
from tests.people import NOW, People
from tests.programs.reading import read_form
from tests.programs.test_commands import same_database  # noqa: F401 - used by itself
from tests.programs.test_forms import open_page, send

Door = Callable[[People, str, str, Path], str]


def operation(people: People, name: str, text: str, folder: Path) -> str:
    definition = {"name": "R", "slug": "r", "mail": {name: text}}
    with pytest.raises(Refused) as refused:
        operations.apply(workspace=people.workspace, definition=definition, actor=SYSTEM, now=NOW)
    return f"{refused.value.field}: {refused.value.message}"


def file(people: People, name: str, text: str, folder: Path) -> str:
    return _command(people, name, text, folder)


def dry_run(people: People, name: str, text: str, folder: Path) -> str:
    return _command(people, name, text, folder, "--dry-run")


def _command(people: People, name: str, text: str, folder: Path, *options: str) -> str:
    path = folder / "r.yaml"
    path.write_text(yaml.safe_dump({"name": "R", "slug": "r", "mail": {name: text}}))
    result = CliRunner().invoke(program, ["apply", str(path), "-w", "harbourline", *options])
    assert result.exit_code == 1
    return result.output.strip().removeprefix(f"Error: {path}: ")


def form(people: People, name: str, text: str, folder: Path) -> str:
    """The page says it beside the field; the field stands for the key of the file."""
    max_ = people.client(people.max)
    values = read_form(open_page(max_, "new/"))
    response = send(max_, "new/", values | {"name": "R", name: text})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {name, "__all__"}
    assert html.escape(errors[name][0]) in response.content.decode()
    return f"mail.{name}: {errors[name][0]}"


DOORS = [operation, file, dry_run, form]
TEXTS = ("subject", "body", "commitment")
WRONG = {
    "Hi {{ frist_name }}": "There is no field 'frist_name'; did you mean 'first_name'?",
    "Hi {{ FIRST_NAME }}": "There is no field 'FIRST_NAME'; did you mean 'first_name'?",
    "Hi {{ first name }}": "in '{{ first name }}'; did you mean {{ first_name }}?",
    "Hi {{ zebra }}": "There is no field 'zebra'. You can use: first_name, name, account, ",
    "Hi {{ name | upcased }}": "There is no filter 'upcased'; did you mean 'upcase'?",
    "Hi {{ }}": "'{{ }}' names no field. You can use: first_name, name, account, ",
    "Hi {{ first_name": "expected '}}', found end of file.",
    "Hi first_name }}": "'}}' ends a field that no '{{' begins.",
    "Hi {first_name}": "'{first_name}' would be printed as it stands; write {{ first_name }}.",
    "Hi [First_name]": "'[First_name]' would be printed as it stands; write {{ first_name }}.",
    "Hi {% if name %}": "'{% if name %}' has no end; write {% endif %} after it.",
    "Hi {% endif %}": "'{% endif %}' belongs to no '{% if %}' before it.",
    "You said {{ score }}": "The field 'score' is known only after an answer",
    "You said {{ comment }}": "The field 'comment' is known only after an answer",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_wrong_field_is_named_with_its_place_at_every_door(
    people: People, tmp_path: Path, door: Door, name: str
):
    for text, message in WRONG.items():
        said = door(people, name, text, tmp_path)

        assert said.startswith(f"mail.{name}: Line 1: "), text
        assert message in said, text
    assert not Program.objects.exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_line_is_that_of_the_culprit(people: People, tmp_path: Path, door: Door):
    for text in ("Hello,\n\ndear {{ frist_name }}", "Hello,\n\n{% if name %}you"):
        assert door(people, "body", text, tmp_path).startswith("mail.body: Line 3: ")


@pytest.mark.parametrize("name", composition.ASKING_FIELDS)
def test_every_field_that_is_named_can_be_used_in_every_text(people: People, name: str):
    text = f"{{{{ {name} | default: 'you' }}}} {{% if {name} %}}here{{% endif %}}"
    operations.apply(
        workspace=people.workspace,
        definition={"name": "R", "slug": "r", "mail": dict.fromkeys(TEXTS, text)},
        actor=SYSTEM,
        now=NOW,
    )
    assert Program.objects.get().body == text


@pytest.mark.parametrize(
    ("survey", "path"),
    [
        ({"company": "{{ company }}"}, "survey.company"),
        ({"comment_prompts": {"passive": "{{ first_name }}?"}}, "survey.comment_prompts.passive"),
        ({"drivers": [{"key": "a", "label": "A"}, {"key": "b", "label": "{% if name %}B"}]},
         "survey.drivers[1].label"),
    ],
)  # fmt: skip
def test_texts_of_the_survey_page_take_no_fields(
    people: People, survey: dict[str, object], path: str
):
    with pytest.raises(Refused, match="work in mails only") as refused:
        operations.apply(
            workspace=people.workspace,
            definition={"name": "R", "slug": "r", "survey": survey},
            actor=SYSTEM,
            now=NOW,
        )
    assert refused.value.field == path
    assert not Program.objects.exists()


def test_the_form_marks_the_text_of_the_survey_page(people: People):
    max_ = people.client(people.max)
    wrong = {
        "name": "R",
        "company": "{{ company }}",
        "prompt_passive": "{{ first_name }}?",
        "driver-0-label": "{{ account }}",
        "driver-0-key": "a",
        "driver-0-kind": "rating",
    }
    response = send(max_, "new/", read_form(open_page(max_, "new/")) | wrong)

    assert set(response.context["form"].errors) == {"company", "prompt_passive", "__all__"}
    assert response.content.decode().count("customers would read the braces") == 3
