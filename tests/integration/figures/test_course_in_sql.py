"""Figures of closures, of what is told around a stay and of places, counted anew in SQL from what was published."""

from fractions import Fraction

import pytest

from services.monitor.history.history import History
from tests.integration.figures.in_sql import Asked, counts, spread, told
from tests.integration.monitor.ledgers import Ledgers
from tests.unit.figures.asked import measures

SPLITS = {
    "region": "region",
    "provider": "provider_on(person, closure_number, day)",
    "sex": "sex_in(person, closure_number)",
    "age": "age_in(person, closure_number, day)",
    "title": "title_on(person, day)",
    "area": "area_of(region)",
}
"""By what closures are split, and how SQL says it."""
KINDS = {
    "destinations": ("groups", "destinations", "destination_group"),
    "origins": ("origins", "origins", "origin"),
    "ready": ("ready", "ready", "needed"),
    "closure-mode": ("closed", "closure_mode", "if(care_days = gesloten, 'every-day', 'not-every-day')"),
    "schooling": ("taught", "schooling", "status"),
    "restrictions": ("concerned", "restrictions", "if(number > 0, 'some', 'none')"),
}
"""Of each figure the table of counts, the table in SQL, and what it counts by."""


def test_the_countries_have_everything_in_them(countries: dict[int, tuple[Ledgers, History]]) -> None:
    dossiers = [dossier for _, history in countries.values() for dossier in history.known_at().dossiers]
    codes = {flag.code for dossier in dossiers for flag in dossier.flags}
    assert codes >= {f"F{number}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 19, 20, 21, 23, 24, 25, 26)}
    assert sum(len(dossier.also) for dossier in dossiers) > 20
    accommodations = [one for _, history in countries.values() for one in history.known_at().register.accommodations]
    assert any(one.shut for one in accommodations)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("split", SPLITS)
def test_closures_are_counted_by_kind_in_each_part(it: Asked, name: str, split: str) -> None:
    table, rows, kind = KINDS[name]
    expected = it.counted(f"SELECT {SPLITS[split]} AS part, {kind} AS kind, count(*) FROM {rows} GROUP BY ALL")
    assert counts(it.figure(name, split=split), table) == expected
    assert len(expected) > 3


CASES = {
    "destinations": "SELECT person, closure_number FROM destinations WHERE destination_group = 'closed-frame'",
    "origins": "SELECT person, closure_number FROM origins WHERE origin_group = 'closed-frame'",
    "ready": "SELECT person, closure_number FROM ready WHERE days IS NOT NULL",
    "ready-days": "SELECT person, closure_number FROM ready_days WHERE ready_days > 0",
    "closure-mode": "SELECT person, closure_number FROM closure_mode WHERE gesloten < care_days",
    "schooling": "SELECT person, closure_number FROM schooling WHERE status = 'none'",
    "restrictions": "SELECT person, closure_number FROM restrictions WHERE number > 0",
    "absences": "SELECT DISTINCT person, closure_number FROM absences",
    "nearness": "SELECT person, placement FROM nearness WHERE nearness IN ('own-area', 'other-area')",
    "machtigingen": "SELECT person, machtiging FROM machtigingen",
    "chain": "SELECT person, referral FROM chain",
    "waiting-list": "SELECT person, setting FROM waiting_list",
}


@pytest.mark.parametrize("name", CASES)
def test_the_cases_are_these_young_people(it: Asked, name: str) -> None:
    found = [(case.person, case.key) for case in it.figure(name).cases]
    expected = [(person, str(key)) for person, key in it.rows(CASES[name])]
    if name == "waiting-list":
        assert sorted(person for person, _ in found) == sorted(person for person, _ in expected)
    else:
        assert sorted(found) == sorted(expected)


def test_as_planned_of_those_whose_end_mode_is_known(it: Asked) -> None:
    (row,) = it.rows("SELECT count(*) FILTER (end_mode = 'planned'), count(end_mode) FROM destinations")
    assert measures(it.figure("destinations"), "as-planned")[None]["planned"] == row


def test_routes_by_where_they_came_from(it: Asked) -> None:
    rows = it.rows(
        "SELECT origin_group, count(*) FILTER (route = 'crisis'), count(*) FROM origins GROUP BY 1"
        " UNION ALL SELECT 'everywhere', count(*) FILTER (route = 'crisis'), count(*) FROM origins"
    )
    found = measures(it.figure("origins"), "routes")
    assert {at: row["crisis"] for at, row in found.items() if row["n"]} == {at: tuple(row) for at, *row in rows}


@pytest.mark.parametrize("of", ["placements", "closures"])
@pytest.mark.parametrize("split", ["region", "year"])
def test_nearness(it: Asked, of: str, split: str) -> None:
    only = "WHERE begins" if of == "closures" else ""
    expected = it.counted(f"SELECT {split}, nearness, count(*) FROM nearness {only} GROUP BY ALL")
    assert counts(it.figure("nearness", of=of, split=split), "near") == expected


def test_days_since_they_could_leave_by_what_is_needed(it: Asked) -> None:
    found = it.figure("ready")
    for setting in {row[0] for row in it.rows("SELECT needed FROM ready WHERE needed <> 'not-said'")}:
        days = [row[0] for row in it.rows(f"SELECT days FROM ready WHERE needed = '{setting}'")]
        (row,) = measures(found, "days-by-setting", key=(setting,)).values()
        assert told(row) == spread(days)
        assert (row["mean"], row["longest"]) == (Fraction(sum(days), len(days)), max(days))


def test_care_days_of_who_could_leave(it: Asked) -> None:
    (row,) = it.rows("SELECT count(*), sum(care_days)::INT, sum(ready_days)::INT FROM ready_days")
    found = measures(it.figure("ready-days"), "all")[None]
    assert (found["n"], found["careDays"], found["readyDays"]) == row


def test_care_days_by_closure_mode(it: Asked) -> None:
    modes = "gesloten", "besloten", "hybride", "open"
    (row,) = it.rows(
        "SELECT count(*), sum(care_days)::INT, "
        + ", ".join(f"sum({mode})::INT" for mode in modes)
        + " FROM closure_mode"
    )
    found = measures(it.figure("closure-mode"), "modes")[None]
    assert (found["n"], found["careDays"], *(found[mode] for mode in modes)) == row


def test_days_without_schooling(it: Asked) -> None:
    days = [row[0] for row in it.rows("SELECT days_without FROM schooling WHERE status = 'none'")]
    (row,) = measures(it.figure("schooling"), "without", key=("none",)).values()
    assert told(row) == spread(days)
    assert (row["mean"], row["longest"]) == (Fraction(sum(days), len(days)), max(days))


def test_restrictive_measures(it: Asked) -> None:
    (row,) = it.rows(
        "SELECT sum(number)::INT, sum(care_days)::INT, sum(minutes) FILTER (number > 0)::INT, sum(emergencies)::INT"
        " FROM restrictions"
    )
    (found,) = measures(it.figure("restrictions"), "measures", key=("some",)).values()
    assert (found["number"], found["careDays"], found["minutes"], found["emergencies"]) == row
    assert found["per100Days"] == Fraction(100 * row[0], row[1])
    apart = measures(it.figure("restrictions"), "accommodations")
    assert {at: (one["number"], one["careDays"]) for at, one in apart.items()} == {
        at: (number, days) for at, number, days in it.rows("SELECT * FROM accommodation_measures")
    }


def test_absences(it: Asked) -> None:
    seconds = it.rows("SELECT seconds::BIGINT, is_over FROM absences")
    (care,) = it.rows("SELECT count(*) FROM care, question WHERE day >= a AND day < b")[0]
    found = measures(it.figure("absences"), "absences")[None]
    over = [Fraction(lasted, 3600) for lasted, is_over in seconds if is_over]
    assert (found["number"], found["careDays"]) == (len(seconds), care)
    assert found["per1000Days"] == Fraction(1000 * len(seconds), care)
    assert (found["medianHours"], found["p90Hours"]) == spread(over)[1:]
    assert found["lasting"] == len(seconds) - len(over)
    assert found["over24Hours"] == sum(lasted > 24 * 3600 for lasted, _ in seconds)
    assert found["over72Hours"] == sum(lasted > 72 * 3600 for lasted, _ in seconds)
    assert len(over) > 20


PLACES = """
SELECT {part}, day::VARCHAR, sum(places)::INT, {modes}, {buyers},
  coalesce(sum(places) FILTER (group_size <= 6), 0)::INT, coalesce(sum(places) FILTER (group_size > 6), 0)::INT,
  coalesce(sum(places) FILTER (group_size IS NULL), 0)::INT
FROM places GROUP BY ALL HAVING sum(places) > 0
"""


@pytest.mark.parametrize(("table", "part"), [("places", "region"), ("providers", "provider"), ("places", "'total'")])
def test_places(it: Asked, table: str, part: str) -> None:
    def filtered(column: str, *values: str) -> str:
        return ", ".join(f"coalesce(sum(places) FILTER ({column} = '{one}'), 0)::INT" for one in values)

    modes, buyers = (
        filtered("mode", "gesloten", "besloten", "hybride", "open"),
        filtered("procurement", "regionaal", "lta"),
    )
    expected = {tuple(row[:2]): row[2:] for row in it.rows(PLACES.format(part=part, modes=modes, buyers=buyers))}
    (found,) = [one for one in it.figure("places").tables if one.name == table]
    cells = {(row.key[0], str(row.at)): tuple(value.value for value in row.values[:10]) for row in found.rows}
    parts = {part for part, _ in expected}
    assert {key: values for key, values in cells.items() if key[0] in parts and values[0]} == expected
