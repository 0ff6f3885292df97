"""Lets a process die at a chosen statement of a chosen database."""

from collections.abc import Iterator

from sqlalchemy import Engine, event


class CrashError(Exception):
    """The process dies here."""


def crashing(engine: Engine, *, at: int) -> Iterator[None]:
    """Every statement and the commit are counted; the chosen one does not happen."""
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            raise CrashError

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", step)
        event.remove(engine, "commit", step)
