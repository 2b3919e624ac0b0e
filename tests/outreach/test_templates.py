"""What customers may write into their mails, and what is refused with a sentence."""

from __future__ import annotations

import os
import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.outreach.composition import templates

VALUES = {"first_name": "Ana", "name": "Ana Lima", "company": "Harbourline", "days": 5}


@pytest.mark.parametrize("name", composition.FIELDS)
def test_each_field_can_be_named(name: str) -> None:
    composition.check_template(f"a {{{{ {name} }}}} b", field="body")
    assert templates.render(f"a {{{{ {name} }}}} b", {name: "x"}) == "a x b"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hello {{ first_name }}", "Hello Ana"),
        ("Hello {{ first_name | upcase }}", "Hello ANA"),
        ("{{ account | default: 'your company' }}", "your company"),
        ("{% if account %}a{% else %}b{% endif %}", "b"),
        ("{% unless account %}b{% endunless %}", "b"),
        ("{% if score > 8 %}a{% endif %}", ""),
        ("No fields, 100 % { } {x} ${y}", "No fields, 100 % { } {x} ${y}"),
    ],
)
def test_fields_filters_and_conditions(text: str, result: str) -> None:
    composition.check_template(text, field="body")
    assert templates.render(text, VALUES) == result


def test_a_wrong_field_is_named_with_its_line_and_what_was_meant() -> None:
    with pytest.raises(Refused) as refused:
        composition.check_template("Hello,\n\ndear {{ frist_name }}", field="body")
    assert refused.value.message == (
        "Line 3: There is no field 'frist_name'; did you mean 'first_name'?"
    )
    assert refused.value.field == "body"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ name | uppercase }}", "no filter 'uppercase'; did you mean 'upcase'"),
        ("{{ zebra }}", "You can use: first_name, name"),
        ("{{ first_name.size }}", "has no parts"),
        ("{{ first_name", "Line 1"),
        ("a\n{% if name %}b", "if"),
        ("{% for i in (1..3) %}{% endfor %}", "no tag 'for'"),
        ("x" * 10_001, "longer than 10000"),
    ],
)
def test_refusals_say_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        composition.check_template(text, field="body")


# Each either stays as it is or is refused; none may reach a secret, a loop or an object.
HOSTILE = [
    "{{7*7}}", "{{ 7 | times: 7 }}", "{% debug %}", "{{0.__class__}}", "{0.__class__}",
    "{0.__class__.__mro__}", '{{ env "X" }}', "{{ env.SECRET_KEY }}", "{{ settings.SECRET_KEY }}",
    "{{ self }}", "{{ self.__init__.__globals__ }}", "{{ ''.__class__ }}", "{{ [].__class__ }}",
    "{{ request }}", "{{ config }}", "{{ name.__class__ }}", "{{ name['__class__'] }}",
    "{{ name.upper }}", "{{ name.first }}", "{{ name.last }}", "{{ first_name[name] }}",
    "%(x)s", "%s%s%s%n", "${x}", "${{x}}", "#{7*7}", "<%= 7*7 %>", "<?php echo 1 ?>",
    "{% include '/etc/passwd' %}", "{% render 'x' %}", "{% extends 'x' %}", "{% load os %}",
    "{% raw %}{{ name }}{% endraw %}", "{% capture x %}y{% endcapture %}",
    "{% assign x = 'y' %}{{ x }}", "{% increment x %}", "{% cycle 'a', 'b' %}",
    "{% for i in (1..1000000000) %}x{% endfor %}", "{% tablerow i in (1..99) %}{% endtablerow %}",
    "{{ (1..1000000000) }}", "{{ (1..1000000000) | default: name }}",
    "{% if (1..1000000000) contains 999999999 %}x{% endif %}",
    "{{ 'x' | append: 'y' }}", "{{ 'x' | replace: 'x', 'y' }}", "{{ 'x' | prepend: 'y' }}",
    "{{ name | split: '' | join: 'x' }}", "{{ 'now' | date: '%s' }}", "{{ name | safe }}",
    "{{ name | escape_once }}", "{{ name | base64_decode }}", "{% liquid echo name %}",
    "{% echo name %}", "{% comment %}{% endcomment %}", "{# x #}", "{% # x %}",
    "{% doc %}{% enddoc %}",
    "{% if name %}" * 200 + "{% endif %}" * 200, "{{" * 2000, "{%" * 2000, "}}" * 2000,
    "{{ name | " + " | ".join(["upcase"] * 900) + " }}",
    "{% if " + " and ".join(["name"] * 1000) + " %}x{% endif %}",
    "{% if " + "name == " * 500 + "name %}x{% endif %}", "{{ " + "9" * 5000 + " }}",
    "{% if 1 < " + "9" * 5000 + " %}{% endif %}", "mautic %mautic.db_password%", "{{= name }}",
    "{{ name }}" * 900, "\x00{{ name }}", "{{\u2028name }}", "{{ nаme }}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_a_hostile_text_is_refused_or_stays_text(text: str) -> None:
    started = time.perf_counter()
    try:
        composition.check_template(text, field="body")
        shown = templates.render(text, VALUES)
    except Refused as refused:
        shown = refused.message
    assert time.perf_counter() - started < 1
    assert len(shown) <= templates.MAX_OUTPUT
    assert settings.SECRET_KEY not in shown
    assert os.environ["PATH"] not in shown
    assert "object at 0x" not in shown
    assert "<class" not in shown
    assert shown.strip() != "49"


@given(text=st.text(alphabet="{}%|'. \nabnmeif_<>=:()[]0", max_size=60))
def test_what_passes_the_check_always_renders(text: str) -> None:
    try:
        composition.check_template(text, field="body")
    except Refused:
        return
    for values in ({}, VALUES, {"score": 0}, {"score": 10, "comment": "x"}):
        templates.render(text, values)


@given(
    value=st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=50)
)
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert templates.render("[{{ comment }}]", {"comment": value}) == f"[{value}]"
