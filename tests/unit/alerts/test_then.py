"""An alert as it stood: for any facts in any order what was on record at each look is found again afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.alerts.conditions.judging import missing_steps, spells
from services.monitor.alerts.life import Now, life
from services.monitor.alerts.listing import Acknowledgement, Entry, Happened, rule_of
from services.monitor.alerts.rulebook import rulebook
from services.monitor.alerts.then import as_it_stood
from services.monitor.dossier.fold import fold
from shared.calendar import AMSTERDAM
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import PERSON, RULES
from tests.unit.dossier.strategies import FIRST, any_facts

RULEBOOK = rulebook()
SOON = timedelta(days=20)
TOLD = ("state", "days", "closed_at", "acknowledgement", "next_step", "area", "today")


@dataclass
class Record:
    """The alerts of one person as the tables have them, each with its history."""

    entries: dict[str, Entry] = field(default_factory=dict)
    happened: dict[str, list[Happened]] = field(default_factory=dict)

    def look(self, facts: Sequence[AcceptedEvent], now: Now) -> None:
        """What the facts say is on record afterwards."""
        dossier = fold(PERSON, facts, rules=RULES)
        every = spells(dossier, rules=RULEBOOK, link_days=LINK_DAYS)
        missing = missing_steps(dossier, on=now.today, link_days=LINK_DAYS)
        for change in life([one.kept for one in self.entries.values()], every, now=now, missing=missing):
            identity = change.before.id if change.before else f"alert-{len(self.entries)}"
            before = self.entries.get(identity)
            kinds = {one.kind for one in change.happenings}
            seen = before.acknowledgement if before and "reopened" not in kinds else None
            closed_at = now.moment if kinds & {"closed", "missed"} else before and before.closed_at
            self.happened.setdefault(identity, []).extend(
                Happened(now.moment, one.kind, None, _written(one.detail)) for one in change.happenings
            )
            kept = replace(change.after, id=identity)
            closed_at = closed_at if kept.state == "closed" else None
            self.entries[identity] = Entry(kept, rule_of(kept, RULEBOOK), seen, closed_at, None, now.today)
        self.entries = {name: replace(one, today=now.today) for name, one in self.entries.items()}

    def acknowledge(self, identity: str, now: Now) -> None:
        """Somebody says that they work on it."""
        entry, until = self.entries[identity], now.today + SOON
        told = Happened(now.moment, "acknowledged", "olga", {"note": "we look", "until": str(until)})
        self.happened[identity].append(told)
        kept = replace(entry.kept, version=entry.kept.version + 1)
        seen = Acknowledgement("olga", now.moment, "we look", until)
        self.entries[identity] = replace(entry, kept=kept, acknowledgement=seen)


def _written(detail: Any) -> dict[str, Any]:
    """As the table has it."""
    found: dict[str, Any] = json.loads(json.dumps(dict(detail)))
    return found


def _shown(entry: Entry) -> dict[str, Any]:
    kept = entry.kept
    said = {name: getattr(entry, name) for name in TOLD}
    return said | {
        "missing": kept.state == "closed" or kept.missing,  # at an earlier close that is not on record
        "alert": (kept.alert.level, kept.alert.since, kept.alert.counted_from),
        "closed": (kept.closed_on, kept.closed_reason),
        "version": kept.version,
    }


@given(facts=any_facts, data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_was_on_record_at_each_look_is_found_again_afterwards(
    facts: list[AcceptedEvent], data: st.DataObject
) -> None:
    clock = sorted(data.draw(st.lists(st.integers(0, 900), min_size=2, max_size=5, unique=True)))
    arriving = data.draw(st.permutations(facts))
    record, seen = Record(), []
    for number, days in enumerate(clock, start=1):
        day = FIRST + timedelta(days)
        now = Now(datetime.combine(day, time(9), AMSTERDAM), RULEBOOK, FIRST)
        record.look(arriving[: len(facts) * number // len(clock)], now)
        for identity in sorted(name for name, one in record.entries.items() if one.state == "open"):
            if data.draw(st.booleans()):
                record.acknowledge(identity, now)
        seen.append((now.moment, dict(record.entries)))
    for moment, then in seen:
        for identity, entry in record.entries.items():
            before = then.get(identity)
            missing = before.kept.missing if before else ()
            found = as_it_stood(entry, record.happened[identity], moment, missing=missing, rules=RULEBOOK)
            assert (found and _shown(found)) == (before and _shown(before))
