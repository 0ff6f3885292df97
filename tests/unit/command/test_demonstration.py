"""What a demo shows while it tells the history of its country."""

from datetime import UTC, date, datetime, time

import pytest

from services.command.demonstration import Shown
from services.simulator.history import Sent

DAYS = (date(2013, 12, 30), date(2013, 12, 31), date(2014, 1, 2), date(2014, 1, 3))


@pytest.mark.parametrize(("as_json", "lines"), [(False, ["The history of a country: 2014, 2 facts"]), (True, [])])
def test_where_no_terminal_shows_the_bar_each_year_is_a_line(
    as_json: bool, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    sent = [Sent("a court", datetime.combine(day, time(12), UTC), "{}") for day in DAYS]

    shown = Shown(as_json=as_json)
    for one in shown.watched(sent, until=date(2015, 1, 1)):
        shown.count(1)
        assert one in sent

    assert capsys.readouterr().err.splitlines() == lines
