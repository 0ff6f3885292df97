"""Writes docs/alerts.md from the rule file of the alerts: `make docs`."""

import sys
from collections.abc import Iterator

from services.monitor.alerts.conditions.rules import Rule, Rulebook, Threshold
from services.monitor.alerts.rulebook import rulebook

_OPENING = """\
# Alerts

An alert asks somebody to do something about one young person, one accommodation, one region, one source or the
country. It has a key for ever, made of the rule, the threshold and the case, and is opened once: on the first day on
which its condition holds, also when the fact came late. Of each rule and case the list shows the highest threshold;
lower ones are *escalated*.

- **Closed** with the reason: what ended it in the world (discharged, placed, titled, arrived, ...), or `late-data`
  when a later fact shows that it did not hold when it was opened; its history keeps what it was. A correction may
  reopen it.
- **Merged** pseudonyms ([merging.md](merging.md)): an alert goes on under the name that is left, and back when that is
  taken back. Of two about one case one is closed with the reason `merged`.
- **Acknowledged** by somebody, with a note, until a day: `POST /v1/alerts/{id}/acknowledgement` with the ETag as
  `If-Match`. On that day it is open again if it still holds; a higher threshold is open at once.
- **Missed**: it began and ended while nobody looked, in an outage or because the facts came later than that. It is
  on record, closed, when it ended within the last {days} days and after this monitor first looked; what is older is
  history, not an alert. After an outage of a day or more the log says `alerts_caught_up`, and so does the digest.
- **Ranked** by level, then by the most pressing step that is missing (no title; whereabouts unknown; nothing asked
  for although the title ends; no place; the care plan overdue; no schooling), then by how long the case lasts.
- Alerts follow the facts within seconds and the clock at midnight in Amsterdam; absences to the minute. While more
  than a thousand facts come in within ten seconds, a history is being read in, and alerts wait until it is.
- **What stays for so many days** (A09, A10) leaves the list before when the closure ends; a measure (A21) does not.
- **Days** on the list are those that the case has lasted. What is still to come says how many days are left: the end
  of a title (A02, A04, A06), the eighteenth birthday (A07), the last place (A18).
- **A request is pending** (A02, A04, A06) until it is granted or refused, or until a machtiging of its kind is
  granted, whichever request that names: many grants name none.
- **Machtigingen that nobody executes** (A05) are each told of by itself, also one that extends another or was granted
  during a closure, for after it. One lapsed also when it was ended after that.
- **Waiting with a title** (A11): titles that adjoin or overlap are one wait. While a spoedmachtiging waits it is told
  of by its own days, also beside a regulier that runs longer; with a regulier the days count from the first of those
  titles. The wait is told of under its referral, or else under the first of the machtigingen.
- **Six months of an admission** (A06) count from the stay that names the voorwaardelijke machtiging; neither a
  suspension nor a doorplaatsing nor an administrative restart begins them anew.
- **Accommodations** (A17, A18, A20) are told of whether anybody registered them or not.
- **Many measures** (A21, `above-limits`): what is expected of an accommodation is what its care days make of the rate
  of that quarter, of all accommodations together of which any restrictive measure was told, of young people there or
  of the whole. One of which none was told says nothing of how often they are taken: it is neither told of nor counted
  in, and one that alone tells is not held against itself. The limit is that of a Poisson law, which chance alone
  passes once in a thousand times. Few care days make it wide: where 0.5 is expected five are above it, and four are
  not. One young person of whom many are told makes a place pass it too: it asks a question and is no verdict. What is
  expected stands among the facts only where three others told something; else it would say what another told.
- The digest, `GET /v1/alerts/digest` and `doorstroom digest`, holds counts and links only, so that it may be
  mailed. Where not all that the ledgers accepted was looked at lately, it says so first, as the work list does; and
  of how many young persons in the country a fact could not be taken, so that what was told of them since waits
  ([what to do](../infra/runbooks/DoorstroomFactsParked.md)). `/v1/alerts` says the same in `looked_at` and
  `quarantined`.
- **Followed up**: `GET /v1/alerts/summary?from=2026-01-01&until=2026-04-01` counts the alerts that were opened on these
  days, the last not among them, by rule, threshold and level: how many were acknowledged, and after how many hours
  (median, P90); how many are closed, and after how many days (median); which share of these `late-data` closed, so that
  they were false alarms; and how many are still open. JSON, or CSV with `Accept: text/csv`; of the alerts that the
  reader may see, and never for those outside.

What was known on a day counts: a machtiging counts from the day of its grant, so the next one ends *expires* on
that day and does not take it out of the past. A change of a rule is a new row in
`services/monitor/alerts/rules.toml` from a date on. This page is made from that file by `make docs`, and a test
compares the two. Prometheus counts: `doorstroom_alerts`, see [metrics.md](metrics.md); its own alerts:
[watching.md](watching.md).

| level | what it asks |
| --- | --- |
| red | somebody acts today |
| orange | it is discussed with others |
| amber | it is worked on |
| info | it is read |
"""


def alerts_page(rules: Rulebook) -> str:
    """The page, in Markdown."""
    return _OPENING.replace("{days}", str(rules.catch_up_days)) + "".join(
        part for rule in sorted(rules.rules, key=lambda one: (one.rule, one.valid_from)) for part in _section(rule)
    )


def _section(rule: Rule) -> Iterator[str]:
    until = f" until {rule.valid_until}" if rule.valid_until else ""
    yield f"\n## {rule.rule} {rule.name.en} ({rule.name.nl})\n\n"
    yield f"{rule.meaning}\n\n"
    if rule.waits_for:
        yield f"**Waits for a fact that nobody publishes yet: {rule.waits_for}.** It never holds until then.\n\n"
    yield f"- valid from {rule.valid_from}{until}; about: {rule.about}; who acts: {rule.owner}\n"
    yield f"- rests on: {'; '.join(rule.sources)}\n"
    if rule.parameters:
        yield f"- parameters: {', '.join(f'`{name}` {value}' for name, value in rule.parameters.items())}\n"
    yield "\n| threshold | level | holds from | next step |\n| --- | --- | --- | --- |\n"
    for step in rule.thresholds:
        says = rule.next_step_at(step.key)
        yield f"| `{step.key}` | {step.level} | {_when(step)} | {says.en}<br>*{says.nl}* |\n"


def _when(step: Threshold) -> str:
    said = [
        f"{value} {unit}"
        for unit, value in (
            ("days", step.days),
            ("school days", step.school_days),
            ("hours", step.hours),
            ("months", step.months),
            ("%", step.percent),
            ("young people", step.heads),
        )
        if value is not None
    ]
    if step.holds_days is not None:
        said.append(f"stays {step.holds_days} days")
    if step.waits_for:
        said.append(f"waits for {step.waits_for}")
    return ", ".join(said) or "at once"


def main() -> None:
    """Print the page."""
    sys.stdout.write(alerts_page(rulebook()))


if __name__ == "__main__":
    main()
