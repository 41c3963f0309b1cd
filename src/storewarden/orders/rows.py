"""Many rows into one table by one prepared statement.

`bulk_create` makes a model object of every row and prepares each of its values
by itself; for a page of orders that cost more than reading and keeping it.
Values here come ready for the driver: `as_id`, `as_time` and `as_json` make
them so, for SQLite and for PostgreSQL.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Model

Value = str | int | UUID | datetime | None
Row = Mapping[str, Value]
"""A value for each column of the table, except its id."""


def insert(model: type[Model], rows: Sequence[Row]) -> None:
    """Add rows to the model's table."""
    _run(_insert_sql(model), rows)


def upsert(
    model: type[Model], rows: Sequence[Row], *, unique: tuple[str, ...], kept: tuple[str, ...] = ()
) -> None:
    """Add rows; where one with the same `unique` columns is there, overwrite all but `kept`."""
    _run(_upsert_sql(model, unique, kept), rows)


def as_id(key: UUID) -> Value:
    """The key of a row that is named by a UUID, as this database keeps it."""
    return key if connection.features.has_native_uuid_field else key.hex


def as_time(moment: datetime | None) -> Value:
    """An aware time as this database keeps it."""
    if moment is None:
        return None
    kept: Value = connection.ops.adapt_datetimefield_value(moment)
    return kept


def as_json(value: object) -> str:
    """A value of a JSONField as this database takes it."""
    return msgspec.json.encode(value).decode()


def _run(sql: str, rows: Sequence[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


@cache
def _insert_sql(model: type[Model]) -> str:
    columns = _columns(model)
    names = ", ".join(_quoted(column) for column in columns)
    marks = ", ".join(f"%({column})s" for column in columns)
    # The names are the model's own; every value is bound.
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - see above


@cache
def _upsert_sql(model: type[Model], unique: tuple[str, ...], kept: tuple[str, ...]) -> str:
    overwritten = [one for one in _columns(model) if one not in (*unique, *kept)]
    changes = ", ".join(f"{_quoted(one)} = EXCLUDED.{_quoted(one)}" for one in overwritten)
    target = ", ".join(_quoted(one) for one in unique)
    return f"{_insert_sql(model)} ON CONFLICT ({target}) DO UPDATE SET {changes}"


def _columns(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.column for field in fields if field.column and not field.primary_key]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
