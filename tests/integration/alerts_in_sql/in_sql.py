"""The alerts of a country by the monitor, and the same counted anew in SQL from what was published."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.judging import spells
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.history.known import Known
from tests.integration.figures.in_sql import Line, question
from tests.integration.monitor.conftest import RULES

HERE = Path(__file__).parent
FILES = ("inside.sql", "titles.sql", "waits.sql", "units.sql", "measures.sql", "alerts.sql")
"""Each makes tables on top of those of the figures and of the files before it."""
MEASURES = ("days", "school_days", "hours", "months", "percent", "heads", "holds_days")

Spell = tuple[str, str, str, str, str, str, str | None]
"""Rule, threshold, person, what it is about, level, since, and until, as text; until is None when it lies ahead."""

Open = tuple[str, str, str, str, str, str]
"""The same without its end."""


def rule_rows(text: str) -> Iterator[tuple[Any, ...]]:
    """The thresholds of a rule file as a stranger reads them: a row each, in their order."""
    for rule in tomllib.loads(text)["rules"]:
        for place, step in enumerate(rule["thresholds"]):
            if "waits_for" not in rule and "waits_for" not in step:
                of_rule = rule["rule"], rule["valid_from"], rule.get("valid_until", date(9999, 1, 1))
                counts = (step.get(one) for one in MEASURES)
                yield *of_rule, step["key"], step["level"], place, *counts, json.dumps(rule.get("parameters", {}))


@dataclass(frozen=True, slots=True)
class Anew:
    """The tables of the alerts, up to a day."""

    sql: duckdb.DuckDBPyConnection
    on: date

    def spells(self, *, units: bool = False) -> Set[Spell]:
        """Everything that held or holds before the day, of young people or else of units."""
        rows = self.sql.execute(
            "SELECT rule, threshold, person, about, level, since::VARCHAR,"
            " if(until_on >= $on, NULL, until_on)::VARCHAR FROM alerts WHERE since < $on AND (person = '') = $units",
            {"on": self.on, "units": units},
        ).fetchall()
        assert len(rows) == len(set(rows))
        return set(rows)

    def holding(self, moment: datetime) -> dict[Open, str]:
        """What is on the list at a moment, and whether it is open or escalated."""
        rows = self.sql.execute(
            "SELECT rule, threshold, person, about, level, since::VARCHAR, if(leads, 'open', 'escalated')"
            " FROM holding_at($moment::TIMESTAMPTZ) WHERE person <> ''",
            {"moment": moment.isoformat()},
        ).fetchall()
        return {row[:-1]: row[-1] for row in rows}

    def ended(self, day: date) -> dict[tuple[str, str, str, str], date]:
        """Of each rule, threshold, person and case the first day after the last spell that is over on a day."""
        rows = self.sql.execute(
            "SELECT rule, threshold, person, about, max(until_on) FROM alerts WHERE until_on <= $day GROUP BY ALL",
            {"day": day},
        ).fetchall()
        return {row[:-1]: row[-1] for row in rows}

    def reasons(self) -> dict[Spell, str]:
        """Of those that ended and of which that is simply told what ended them."""
        rows = self.sql.execute(
            "SELECT rule, threshold, person, about, level, since::VARCHAR, until_on::VARCHAR, why FROM alerts"
            " WHERE until_on < $on AND why IS NOT NULL AND person <> ''",
            {"on": self.on},
        ).fetchall()
        return {row[:-1]: row[-1] for row in rows}


@contextmanager
def alerted_anew(lines: list[Line], known: Known, on: date, rules: str) -> Iterator[Anew]:
    """The alerts by these facts up to a day, by the rules of a file."""
    with question(lines, known, str(on), ("2022-01-01", str(on))) as asked:
        columns = ", ".join(f"{one} INTEGER" for one in MEASURES)
        asked.sql.execute(
            "CREATE TABLE rules (rule VARCHAR, valid_from DATE, valid_until DATE, threshold VARCHAR, level VARCHAR,"
            f" place INTEGER, {columns}, parameters JSON)"
        )
        rows = list(rule_rows(rules))
        asked.sql.executemany(f"INSERT INTO rules VALUES ({', '.join('?' * len(rows[0]))})", rows)
        for file in FILES:
            asked.sql.execute((HERE / file).read_text())
        yield Anew(asked.sql, on)


def judged(known: Known, on: date, rules: Rulebook) -> dict[Spell, Alert]:
    """The same by the monitor, of everybody."""
    found: list[Alert] = []
    for dossier in known.dossiers:
        found += spells(dossier, rules=rules, link_days=RULES.link_days)
    return told(found, on)


def told(alerts: Iterable[Alert], on: date) -> dict[Spell, Alert]:
    """Those that begin before a day, as SQL tells them."""
    return {
        (
            alert.rule,
            alert.threshold,
            alert.case.person,
            alert.case.about,
            str(alert.level),
            str(alert.since),
            str(alert.until) if alert.until is not None and alert.until < on else None,
        ): alert
        for alert in alerts
        if alert.since < on
    }
