"""How good the data are: what is missing or contradicts, and when each source was last heard; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.monitor.cockpit.cells import text_of, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.lettering import as_day, as_number
from services.monitor.cockpit.charts.values import Axis, Value
from services.monitor.cockpit.panels.panel import Drawn, Twin, in_every_width
from services.monitor.cockpit.view import View
from services.monitor.disclosure.disclose import Audience, disclosed
from services.monitor.disclosure.table import Dimension, table_of
from services.monitor.dossier.flags import FLAGS
from services.monitor.figures.shown import Cell, of_count
from services.monitor.flags.standing import Standing
from shared.calendar import calendar_date

FLAG = "flag"
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of the data themselves."""

    flags: Mapping[str, Cell]
    """By code how many stand on the date, as this reader may see it; of all codes."""
    heard: Mapping[str, datetime]
    """By source when its latest fact was accepted; only for those who see exact figures, else empty."""


def quality_of(flags: Sequence[Standing], heard: Mapping[str, datetime], *, to: Audience) -> Quality:
    """The flags about persons, counted and disclosed as every count of persons is."""
    about_persons = [{FLAG: flag.code} for flag in flags if flag.person is not None and flag.code in FLAGS]
    table = disclosed(table_of((Dimension(FLAG, tuple(FLAGS)),), about_persons), to=to)
    cells = {code: of_count(table.cell(**{FLAG: code})) for code in FLAGS}
    return Quality(cells, heard if to is Audience.INSIDE else {})


def draw_quality(quality: Quality, view: View) -> Drawn:
    """The picture of the flags, and a table of the sources where the reader may see them."""
    words = view.words
    ranked = sorted(quality.flags.items(), key=lambda item: -_size(item[1]))
    most = [(code, cell) for code, cell in ranked if cell.value != 0][:MOST_SHOWN]
    chart = Histogram(
        [Class(_called(code, view), _value(cell, view)) for code, cell in most], Axis(words("quality.axis"))
    )
    sentence = _sentence(quality, most, view)
    picture = in_every_width(
        lambda caption, canvas: histogram(chart, caption, canvas),
        identity="quality",
        title=words("quality.title"),
        description=sentence,
        view=view,
    )
    twins = [
        Twin(
            words("quality.flags"),
            (words("head.code"), words("quality.axis")),
            tuple((_called(code, view), text_of(cell, "number", words)) for code, cell in ranked),
        )
    ]
    if quality.heard:
        twins.append(
            Twin(
                words("quality.sources"),
                (words("head.source"), words("quality.heard"), words("quality.ago")),
                tuple(
                    (source, as_day(calendar_date(at), view.language), _ago(calendar_date(at), view))
                    for source, at in sorted(quality.heard.items(), key=lambda item: item[1])
                ),
            )
        )
    return Drawn(sentence, (picture,) if most else (), tuple(twins), (words("quality.note"),))


def _sentence(quality: Quality, most: Sequence[tuple[str, Cell]], view: View) -> str:
    words = view.words
    if quality.heard:
        source, at = min(quality.heard.items(), key=lambda item: item[1])
        days = max((view.on - calendar_date(at)).days, 0)
        return words("quality.longest", source=source, days=as_number(days, view.language, "count"))
    if not most:
        return words("quality.none")
    code, cell = most[0]
    return words("quality.sentence", flag=_called(code, view), n=text_of(cell, "number", words))


def _called(code: str, view: View) -> str:
    return view.words.named(FLAG, code)


def _value(cell: Cell, view: View) -> Value:
    return value_of(cell, view.words)


def _size(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _ago(day: date, view: View) -> str:
    return as_number(max((view.on - day).days, 0), view.language, "count")
