"""The table of ARCHITECTURE.md that says which room may import what, and what breaks it."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from tests.house.source import File, imports

HEADING = "## Who may import whom"


def table(page: str) -> Mapping[str, frozenset[str]]:
    """Rooms in the order of the page, each with what it may import: `third-party`, a package, or a room."""
    section = page.split(HEADING, 1)[1].split("\n## ", 1)[0]
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in section.splitlines() if "|" in line
    ]
    assert rows[0] == ["room", "may import"], f"the table under {HEADING} has the columns: room, may import"
    return {room: frozenset(re.findall(r"[\w/-]+", allowed)) for room, allowed in rows[2:]}


def violations(file: File, rules: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Each import of the file that the first row that fits it does not allow."""
    room = next((room for room in rules if _within(file.path.removesuffix(".py"), room)), None)
    for name, node in imports(file):
        if room is None or not _allowed(name, rules[room]):
            yield f"{file.path}:{node.lineno}: {room or 'a file in no room of the table'} may not import {name}"


def circles(project: Sequence[File]) -> Iterator[str]:
    """Each circle of imports between the files, once."""
    known = {file.module for file in project}
    edges = {file.module: {target for name, _ in imports(file) if (target := _target(name, known))} for file in project}
    done: set[str] = set()
    for start in sorted(edges):
        yield from _circles_from(start, edges, trail=[], done=done)


def _circles_from(module: str, edges: Mapping[str, set[str]], *, trail: list[str], done: set[str]) -> Iterator[str]:
    if module in trail:
        yield " -> ".join([*trail[trail.index(module) :], module])
    elif module not in done:
        for target in sorted(edges[module] - {module}):
            yield from _circles_from(target, edges, trail=[*trail, module], done=done)
        done.add(module)


def _target(name: str, known: set[str]) -> str | None:
    module = name if name in known else name.rpartition(".")[0]
    return module if module in known else None


def _allowed(name: str, allowed: frozenset[str]) -> bool:
    package = name.partition(".")[0]
    path = name.replace(".", "/")
    if package in sys.stdlib_module_names or any(_within(path, room) for room in allowed):
        return True
    return "third-party" in allowed and package not in ("shared", "services", "tests")


def _within(path: str, room: str) -> bool:
    return path == room or path.startswith(f"{room}/")
