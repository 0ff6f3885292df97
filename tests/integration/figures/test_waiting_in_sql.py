"""A stranger with the definitions and a CSV of facts recomputes in SQL who waits, in each part of the split."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Answer
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import discharged, folded, referral_closed, referred, start
from tests.unit.figures.asked import asked, counts, known, measures

ON, A, B = "2024-10-01", "2024-01-01", "2024-09-01"
REGIONS = ("JZ01", "JZ07", "JZ24", "JZ41")
COLUMNS = {
    "name": "VARCHAR", "person": "VARCHAR", "referral": "VARCHAR", "happened_on": "DATE", "region": "VARCHAR",
    "sex": "VARCHAR", "requested": "VARCHAR",
}  # fmt: skip

WAITS = """
CREATE TABLE waits AS
WITH referrals AS (
  SELECT * FROM facts WHERE name = 'referral-registered' AND requested IN ('gesloten', 'besloten', 'hybride')
), ends AS (
  SELECT r.person, r.referral,
    (SELECT min(happened_on) FROM facts AS p
      WHERE p.name = 'placement-started' AND p.person = r.person AND p.happened_on >= r.happened_on) AS placed_on,
    (SELECT min(happened_on) FROM facts AS c
      WHERE c.name = 'referral-closed' AND c.person = r.person AND c.referral = r.referral
        AND c.happened_on >= r.happened_on) AS closed_on,
    (SELECT max_by(s.sex, s.happened_on) FROM facts AS s
      WHERE s.person = r.person AND s.sex IS NOT NULL AND (
        s.name = 'referral-registered' AND s.happened_on <= r.happened_on
        OR s.name = 'placement-started' AND s.happened_on < r.happened_on)) AS said
  FROM referrals AS r
)
SELECT r.person, r.referral, r.region, coalesce(r.sex, said, 'unknown') AS sex, r.happened_on AS since_on,
  least(placed_on, closed_on) AS ended_on,
  placed_on IS NOT NULL AND placed_on <= coalesce(closed_on, placed_on) AS placed
FROM referrals AS r JOIN ends USING (person, referral)
"""
STANDS = """
SELECT {by}, CASE WHEN ended_on IS NULL OR ended_on > $on THEN 'waiting' WHEN placed THEN 'placed' ELSE 'withdrawn' END
  AS stands, count(*) FROM waits WHERE since_on >= $a AND since_on < $b GROUP BY ALL
"""
LENGTHS = """
SELECT {by}, CASE WHEN $on - since_on <= 7 THEN '0-7' WHEN $on - since_on <= 28 THEN '8-28'
  WHEN $on - since_on <= 63 THEN '29-63' ELSE '64+' END AS days, count(*)
FROM waits WHERE since_on <= $on AND (ended_on IS NULL OR ended_on > $on) GROUP BY ALL
"""
LASTED = """
SELECT {by}, count(*), median(ended_on - since_on), quantile_disc(ended_on - since_on, 0.9)
FROM waits WHERE since_on >= $a AND since_on < $b AND placed AND ended_on <= $on GROUP BY ALL
"""


def course(person: str, random: Random) -> list[AcceptedEvent]:
    """One or two referrals a year apart, each closed, placed, both or neither; half of them do not say the sex."""
    facts, day = [], date(2023, 2, 1) + timedelta(days=random.randrange(500))
    for number in range(random.choice((1, 1, 2))):
        key = f"{person}-{number}"
        sex = {"sex": random.choice("mfx")} if random.random() < 0.5 else {}
        asks = random.choice(("gesloten", "besloten", "open"))
        facts.append(referred(key, str(day), person=person, region=random.choice(REGIONS), requested=asks, **sex))
        if random.random() < 0.5:
            placed = day + timedelta(days=random.randrange(60))
            facts.append(start(key, str(placed), person=person, region="JZ13", sex=random.choice("mfx")))
            facts.append(discharged(key, str(placed + timedelta(days=random.randrange(1, 30))), person=person))
        if random.random() < 0.4:
            facts.append(referral_closed(key, str(day + timedelta(days=random.randrange(80))), person=person))
        day += timedelta(days=random.randrange(100, 300))
    return facts


@pytest.fixture(scope="module")
def town() -> tuple[list[AcceptedEvent], list[Dossier]]:
    random, facts, dossiers = Random(7), [], []
    for number in range(600):
        person = f"young-person-{number:05d}"
        own = course(person, random)
        dossiers.append(folded(*own, person=person))
        facts += own
    return facts, dossiers


@pytest.fixture(scope="module")
def sql(town: tuple[list[AcceptedEvent], list[Dossier]], tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    file: Path = tmp_path_factory.mktemp("csv") / "facts.csv"
    with file.open("w", newline="") as opened:
        lines = csv.DictWriter(opened, COLUMNS, extrasaction="ignore")
        lines.writeheader()
        for fact in town[0]:
            said = fact.data.model_dump(mode="json")
            happened_on = said.get("referred_on") or said.get("closed_on") or said.get("started_on")
            lines.writerow(said | {"name": fact.data.fact_name, "person": fact.subject, "happened_on": happened_on})
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE facts AS SELECT * FROM read_csv(?, header = true, columns = ?)", [str(file), COLUMNS]
        )
        connection.execute(WAITS)
        yield connection


def rows(sql: duckdb.DuckDBPyConnection, query: str, by: str) -> dict[tuple, tuple]:
    """The rows of a query by their first two columns, or by the first where the others are numbers."""
    values = {"on": ON, "a": A, "b": B}
    typed = {name: date.fromisoformat(value) for name, value in values.items() if f"${name}" in query}
    return {
        tuple(one for one in row if isinstance(one, str)): row
        for row in sql.execute(query.format(by=by), typed).fetchall()
    }


def answer(town: tuple[list[AcceptedEvent], list[Dossier]], by: str) -> Answer:
    return asked("waiting", known(*town[1]), on=ON, window=(A, B), split=by)


@pytest.mark.parametrize("by", ["region", "sex"])
def test_who_began_to_wait_and_who_waits_now(sql, town, by: str) -> None:
    found, groups = answer(town, by), set(REGIONS) | {"m", "f", "x", "unknown"}
    for query, table in ((STANDS, "ends"), (LENGTHS, "waiting")):
        expected = {key: row[-1] for key, row in rows(sql, query, by).items()}
        assert {key: n for key, n in counts(found, table).items() if key[0] in groups} == expected
        assert len(expected) >= 8


@pytest.mark.parametrize("by", ["region", "sex"])
def test_how_long_those_placed_had_waited(sql, town, by: str) -> None:
    found = answer(town, by)
    for (group,), (_, n, middle, most) in rows(sql, LASTED, by).items():
        (row,) = measures(found, "placed", key=(group,)).values()
        assert (row["n"], float(row["median"]), row["p90"]) == (n, middle, most)
