"""Figures of what comes before a stay, and of the court, counted anew in SQL from what was published."""

import pytest

from tests.integration.figures.in_sql import Asked, counts, spread, told
from tests.unit.figures.asked import measures


def test_machtigingen_granted_and_what_became_of_them(it: Asked) -> None:
    found = it.figure("machtigingen", split="region")
    expected = it.counted("SELECT region_on(person, day) AS part, kind, count(*) FROM machtigingen GROUP BY ALL")
    assert counts(found, "granted") == expected
    (table,) = [one for one in it.figure("machtigingen").tables if one.name == "executions"]
    names = [column.name for column in table.columns]
    cells = {
        (row.key[0], name): value.part
        for row in table.rows
        for name, value in zip(names, row.values, strict=True)
        if value.part
    }
    assert cells == it.counted("SELECT kind, became, count(*) FROM machtigingen GROUP BY ALL")
    courts = measures(it.figure("machtigingen"), "courts")
    assert {at: row["n"] for at, row in courts.items()} == it.counted(
        "SELECT court, count(*) FROM machtigingen GROUP BY 1"
    )


def test_requests_answered_and_made(it: Asked) -> None:
    found = it.figure("machtigingen")
    within = "FROM requests, question WHERE answered_on >= a AND answered_on < b AND answered_on <= d"
    answered = measures(found, "answered")[None]
    assert {name: answered[name] for name in ("granted", "refused") if answered[name]} == it.counted(
        f"SELECT answer, count(*) {within} GROUP BY 1"
    )
    days = [row[0] for row in it.rows(f"SELECT answered_on - requested_on {within} AND requested_on <= answered_on")]
    assert told(measures(found, "days")[None], "timed") == spread(days)
    made = measures(found, "requests")[None]
    assert {name: made[name] for name in ("granted", "refused", "pending") if made[name]} == it.counted(
        "SELECT if(answered_on <= d, answer, 'pending') AS stands, count(*) FROM requests, question"
        " WHERE requested_on >= a AND requested_on < b GROUP BY 1"
    )


@pytest.mark.parametrize("split", ["region", "year"])
def test_what_became_of_referrals(it: Asked, split: str) -> None:
    expected = it.counted(f"SELECT {split}, became, count(*) FROM chain GROUP BY ALL")
    assert counts(it.figure("chain", split=split), "outcomes") == expected


def test_how_soon_referrals_came_to_each_step(it: Asked) -> None:
    found = measures(it.figure("chain"), "steps")
    for step in ("advice", "machtiging", "placed"):
        days = [row[0] for row in it.rows(f"SELECT {step}_days FROM chain WHERE {step}_days IS NOT NULL")]
        assert told(found[step]) == spread(days), step


def test_what_became_of_machtigingen_that_waited_to_be_executed(it: Asked) -> None:
    expected = it.counted(
        "SELECT CASE WHEN until_on > d THEN 'waiting' WHEN EXISTS (FROM chained AS p WHERE p.person = u.person AND"
        " p.started_on = until_on) THEN 'placed' ELSE 'lapsed' END AS became, count(*) FROM unexecuted AS u, question"
        " WHERE from_on >= a AND from_on < b AND from_on <= d GROUP BY 1"
    )
    assert counts(it.figure("waiting", since="machtiging"), "ends") == expected


AVERTED = """
SELECT {by}, count(*) FILTER (became = 'placed'), count(*) FILTER (became = 'waiting'),
  count(*) FILTER (became = 'alternative'), count(*) FILTER (became <> 'waiting'),
  count(*) FILTER (became = 'alternative' AND placed_by_then), count(*)
FROM chain GROUP BY ALL
"""


@pytest.mark.parametrize("by", ["urgency", "referrer"])
def test_averted_and_placed_after_all(it: Asked, by: str) -> None:
    found = it.figure("chain")
    for part, placed, waiting, averted, ended, after, n in it.rows(AVERTED.format(by=by)):
        (row,) = measures(found, by, key=(part,)).values()
        assert (row["placed"], row["waiting"]) == ((placed, n), (waiting, n))
        assert (row["averted"], row["placedAfter"]) == ((averted, ended), (after, averted))
    alternatives = {at: row["share"][0] for at, row in measures(found, "alternatives").items()}
    assert alternatives == it.counted("SELECT alternative, count(*) FROM chain WHERE became = 'alternative' GROUP BY 1")


def test_waiting_lists(it: Asked) -> None:
    expected = it.counted(
        "SELECT region_on(person, day) AS part, setting, interim, count(*) FROM waiting_list GROUP BY ALL"
    )
    assert counts(it.figure("waiting-list", split="region"), "list") == expected
    lengths = it.counted(
        "SELECT interim, CASE WHEN days <= 7 THEN '0-7' WHEN days <= 28 THEN '8-28' WHEN days <= 63 THEN '29-63'"
        " ELSE '64+' END AS length, count(*) FROM waiting_list GROUP BY ALL"
    )
    assert counts(it.figure("waiting-list"), "days") == lengths


def test_advice_of_expert_teams(it: Asked) -> None:
    found = it.figure("expert-advice", split="region")
    assert counts(found, "asked") == it.counted(
        "SELECT region, if(issued_on <= d, 'advised', 'waiting') AS state, count(*) FROM consults, question"
        " WHERE requested_on >= a AND requested_on < b AND requested_on <= d GROUP BY ALL"
    )
    given = "FROM consults, question WHERE issued_on >= a AND issued_on < b AND issued_on <= d"
    assert counts(found, "advised") == it.counted(
        "SELECT region, CASE WHEN NOT binding THEN 'free' WHEN issued_on + 42 > d THEN 'too-early'"
        f" WHEN executed THEN 'executed' WHEN deviated THEN 'deviated' ELSE 'neither' END AS became, count(*) {given}"
        " GROUP BY ALL"
    )
    days = [row[0] for row in it.rows(f"SELECT issued_on - requested_on {given} AND requested_on <= issued_on")]
    assert told(measures(it.figure("expert-advice"), "days")[None], "timed") == spread(days)


def test_national_support(it: Asked) -> None:
    found = it.figure("support", split="region")
    assert counts(found, "requests") == it.counted(
        "SELECT region_on(person, requested_on) AS part, reason, count(*) FROM supports, question"
        " WHERE requested_on >= a AND requested_on < b AND requested_on <= d GROUP BY ALL"
    )
    resolved = "FROM supports, question WHERE resolved_on >= a AND resolved_on < b AND resolved_on <= d"
    assert counts(found, "resolved") == it.counted(
        f"SELECT region_on(person, resolved_on) AS part, result, count(*) {resolved} GROUP BY ALL"
    )
    still = "FROM supports, question WHERE requested_on <= d AND (resolved_on IS NULL OR resolved_on > d)"
    whole = it.figure("support")
    for table, query in (("days", f"resolved_on - requested_on {resolved}"), ("open", f"d - requested_on {still}")):
        days = [row[0] for row in it.rows(f"SELECT {query}")]
        assert told(measures(whole, table)[None]) == spread(days), table
