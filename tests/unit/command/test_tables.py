"""Tables of a command: nothing of what is in them is left out, wherever they go."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from services.command import reports
from shared.publishers.registry import Publisher

SOURCE = "urn:nld:oin:00000001001234567890:systeem:client-volg-systeem-van-een-instelling"


def test_a_table_that_goes_to_a_file_has_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    everything = frozenset({SOURCE})
    one = Publisher(
        "my-institution", everything, frozenset({"*"}), frozenset({"schakenbosch"}), frozenset({"facts:write"})
    )
    reports.publishers([one], {}, as_json=False)
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["name", "sources", "facts", "accommodations", "scopes", "clients"]
    assert line.split() == ["my-institution", SOURCE, "*", "schakenbosch", "facts:write"]


def test_what_does_not_fit_on_a_terminal_goes_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    narrow = Console(file=written, force_terminal=True, width=40, markup=False, color_system=None)
    monkeypatch.setattr(reports, "Console", lambda **_options: narrow)
    table = Table("name", "source", box=None)
    table.add_row("[b]ecd", SOURCE)
    reports.table_of(table)
    pieces = [line.split()[-1] for line in written.getvalue().splitlines()[1:]]
    assert "".join(pieces) == SOURCE
    assert "[b]ecd" in written.getvalue()
