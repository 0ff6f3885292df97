"""The daily digest: one message for a team, with counts and links; no young person and no case is in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from html import escape
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from services.monitor.alerts.conditions.rules import LEVELS, Rulebook
from services.monitor.alerts.life import LATE_DATA
from services.monitor.alerts.listing import Entry, Wanted, listed
from services.monitor.alerts.looked import looked
from services.monitor.alerts.tables import alert_catch_up
from services.monitor.cockpit.unseen import behind, held_up
from services.monitor.cockpit.words import words
from shared.calendar import calendar_date, microseconds, midnight


@dataclass(frozen=True, slots=True)
class Line:
    """A rule at a level, of which alerts are open."""

    rule: str
    name: str
    level: str
    open: int
    new: int
    """Opened since yesterday."""
    next_step: str
    link: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a team reads in the morning."""

    on: date
    team: str
    lines: Sequence[Line]
    acknowledged: int
    returning: int
    """Acknowledged until tomorrow: then they are open again."""
    closed: int
    """Closed since yesterday."""
    late: int
    """Of these, because a later fact showed that they did not hold."""
    caught_up: int
    """Began and ended while nobody looked."""
    missing: Sequence[str]
    """Why alerts may be missing: not everything was looked at lately, or somebody's facts wait; empty else."""
    link: str


def digest(
    connection: Connection,
    *,
    area: str | None,
    owner: str | None,
    rules: Rulebook,
    now: datetime,
    links: "Links",
) -> Digest:
    """The digest of a team: what the alerts of its area, or of the country, look like at this moment."""
    today = calendar_date(now)
    yesterday = today - timedelta(days=1)
    wanted = Wanted(
        ("open", "acknowledged", "closed"),
        areas=(area,) if area else (),
        owners=(owner,) if owner else (),
        closed_since=midnight(yesterday),
    )
    every = [entry for entry in listed(connection, wanted, rules=rules, today=today) if links.seen_by(entry)]
    opened = [entry for entry in every if entry.state == "open"]
    acknowledged = [entry for entry in every if entry.state == "acknowledged"]
    closed = [entry for entry in every if entry.state == "closed"]
    since = microseconds(now - timedelta(days=1))
    missed = connection.scalars(select(alert_catch_up.c.missed).where(alert_catch_up.c.at_us >= since))
    to = partial(links.to, area=area, owner=owner)
    seen, say = looked(connection), words("nl")
    return Digest(
        on=today,
        team=(area or "nederland").title(),
        lines=_lines(opened, yesterday, to),
        acknowledged=len(acknowledged),
        returning=sum(
            entry.acknowledgement is not None and entry.acknowledgement.until <= today + timedelta(days=1)
            for entry in acknowledged
        ),
        closed=len(closed),
        late=sum(entry.kept.closed_reason == LATE_DATA for entry in closed),
        caught_up=sum(missed),
        missing=list(filter(None, (behind(seen, say, now=now), held_up(seen, say)))),
        link=to(),
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Where the digest points, and what of the alerts its reader may count."""

    address: str
    seen_by: Callable[[Entry], bool] = lambda _entry: True

    def to(self, *, area: str | None, owner: str | None, level: str = "", rule: str = "") -> str:
        """The address of the work list with these of the alerts, for people who sign in."""
        fields = {"niveau": level, "signaal": rule, "gebied": area, "wie": owner}
        chosen = urlencode({name: value for name, value in fields.items() if value})
        return f"{self.address}/werklijst{'?' if chosen else ''}{chosen}"


def _lines(opened: Sequence[Entry], yesterday: date, to: Callable[..., str]) -> list[Line]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in opened:
        groups.setdefault((str(entry.kept.alert.level), entry.kept.alert.rule), []).append(entry)
    order = [str(level) for level in reversed(LEVELS)]
    lines = []
    for (level, rule), entries in sorted(groups.items(), key=lambda group: (order.index(group[0][0]), group[0][1])):
        steps = Counter(entry.next_step.nl for entry in entries)
        lines.append(
            Line(
                rule=rule,
                name=entries[0].rule.name.nl,
                level=level,
                open=len(entries),
                new=sum(calendar_date(entry.kept.seen_at) >= yesterday for entry in entries),
                next_step=steps.most_common(1)[0][0],
                link=to(level=level, rule=rule),
            )
        )
    return lines


def as_text(made: Digest) -> str:
    """The digest as plain text, in Dutch."""
    total = sum(line.open for line in made.lines)
    alerts = "signaal" if total == 1 else "signalen"
    parts = [f"Doorstroom, {made.on:%d-%m-%Y}, {made.team}: {total} open {alerts}", ""]
    parts += [*made.missing, ""] if made.missing else []
    for line in made.lines:
        new = f", {line.new} nieuw" if line.new else ""
        parts += [
            f"[{_level(line)}] {line.rule} {line.name}: {line.open}{new}",
            f"    {line.next_step}",
            f"    {line.link}",
        ]
    return "\n".join([*parts, *([""] if made.lines else []), *_closing(made), "", f"Alles: {made.link}", ""])


def as_html(made: Digest) -> str:
    """The digest as a page that a mail program shows too: no style sheet, no script, no image."""
    title = f"Doorstroom, {made.on:%d-%m-%Y}, {escape(made.team)}"
    head = "<tr><th>niveau</th><th>signaal</th><th>open</th><th>nieuw</th><th>volgende stap</th></tr>"
    parts = [
        f'<!doctype html>\n<html lang="nl"><head><meta charset="utf-8"><title>{title}</title></head>',
        f"<body><h1>{title}</h1>",
        *(f"<p><strong>{escape(sentence)}</strong></p>" for sentence in made.missing),
        f"<table>\n{head}",
        *map(_row, made.lines),
        "</table>",
        *(f"<p>{escape(sentence)}</p>" for sentence in _closing(made)),
        f'<p><a href="{escape(made.link)}">Alle open signalen</a></p></body></html>',
    ]
    return "\n".join(parts) + "\n"


def _level(line: Line) -> str:
    return words("nl").named("level", line.level)


def _row(line: Line) -> str:
    rule = f'<a href="{escape(line.link)}">{line.rule} {escape(line.name)}</a>'
    cells = (_level(line), rule, str(line.open), str(line.new), escape(line.next_step))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _closing(made: Digest) -> list[str]:
    said = [f"In behandeling: {made.acknowledged}, waarvan {made.returning} tot morgen."]
    said.append(f"Afgesloten sinds gisteren: {made.closed}, waarvan {made.late} door later aangeleverde feiten.")
    if made.caught_up:
        said.append(f"Begonnen en geëindigd terwijl er niet gekeken werd: {made.caught_up}.")
    return said
