"""Who may import whom: the table of ARCHITECTURE.md holds, and there are no circles."""

import pytest

from tests.house.import_table import HEADING, circles, table, violations
from tests.house.source import PROJECT, files, parse

PAGE = f"""
# Architecture

{HEADING}

| room | may import |
| --- | --- |
| shared/facts | pydantic, shared/facts |
| shared/calendar | |
| shared | third-party, shared |
| services/intake | third-party, shared, services/intake |

## Decisions

| room | something else |
| --- | --- |
"""


def test_every_file_imports_only_what_its_room_may() -> None:
    rules = table((PROJECT / "ARCHITECTURE.md").read_text())
    assert [line for file in files("shared", "services") for line in violations(file, rules)] == []


def test_there_are_no_circles() -> None:
    assert list(circles(files("shared", "services"))) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("shared/facts/referral.py", "import sqlalchemy"),
        ("shared/facts/referral.py", "from shared.clock import Clock"),
        ("shared/calendar.py", "import pydantic"),
        ("shared/calendar.py", "def later():\n    import redis\n"),
        ("shared/door/body.py", "from services.intake import app"),
        ("services/intake/app.py", "import services.placement"),
        ("services/unheard_of/app.py", "import re"),
    ],
)
def test_a_breach_of_the_table_is_found(path: str, code: str) -> None:
    assert len(list(violations(parse(path, code), table(PAGE)))) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("shared/facts/referral.py", "import re\nfrom pydantic import BaseModel\nfrom shared.facts.fact import Fact"),
        ("shared/calendar.py", "from zoneinfo import ZoneInfo"),
        ("shared/ledger/writer.py", "import sqlalchemy\nfrom shared.clock import Clock"),
        ("services/intake/app.py", "import fastapi\nimport shared.door\nfrom services.intake import facts"),
    ],
)
def test_what_the_table_allows_is_left_alone(path: str, code: str) -> None:
    assert list(violations(parse(path, code), table(PAGE))) == []


def test_a_circle_is_found() -> None:
    project = [
        parse("shared/a.py", "from shared.b import x"),
        parse("shared/b.py", "import shared.c"),
        parse("shared/c.py", "def late():\n    from shared import a\n"),
        parse("shared/__init__.py", ""),
    ]
    assert list(circles(project)) == ["shared.a -> shared.b -> shared.c -> shared.a"]
