"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

SOURCE = Path(__file__).resolve().parents[2] / "src" / "afterscore"
OWN_APPS = [config for config in apps.get_app_configs() if config.name.startswith("afterscore.")]
PURE = {"numpy", "scipy", "statsmodels", "sklearn", "afterscore", "__future__"}


def modules(folder: str = "") -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((SOURCE / folder).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text())


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_domain_imports_only_the_standard_library_and_numbers() -> None:
    for path, tree in modules("domain"):
        for name in imported(tree):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or top in PURE, f"{path.name} imports {name}"
            if top == "afterscore":
                assert name.startswith("afterscore.domain"), f"{path.name} imports {name}"


def _compares_a_score_with_a_threshold(node: ast.AST) -> bool:
    """`score >= 9`, `score < 7`: somebody decides by himself who is a promoter."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    names = {_name_of(side) for side in sides}
    numbers = {side.value for side in sides if isinstance(side, ast.Constant)}
    return any("score" in name for name in names) and bool(numbers & {6, 7, 8, 9})


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id.lower()
    return node.attr.lower() if isinstance(node, ast.Attribute) else ""


def test_only_the_domain_knows_what_a_promoter_is() -> None:
    for path, tree in modules():
        if path == SOURCE / "domain" / "nps.py":
            continue
        for node in ast.walk(tree):
            assert not _compares_a_score_with_a_threshold(node), f"{path}:{node.lineno}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["score >= 9", "answer.score < 7", "7 <= score <= 8"])
def test_the_threshold_rule_bites(text: str) -> None:
    tree = ast.parse(text)
    assert any(_compares_a_score_with_a_threshold(node) for node in ast.walk(tree))


def own_models() -> list[type[models.Model]]:
    return [model for config in OWN_APPS for model in config.get_models()]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_relations_cannot_be_walked_upwards(model: type[models.Model]) -> None:
    """A reverse accessor is a dependency that no import linter sees."""
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.model is model:
            own = field.related_model._meta.app_label == model._meta.app_label
            hidden = field.remote_field.related_name == "+"
            assert hidden or own, f"{model.__name__}.{field.name} needs related_name='+'"


@pytest.mark.parametrize(
    "model",
    [model for model in own_models() if hasattr(model, "workspace")],
    ids=lambda model: model.__name__,
)
def test_rows_point_only_at_rows_of_their_workspace(model: type[models.Model]) -> None:
    from afterscore.kit.tenancy import SameWorkspace

    fenced = {c.field for c in model._meta.constraints if isinstance(c, SameWorkspace)}
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey) or field.name == "workspace":
            continue
        if hasattr(field.related_model, "workspace"):
            known = fenced | {"owner", "author"}
            assert field.name in known, f"{model.__name__}.{field.name} has no SameWorkspace"


def operations() -> Iterator[tuple[str, Any]]:
    for config in OWN_APPS:
        name = f"{config.name}.operations"
        if (
            not (SOURCE / config.label / "operations.py").exists()
            and not (SOURCE / config.label / "operations").is_dir()
        ):
            continue
        module = importlib.import_module(name)
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            if not function_name.startswith("_") and function.__module__.startswith(name):
                yield f"{config.label}.{function_name}", function


OPERATIONS = dict(operations())


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_take_their_arguments_by_name(name: str) -> None:
    parameters = inspect.signature(OPERATIONS[name]).parameters.values()
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert not positional, f"{name} takes {positional} by position"


def test_each_deferred_name_is_a_task() -> None:
    from afterscore.kit import jobs

    known = jobs.names() | {"kit.retry_stalled_jobs", "kit.delete_old_jobs"}
    for path, tree in modules():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "defer"
                and ast.unparse(node.func.value).endswith("jobs")  # rows can be deferred, too
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                assert node.args[0].value in known, f"{path.name} defers {node.args[0].value!r}"


def test_the_schedule_names_tasks_that_exist() -> None:
    from procrastinate.contrib.django import app

    from afterscore.config.schedule import PERIODIC

    for names in PERIODIC.values():
        for name in names:
            assert name in app.tasks


def test_subscribers_exist() -> None:
    from afterscore.config.subscribers import SUBSCRIBERS
    from afterscore.domain import events
    from afterscore.journal import registry

    facts = {event.name for event in events.Event.__subclasses__()}
    for fact, paths in SUBSCRIBERS.items():
        assert fact in facts, f"nobody records {fact}"
        for path in paths:
            assert callable(registry.load(path))
