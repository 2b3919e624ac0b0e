"""Composite foreign keys: a row can only point at rows of its own workspace."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class SameWorkspace(models.BaseConstraint):
    """`SameWorkspace("contact")`: (workspace_id, contact_id) must exist over there as one pair.

    The target carries the matching unique key (`WorkspaceRow.Meta`). PostgreSQL checks it at
    commit, under every isolation trick: foreign keys ignore row-level security, pairs do not.
    """

    def __init__(self, field: str, *, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def _altered(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        return f"ALTER TABLE {editor.quote_name(model._meta.db_table)}"

    def _definition(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        field = model._meta.get_field(self.field)
        if not isinstance(field, models.ForeignKey) or isinstance(field.related_model, str):
            message = f"{model.__name__}.{self.field} is not a resolved foreign key"
            raise TypeError(message)
        quote, target = editor.quote_name, field.related_model
        return (
            f"CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({quote('workspace_id')}, {quote(f'{self.field}_id')}) "
            f"REFERENCES {quote(target._meta.db_table)} ({quote('workspace_id')}, {quote('id')}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is not None and schema_editor is not None:
            schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            raise TypeError("a model and a schema editor are needed")
        return f"{self._altered(model, schema_editor)} ADD {self._definition(model, schema_editor)}"

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            raise TypeError("a model and a schema editor are needed")
        name = schema_editor.quote_name(self.name)
        return f"{self._altered(model, schema_editor)} DROP CONSTRAINT {name}"

    def validate(self, *_args: Any, **_options: Any) -> None:
        """Left to the database: only it sees the other row at commit."""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SameWorkspace)
            and self.name == other.name
            and self.field == other.field
        )

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def deconstruct(self) -> Any:
        path, _args, options = super().deconstruct()
        return path, (self.field,), options
