"""How late facts come: by hand, by what the sources say, as known and on a date, and as everybody may see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.publication import disclosed
from services.monitor.figures.quality import DELAYS, LATE, delay_of, last_heard
from services.monitor.history.known import Told
from shared.facts.oddities import LATE_DAYS
from tests.unit.dossier.given import d, folded, start
from tests.unit.figures.asked import asked, counts, known, measures

SOURCE, OTHER = "urn:nld:kvknr:12345678:systeem:ecd", "urn:nld:kvknr:87654321:systeem:ecd"
MARCH = ("2024-03-01", "2024-04-01")
NOW = datetime(2024, 4, 10, 12, tzinfo=UTC)


def told(*facts: tuple[str, str, int, int]) -> tuple[Told, ...]:
    return tuple(Told(source, d(on), later, count) for source, on, later, count in facts)


EXAMPLE = replace(
    known(at=NOW), told=told((SOURCE, "2024-03-02", 0, 1), (SOURCE, "2024-03-03", 11, 1), (OTHER, "2024-03-10", 129, 1))
)


def test_the_worked_example() -> None:
    found = asked("data-quality", EXAMPLE, on="2024-04-05", window=MARCH)
    assert (found.n, counts(found, "delay")) == (3, {"0-2": 1, "8-30": 1, LATE: 1})
    shown = disclosed(found, EXAMPLE, to=Audience.INSIDE).table("delay")
    assert shown.cell("share", days=LATE).value == Fraction(1, 3)
    assert shown.cell("atLeast", days="8-30").value == 2


@pytest.mark.parametrize(
    ("later", "delay"),
    [(-400, "0-2"), (2, "0-2"), (3, "3-7"), (7, "3-7"), (8, "8-30"), (31, "31-90"), (LATE_DAYS, "31-90"),
     (LATE_DAYS + 1, LATE)],
)  # fmt: skip
def test_late_begins_where_the_flag_does(later: int, delay: str) -> None:
    assert delay_of(later) == delay
    assert (delay == LATE) == (later > LATE_DAYS)


def test_only_what_was_recorded_in_the_window_and_up_to_the_date_counts() -> None:
    facts = told(*((SOURCE, on, 0, 1) for on in ("2024-02-29", "2024-03-01", "2024-03-15", "2024-03-16", "2024-04-01")))
    everything = replace(known(at=NOW), told=facts)
    assert asked("data-quality", everything, on="2024-03-15", window=MARCH).n == 2
    assert asked("data-quality", everything, on="2024-04-10", window=MARCH).n == 3


def test_each_source_has_its_late_share_and_the_day_on_which_it_was_last_heard() -> None:
    heard = {SOURCE: ((d("2024-01-01"), d("2024-03-21")),), OTHER: ((d("2024-03-30"), d("2024-05-01")),), "new": ()}
    found = asked("data-quality", replace(EXAMPLE, heard=heard), on="2024-03-31", window=MARCH)
    rows = measures(found, "sources")
    assert rows[SOURCE] == {
        "n": 2, "facts": 2, "late": 0, "share": Fraction(0), "lastHeard": "2024-03-20", "silentDays": 11
    }  # fmt: skip
    assert (rows[OTHER]["share"], rows[OTHER]["silentDays"]) == (Fraction(1), 0)
    assert "new" not in rows


def test_a_source_that_was_heard_only_after_the_date_was_not_heard() -> None:
    assert last_heard({SOURCE: [(date(2024, 5, 1), date(2024, 5, 2))]}, date(2024, 4, 1)) == {}
    assert last_heard({SOURCE: [(date(2024, 3, 1), date(2024, 5, 2))]}, date(2024, 4, 1)) == {SOURCE: date(2024, 4, 1)}


def test_everybody_sees_rounded_counts_no_share_of_a_few_and_no_source() -> None:
    facts = told((SOURCE, "2024-03-02", 0, 87), (SOURCE, "2024-03-02", 5, 31), (SOURCE, "2024-03-03", 200, 4))
    heard = replace(known(at=NOW), told=facts)
    shown = disclosed(asked("data-quality", heard, on="2024-04-05", window=MARCH), heard, to=Audience.OUTSIDE)
    assert [table.name for table in shown.tables] == ["delay", "flags"]
    delay = shown.table("delay")
    assert delay.cell("count", days=LATE).status == delay.cell("share", days=LATE).status == "too-small"
    cells = [delay.cell(column, days=name) for column in ("count", "share") for name in DELAYS]
    assert all(cell.status != "exact" for cell in cells)
    assert shown.n.value == 120


def test_a_flag_about_a_person_is_counted_and_is_a_case() -> None:
    person = folded(start("P1", "2024-01-10", at="nowhere"))
    found = asked("data-quality", [person], on="2024-04-05", window=MARCH)
    assert counts(found, "flags")["F10"] == 1
    assert {(case.kind, case.flags) for case in found.cases} >= {("flag", ("F10",))}
    assert found.cases[0].started_on <= d("2024-04-05") - timedelta(0)
