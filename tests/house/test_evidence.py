"""Pages that name tests as evidence: every test that they name exists, and the OWASP page leaves nothing out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import PROJECT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PAGES = sorted(page for page in (PROJECT / "docs").glob("*.md") if "::" in page.read_text())

OWASP = PROJECT / "docs" / "owasp.md"
TOP_TEN = (
    "API1:2023 Broken object level authorization",
    "API2:2023 Broken authentication",
    "API3:2023 Broken object property level authorization",
    "API4:2023 Unrestricted resource consumption",
    "API5:2023 Broken function level authorization",
    "API6:2023 Unrestricted access to sensitive business flows",
    "API7:2023 Server side request forgery",
    "API8:2023 Security misconfiguration",
    "API9:2023 Improper inventory management",
    "API10:2023 Unsafe consumption of APIs",
)


@cache
def functions_of(file: Path) -> frozenset[str]:
    """The names of the functions of a file."""
    tree = ast.parse(file.read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def missing(text: str) -> list[str]:
    """The tests that a text names and that do not exist."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in functions_of(PROJECT / file)]


def test_the_pages_with_evidence_are_looked_at() -> None:
    assert {"owasp.md", "threats.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    assert missing(text) == []
    assert len(NAMED.findall(text)) == text.count("::"), "a name that is written in another way would not be checked"


def test_a_test_that_does_not_exist_is_found() -> None:
    here = "tests/house/test_evidence.py"
    assert missing(f"`{here}::missing` `{here}::test_that_nobody_wrote`") == [f"{here}::test_that_nobody_wrote"]


def test_each_of_the_owasp_top_ten_has_what_is_done_and_what_is_left() -> None:
    parts = OWASP.read_text().split("\n## ")[1:]
    assert tuple(part.partition("\n")[0] for part in parts) == TOP_TEN
    for part in parts:
        assert NAMED.search(part), part
        assert "\nLeft: " in part, part
