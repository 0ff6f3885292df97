"""How good the data are: how late facts come, what is missing or contradicts, and when each source was last heard."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.monitor.cockpit.cells import in_days, number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.bars import Bar, Bars, bars
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.lettering import as_day
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.figures.quality import CODES, DELAYS, LATE
from services.monitor.figures.shown import Cell, ShownRow, ShownTable
from shared.facts.oddities import LATE_DAYS

MONTHS = 12
MOST_SHOWN = 8


def _asks(view: View) -> Mapping[str, Ask]:
    return {"quality": ask(view, "data-quality", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["quality"]
    delay, flags = shown.table("delay"), shown.table("flags")
    ranked = sorted(((code, flags.cell("count", flag=code)) for code in CODES), key=lambda item: -_size(item[1]))
    standing = [(code, cell) for code, cell in ranked if cell.value != 0]
    sources = next((table for table in shown.tables if table.name == "sources"), None)
    sentence = " ".join(filter(None, (_late(delay, seen), _most(standing, seen), _silent(sources, seen))))
    lateness = Bars(
        [Bar(words.named("delay", name), value_of(delay.cell("share", days=name), words)) for name in DELAYS],
        Axis(words("quality.share"), "share"),
        words("quality.delay"),
    )
    flagged = Histogram(
        [Class(words.named("flag", code), value_of(cell, words)) for code, cell in standing[:MOST_SHOWN]],
        Axis(words("quality.axis")),
    )
    pictures = [
        in_every_width(
            lambda caption, canvas: bars(lateness, caption, canvas),
            identity="quality-late",
            title=words("quality.late"),
            description=sentence,
            view=view,
        )
    ]
    if any(number_of(cell) is not None for _, cell in standing):
        pictures.append(
            in_every_width(
                lambda caption, canvas: histogram(flagged, caption, canvas),
                identity="quality",
                title=words("quality.flags"),
                description=words("quality.flags"),
                view=view,
            )
        )
    twins = [_delays(delay, seen), _flags(ranked, seen), *([_sources(sources, seen)] if sources else [])]
    return Drawn(sentence, tuple(pictures), tuple(twins), (words("quality.note"),))


def _delays(table: ShownTable, seen: Seen) -> Twin:
    words = seen.words
    return Twin(
        words("quality.late"),
        (words("quality.delay"), words("quality.facts"), words("head.share")),
        tuple(
            (
                words.named("delay", name),
                text_of(table.cell("count", days=name), "facts", words),
                text_of(table.cell("share", days=name), "share", words),
            )
            for name in DELAYS
        ),
    )


def _flags(ranked: Sequence[tuple[str, Cell]], seen: Seen) -> Twin:
    words = seen.words
    return Twin(
        words("quality.flags"),
        (words("head.code"), words("quality.axis")),
        tuple((words.named("flag", code), text_of(cell, "number", words)) for code, cell in ranked),
    )


def _sources(table: ShownTable, seen: Seen) -> Twin:
    """Those that were silent longest first."""
    words = seen.words
    ranked = sorted(table.rows, key=lambda row: (str(_cell(row, table, "lastHeard").value or ""), str(row.at)))
    return Twin(
        words("quality.sources"),
        (
            words("head.source"),
            words("quality.heard"),
            words("quality.ago"),
            words("quality.facts"),
            words("quality.lateshare"),
        ),
        tuple(
            (
                str(row.at),
                _on(row, table, seen),
                text_of(_cell(row, table, "silentDays"), "days", words),
                text_of(_cell(row, table, "facts"), "facts", words),
                text_of(_cell(row, table, "share"), "share", words),
            )
            for row in ranked
        ),
    )


def _late(table: ShownTable, seen: Seen) -> str:
    """The late share, as it is disclosed."""
    cell = table.cell("share", days=LATE)
    share = number_of(cell)
    if share is None:
        return seen.words("quality.latehidden", unsaid=unsaid(cell, seen.words))
    if share == 0 and cell.status == "exact":
        return seen.words("quality.intime", limit=LATE_DAYS)
    said = share_of(cell, seen.words) if share else seen.words("unit.underone")
    return seen.words("quality.sentence", share=said, limit=LATE_DAYS)


def _most(standing: Sequence[tuple[str, Cell]], seen: Seen) -> str:
    """What is most often missing or contradictory, where that may be said."""
    known = [(code, cell) for code, cell in standing if number_of(cell) is not None]
    if not known:
        return seen.words("quality.none" if not standing else "quality.few")
    code, cell = known[0]
    return seen.words("quality.most", flag=seen.words.named("flag", code), n=text_of(cell, "number", seen.words))


def _silent(table: ShownTable | None, seen: Seen) -> str:
    """The source that is silent longest; only those inside are told of sources."""
    if table is None:
        return ""
    silent = [(days, row) for row in table.rows if (days := number_of(_cell(row, table, "silentDays"))) is not None]
    if not silent:
        return ""
    days, row = max(silent, key=lambda item: item[0])
    if days == 0:
        return seen.words("quality.allheard")
    return seen.words("quality.longest", source=str(row.at), days=in_days(days, seen.words))


def _on(row: ShownRow, table: ShownTable, seen: Seen) -> str:
    said = str(_cell(row, table, "lastHeard").value or "")
    return as_day(date.fromisoformat(said), seen.view.language) if said else ""


def _cell(row: ShownRow, table: ShownTable, name: str) -> Cell:
    return row.cells[[column.name for column in table.columns].index(name)]


def _size(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


QUALITY = Panel("quality", _asks, _draw)
