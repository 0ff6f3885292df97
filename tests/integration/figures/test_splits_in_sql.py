"""Stock, title, doorplaatsing, re-placement, entry view and path in each part of each split, counted anew in SQL."""

from datetime import date, timedelta

import pytest

from tests.integration.figures.in_sql import Asked, counts
from tests.integration.figures.test_course_in_sql import SPLITS
from tests.unit.figures.asked import measures

OF_A_PLACEMENT = SPLITS | {
    "provider": "provider_of(accommodation)",
    "sex": "coalesce(said->>'sex', 'unknown')",
    "age": "age_of(said->>'birth_month', day)",
}
"""How SQL says by what placements are split."""
OF_A_LINK = OF_A_PLACEMENT | {
    "age": "age_of(said->>'birth_month', started_on)",
    "title": "title_on(person, started_on)",
}
"""A link is split as the placement that was left was when it began."""
IN_WINDOW = "day >= a AND day < b AND day <= d"
BANDS = (
    "CASE WHEN days < 91 THEN '0-90' WHEN days < 183 THEN '91-182' WHEN days < 274 THEN '183-273'"
    " WHEN days < 365 THEN '274-364' WHEN days < 548 THEN '365-547' WHEN days < 730 THEN '548-729' ELSE '730+' END"
)
FRAMES = "CASE WHEN frame IS NULL THEN 'unknown' WHEN frame = 'consent' THEN 'without-measure' ELSE 'measure' END"
BEFORE = (
    "CASE WHEN left_on IS NULL THEN 'first' WHEN started_on - left_on BETWEEN 1 AND 1826 THEN 'repeated'"
    " ELSE 'adjoining' END"
)
STARTED = "(SELECT * REPLACE (started_on AS day) FROM returns)"
KINDS = {
    "how long so far": ("stock", "elapsed", SPLITS, BANDS, "stock", "true"),
    "inside or between": ("stock", "open", SPLITS, "state", "stock", "true"),
    "on what machtiging": ("title", "began-on", SPLITS, "kind", "began", "true"),
    "with a measure": ("title", "measure", SPLITS, FRAMES, "began", "true"),
    "how placements ended": ("doorplaatsing", "ends", OF_A_PLACEMENT, "became", "ends", IN_WINDOW),
    "to whom": ("doorplaatsing", "kind", OF_A_LINK, "kind", "links", IN_WINDOW),
    "how soon": (
        "doorplaatsing", "soon", OF_A_LINK, "if(day - began_on <= 30, 'within-30-days', 'later')", "links", IN_WINDOW,
    ),
    "how often": (
        "doorplaatsing", "times", SPLITS, "if(doorplaatsingen < 3, doorplaatsingen::VARCHAR, '3+')", "times", "true",
    ),
    "who had been there": ("replacement", "repeated-use", SPLITS, BEFORE, STARTED, IN_WINDOW),
}  # fmt: skip
"""Figure and table, how SQL says the parts, the kinds and from which rows."""


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("split", SPLITS)
def test_kinds_in_each_part(it: Asked, what: str, split: str) -> None:
    figure, table, parts, kind, rows, where = KINDS[what]
    expected = it.counted(
        f"SELECT {parts[split]} AS part, {kind} AS kind, count(*) FROM {rows} AS rows, question WHERE {where}"
        " GROUP BY ALL"
    )
    assert counts(it.figure(figure, split=split), table) == expected
    assert sum(expected.values()) > 20


@pytest.mark.parametrize("split", SPLITS)
def test_nights_without_title_in_each_part(it: Asked, split: str) -> None:
    found = it.figure("title", split=split)
    rows = it.rows(
        f"SELECT {SPLITS[split]} AS part, count(*) FILTER (uncovered > 0), count(*), sum(uncovered)::INT,"
        " sum(nights)::INT FROM nights AS rows GROUP BY ALL"
    )
    for part, concerned, all_of_them, uncovered, nights in rows:
        row = measures(found, "nights", key=(part,))[None]
        assert (row["concerned"], row["uncovered"], row["nights"]) == ((concerned, all_of_them), uncovered, nights)
    assert sum(row[3] for row in rows) > 1000


@pytest.mark.parametrize("split", SPLITS)
def test_who_came_back_of_those_discharged_in_each_part(it: Asked, split: str) -> None:
    found = it.figure("replacement", split=split)
    rows = it.rows(
        f"SELECT {SPLITS[split]} AS part, h, count(*) FILTER (back_on - ended_on <= h), count(*)"
        " FROM returns AS rows, question, unnest([30, 90, 180, 365]) AS lengths(h)"
        f" WHERE NOT died AND how <> 'moved' AND {IN_WINDOW} AND ended_on + h <= d GROUP BY ALL"
    )
    for part, h, back, all_of_them in rows:
        assert measures(found, "full-follow-up", key=(part,))[h]["replaced"] == (back, all_of_them)
    assert len(rows) > 3


@pytest.mark.parametrize("of", ["closures", "placements"])
def test_who_is_at_risk_on_each_day_after_a_source_began_to_observe(it: Asked, of: str) -> None:
    curve = measures(it.figure("entry-duration", of=of), "curve")
    assert {day: (row["atRisk"], row["ended"], row["censored"]) for day, row in curve.items()} == {
        day: tuple(row) for day, *row in it.rows(f"FROM curve('{of}') WHERE ended + censored > 0")
    }
    assert it.rows(f"SELECT count(*) > 0 FROM lasts WHERE of = '{of}' AND entry > 0") == [(it.on != "2024-09-17",)]


def test_placements_of_twelve_months_on_the_path(it: Asked) -> None:
    path = measures(it.figure("path-to-zero"), "path")
    assert len(path) > 2
    for day, row in path.items():
        assert [(row["placements"],)] == it.rows(f"SELECT placements_before(DATE '{day}')")
        years = (day - date(2023, 1, 1)) / (date(2031, 1, 1) - date(2023, 1, 1))
        assert float(row["target"]) == pytest.approx(989 * (1 - years))
        assert row["deviation"] == row["placements"] - row["target"]
    assert max(path) == date.fromisoformat(it.on) + timedelta(days=1)
