"""A stranger with the definitions and a CSV recomputes the figures in SQL and gets the same numbers."""

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import duckdb
import pytest

from tests.integration.figures.in_sql import HERE, counted_anew
from tests.integration.figures.town import Town, town
from tests.unit.figures.asked import asked, counts, flows, known, measures

ON = "2024-11-15"
WINDOW = ("2022-01-01", "2024-10-01")
FOLD = (HERE / "fold.sql").read_text()


@pytest.fixture(scope="module", params=[1, 2])
def people(request: pytest.FixtureRequest) -> Town:
    return town(700, seed=request.param)


@pytest.fixture(scope="module")
def raw(people: Town) -> Iterator[duckdb.DuckDBPyConnection]:
    """Closures that SQL made from a CSV of the facts as they were published."""
    with counted_anew(people.lines()) as connection:
        yield connection


@pytest.fixture(scope="module")
def rows(people: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same tables from a CSV of what the fold of the product says."""
    columns = {
        "person": "VARCHAR", "closure_number": "INTEGER", "region": "VARCHAR", "accommodation": "VARCHAR",
        "started_on": "DATE", "ended_on": "DATE", "how": "VARCHAR",
    }  # fmt: skip
    file = tmp_path_factory.mktemp("csv") / "lines.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([tuple(columns), *_placements(people)])
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE chained AS"
            " SELECT *, coalesce(lag(accommodation) OVER w <> accommodation, false) AS doorplaatsing,"
            " row_number() OVER (PARTITION BY person ORDER BY closure_number, started_on) AS place"
            " FROM read_csv(?, header = true, columns = ?)"
            " WINDOW w AS (PARTITION BY person, closure_number ORDER BY started_on)",
            [str(file), columns],
        )
        connection.execute(FOLD[FOLD.index("CREATE TABLE closures") :])
        yield connection


@pytest.fixture(params=["raw", "rows"])
def sql(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    return request.getfixturevalue(request.param)


def _placements(people: Town) -> Iterator[list[object]]:
    ends = {"Moved": "moved", "Superseded": "inferred", "NoneType": "open"}
    for dossier in people.dossiers:
        for closure in dossier.closures:
            for stay in closure.placements:
                how = ends.get(type(stay.end).__name__)
                if how is None:
                    how = "deceased" if stay.end.destination == "deceased" else "discharged"
                place = (stay.region, stay.accommodation, stay.started_on, stay.ended_on)
                yield [dossier.person, closure.number, *place, how]


def one(sql: duckdb.DuckDBPyConnection, query: str, **values: object) -> tuple:
    """The only row of a query."""
    found = sql.execute(query, values or None).fetchall()
    assert len(found) == 1
    return found[0]


def a_b() -> dict[str, object]:
    return {"a": date.fromisoformat(WINDOW[0]), "b": date.fromisoformat(WINDOW[1])}


def test_the_town_has_everything_in_it(people: Town) -> None:
    codes = {flag.code for dossier in people.dossiers for flag in dossier.flags}
    assert {"F2", "F3", "F20"} <= codes
    assert sum(len(dossier.closures) for dossier in people.dossiers) > 800


def test_stock(sql: duckdb.DuckDBPyConnection, people: Town) -> None:
    by_region = sql.execute(
        "SELECT region, count(*), count(*) FILTER ($on - started_on >= 365) FROM closures"
        " WHERE started_on <= $on AND (ended_on IS NULL OR ended_on > $on) GROUP BY region",
        {"on": date.fromisoformat(ON)},
    ).fetchall()
    found = asked("stock", known(*people.dossiers), on=ON, split="region")
    open_in = {key[0]: count for key, count in counts(found, "elapsed").items() if key[0].startswith("JZ")}
    assert open_in.keys() == {region for region, _, _ in by_region}
    assert found.n == sum(count for _, count, _ in by_region) > 50
    (table,) = [table for table in found.tables if table.name == "elapsed"]
    for region, count, long in by_region:
        bands = {band: number for (where, band), number in table.counts.items() if where == region}
        assert sum(bands.values()) == count
        assert sum(number for band, number in bands.items() if band in ("365-547", "548-729", "730+")) == long


@pytest.mark.parametrize("of", ["closures", "placements"])
def test_flow(sql: duckdb.DuckDBPyConnection, people: Town, of: str) -> None:
    row = one(
        sql,
        "SELECT count(*) FILTER (started_on < $a AND (ended_on IS NULL OR ended_on >= $a)),"
        " count(*) FILTER (started_on >= $a AND started_on < $b),"
        " count(*) FILTER (ended_on >= $a AND ended_on < $b),"
        " count(*) FILTER (started_on < $b AND (ended_on IS NULL OR ended_on >= $b)) FROM "
        + {"closures": "closures", "placements": "chained"}[of],
        **a_b(),
    )
    assert flows(asked("flow", known(*people.dossiers), on=ON, window=WINDOW, of=of)) == [row]


@pytest.mark.parametrize("of", ["closures", "placements"])
def test_exits(sql: duckdb.DuckDBPyConnection, people: Town, of: str) -> None:
    n, total, middle, p90, short, long = one(
        sql,
        "SELECT count(*), sum(ended_on - started_on), median(ended_on - started_on),"
        " quantile_disc(ended_on - started_on, 0.9),"
        " count(*) FILTER (ended_on - started_on < 30), count(*) FILTER (ended_on - started_on > 365) FROM "
        + {"closures": "closures", "placements": "chained"}[of]
        + " WHERE ended_on >= $a AND ended_on < $b",
        **a_b(),
    )
    found = asked("exits", known(*people.dossiers), on=ON, window=WINDOW, of=of)
    row = measures(found, "days")[None]
    assert (row["n"], row["mean"], float(row["median"]), row["p90"]) == (n, Fraction(int(total), n), middle, p90)
    lengths = counts(found, "length")
    assert (lengths["under-30"], lengths["over-365"]) == (short, long)


def test_doorplaatsingen(sql: duckdb.DuckDBPyConnection, people: Town) -> None:
    (moves,) = one(
        sql, "SELECT count(*) FROM chained WHERE doorplaatsing AND started_on >= $a AND started_on < $b", **a_b()
    )
    (care,) = one(
        sql,
        "SELECT sum(greatest(0, least(coalesce(ended_on, $b), $b) - greatest(started_on, $a))) FROM chained",
        **a_b(),
    )
    times = sql.execute(
        "SELECT least(doorplaatsingen, 3), count(*) FROM closures WHERE ended_on >= $a AND ended_on < $b GROUP BY 1",
        a_b(),
    ).fetchall()
    found = asked("doorplaatsing", known(*people.dossiers), on=ON, window=WINDOW)
    assert found.n == moves > 50
    assert measures(found, "rate")[None]["per1000Days"] == Fraction(moves * 1000, int(care))
    assert counts(found, "times") == {str(number) if number < 3 else "3+": count for number, count in times}


@pytest.mark.parametrize("h", [30, 90, 180, 365])
def test_replacement(sql: duckdb.DuckDBPyConnection, people: Town, h: int) -> None:
    row = one(
        sql,
        "WITH after AS ("
        " SELECT *, lead(started_on) OVER (PARTITION BY person ORDER BY started_on) AS back FROM closures)"
        " SELECT count(*) FILTER (back - ended_on <= $h), count(*) FROM after"
        " WHERE how = 'discharged' AND ended_on >= $a AND ended_on < $b AND ended_on + $h <= $on",
        **a_b(),
        h=h,
        on=date.fromisoformat(ON),
    )
    found = asked("replacement", known(*people.dossiers), on=ON, window=WINDOW)
    assert measures(found, "full-follow-up")[h]["replaced"] == row
    assert row[0] > 5


def test_care_days(sql: duckdb.DuckDBPyConnection, people: Town) -> None:
    (care,) = one(
        sql,
        "SELECT sum(greatest(0, least(coalesce(ended_on, $b), $b) - greatest(started_on, $a))) FROM chained",
        **a_b(),
    )
    found = asked("care-days", known(*people.dossiers), on=ON, window=WINDOW)
    assert measures(found, "care-days")[None]["careDays"] == care
