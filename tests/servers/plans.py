"""What the databases are about to do for a statement, as they say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[str]]:
    """The steps of every statement that this engine executes meanwhile."""
    steps: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if not many and not statement.startswith("SET"):  # Neither rows that are inserted, nor a setting, have a plan.
            explained = cursor.connection.cursor().execute(f"{_EXPLAIN[connection.dialect.name]} {statement}", given)
            steps.extend(str(row[-1]) for row in explained)

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield steps
    finally:
        event.remove(engine, "before_cursor_execute", explain)
