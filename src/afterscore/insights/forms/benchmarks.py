from __future__ import annotations

from typing import Any

from django import forms

from afterscore.domain.benchmarks import Draft, Method
from afterscore.insights.models import Benchmark
from afterscore.insights.operations.comparing import LONGEST_AUDIENCE, LONGEST_LINK, LONGEST_SOURCE

METHODS = [(each.value, each.label[0].upper() + each.label[1:]) for each in Method]
SCALES = [("0-10", "0 to 10"), ("1-10", "1 to 10"), ("1-7", "1 to 7"), ("1-5", "1 to 5")]


class BenchmarkForm(forms.Form):
    """Everything is asked for; what is missing is refused with a sentence by the operation."""

    score = forms.FloatField(
        label="Score",
        min_value=-100,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    source = forms.CharField(
        max_length=LONGEST_SOURCE,
        label="Source",
        help_text="Who published it, and under which title.",
    )
    link = forms.URLField(
        max_length=LONGEST_LINK,
        label="Where it can be read",
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    audience = forms.CharField(
        max_length=LONGEST_AUDIENCE,
        label="Who was asked",
        help_text="Whose customers, in which countries: “customers of 40 software companies, "
        "United States”.",
    )
    method = forms.ChoiceField(choices=METHODS, label="How they were asked")
    n = forms.IntegerField(
        min_value=1,
        label="Answers behind it",
        help_text="A source that does not say it is better left out: nobody can tell what its "
        "figure is worth.",
    )
    collected_on = forms.DateField(
        label="When the answers were collected",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day, or about.",
    )
    scale = forms.ChoiceField(choices=SCALES, label="Scale")
    is_standard_question = forms.BooleanField(
        required=False,
        label="The usual question was asked, whether one would recommend the company",
    )

    @staticmethod
    def values_of(benchmark: Benchmark) -> dict[str, Any]:
        names = ("source", "link", "audience", "method", "collected_on", "scale")
        values = {name: getattr(benchmark, name) for name in names}
        return values | {
            "score": f"{benchmark.score:g}",
            "n": benchmark.answers,
            "is_standard_question": benchmark.is_standard_question,
        }

    def draft(self) -> Draft:
        data = self.cleaned_data
        return Draft(
            score=data["score"],
            source=data["source"],
            n=data["n"],
            collected_on=data["collected_on"],
            method=Method(data["method"]),
            scale=data["scale"],
            audience=data["audience"],
            is_standard_question=data["is_standard_question"],
        )
