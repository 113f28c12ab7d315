"""Rows of a space: key that starts with the space, relations that cannot leave it (architecture 3.11)."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint
from django.db.models.fields.related import ForeignObject

from apps.common.ids import uuid7
from apps.spaces.models.space import HealthSpace

Deconstructed = tuple[str, str, list[Any], dict[str, Any]]


class SpaceOwned(models.Model):
    """A row of one health space. Its key starts with the space, so a table can be partitioned or distributed by space.

    Trap: assigning a related object also overwrites `space_id`; create rows with `<relation>_id=`.
    """

    pk = models.CompositePrimaryKey("space_id", "id")
    space = models.ForeignKey(HealthSpace, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True


class SpaceRelation(ForeignObject):  # type: ignore[type-arg]
    """Many-to-one between two rows of the same space, joined on (space_id, <column>)."""

    def __init__(self, to: str | type[models.Model], on_delete: Any, *, column: str, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        self.column_in_space = column
        kwargs.setdefault("from_fields", ["space_id", column])
        kwargs.setdefault("to_fields", ["space_id", "id"])
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Deconstructed:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["from_fields"], kwargs["to_fields"]
        return name, path, list(args), {**kwargs, "column": self.column_in_space}


class SameSpace(BaseConstraint):
    """Foreign key on (space_id, column): the database refuses a row that points into another space.

    `to` is the label of the model that the pair points to. Deferred to the commit, like Django's own foreign keys.
    """

    def __init__(self, *, column: str, to: str, name: str) -> None:
        super().__init__(name=name)
        self.column = column
        self.to = to

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The clause inside CREATE TABLE or ALTER TABLE; empty without a model."""
        if model is None or schema_editor is None:
            return ""
        apps: Apps = model._meta.apps
        quote = schema_editor.quote_name
        target = quote(apps.get_model(self.to)._meta.db_table)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('space_id')}, {quote(self.column)}) "
            f"REFERENCES {target} ({quote('space_id')}, {quote('id')}) DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        if model is None or schema_editor is None:
            return ""
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        if model is None or schema_editor is None:
            return ""
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401  the database alone can know
        """Nothing to check in Python."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameSpace) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.column, self.to))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, "column": self.column, "to": self.to}
