"""What a table says is said whole: a source or a moment that is cut off is another one, or none."""

import re
import sys

import pytest

from services.command import reports, tables
from shared.publishers.registry import Publisher

SOURCE = "urn:nld:kvknr:12345678:systeem:ecd-of-the-second-location"
REASON = "data.kind: Field required [type=missing]"


@pytest.fixture
def made():
    made = tables.table("source", "reason", "decided")
    made.add_row(SOURCE, REASON, "2026-11-30T18:14:17.123456Z")
    return made


def test_where_no_terminal_is_a_row_is_one_line(made, capsys: pytest.CaptureFixture[str]) -> None:
    tables.show(made)
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["source", "reason", "decided"]
    assert row.rstrip() == f"{SOURCE}  {REASON}  2026-11-30T18:14:17.123456Z"


def test_in_a_narrow_terminal_it_goes_on_below(
    made, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    tables.show(made)
    heading, *below = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()
    assert max(map(len, [heading, *below])) <= 40
    reason, decided = heading.index("reason"), heading.index("decided")
    assert "".join(line[:reason].strip() for line in below) == SOURCE
    assert " ".join(line[reason:decided].strip() for line in below).startswith(
        "data.kind: Field required [type=missin g]"
    )
    assert "".join(line[decided:].strip() for line in below) == "2026-11-30T18:14:17.123456Z"


def test_the_list_of_publishers_says_each_source_whole(capsys: pytest.CaptureFixture[str]) -> None:
    bound = (frozenset({SOURCE}), frozenset({"*"}), frozenset({"schakenbosch"}), frozenset({"facts:write"}))
    reports.publishers([Publisher("my-institution", *bound)], {}, as_json=False)
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["name", "sources", "facts", "accommodations", "scopes", "clients"]
    assert line.split() == ["my-institution", SOURCE, "*", "schakenbosch", "facts:write"]


def test_a_sentence_with_square_brackets_is_said_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    reports.say("/backups/[/b]/events.csv")
    assert capsys.readouterr().out == "/backups/[/b]/events.csv\n"
