"""Asks for many values with one parameter: a statement that is the same however many they are, and costs as little."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Many(TypeDecorator[Collection[Any]]):
    """Values of one type: an array for PostgreSQL, JSON for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class among(FunctionElement[bool]):  # noqa: N801 - it reads as a function of SQL, as those of SQLAlchemy do
    """`among(column, "people")`: whether the column has one of the values that the statement is given as `people`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], values: str) -> None:
        super().__init__(column, bindparam(values, type_=_Many(column.type)))

    def self_group(self, against: object = None) -> Any:
        """As it is: SQLAlchemy would compare it to 1 for SQLite, which then finds no index for it."""
        return self


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - no values, they are a parameter


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"
