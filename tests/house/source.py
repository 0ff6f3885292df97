"""The project's own Python files, parsed once: what the house rules are asked of."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class File:
    """One Python file."""

    path: str
    """From the project's root, with slashes."""
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """Its name for an import."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def files(*roots: str) -> Sequence[File]:
    """All Python files under these folders of the project."""
    paths = sorted(path for root in roots for path in (PROJECT / root).rglob("*.py"))
    return tuple(parse(path.relative_to(PROJECT).as_posix(), path.read_text()) for path in paths)


def parse(path: str, text: str) -> File:
    """A file with this content."""
    return File(path, text, ast.parse(text))


def imports(file: File) -> Iterator[tuple[str, ast.stmt]]:
    """Each module (or name in a module, with a dot) that the file imports, anywhere in it."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.path}:{node.lineno}: write the import in full"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)
