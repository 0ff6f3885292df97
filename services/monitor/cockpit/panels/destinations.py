"""Destinations: where those went whose closure ended, to a family above all, or behind other closed doors."""

from collections.abc import Mapping, Sequence

from services.monitor.cockpit.cells import number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.histogram import Class, Histogram, histogram
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width, of_year
from services.monitor.cockpit.view import View
from services.monitor.figures.destinations import DESTINATION, WENT
from services.monitor.figures.living import CLOSED_FRAME, FAMILY_LIKE
from services.monitor.figures.shown import Cell, ShownTable

MONTHS = 12


def _asks(view: View) -> Mapping[str, Ask]:
    return {"destinations": ask(view, "destinations", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["destinations"]
    groups = shown.table("groups")
    chart = Histogram(
        [
            Class(words.named("went", one), value_of(groups.cell("count", **{WENT.name: one}), words))
            for one in WENT.categories
        ],
        Axis(words("moves.closures")),
    )
    sentence = _sentence(groups, seen)
    picture = in_every_width(
        lambda caption, canvas: histogram(chart, caption, canvas),
        identity="destinations",
        title=words("destinations.title"),
        description=sentence,
        view=view,
    )
    twins = [_twin(groups, WENT.name, WENT.categories, seen)]
    if shown.audience == "inside":
        twins.append(_twin(shown.table("destinations"), DESTINATION.name, DESTINATION.categories, seen))
    return Drawn(sentence, (picture,), tuple(twins), (words("destinations.note"), *of_year(shown, words)))


def _sentence(groups: ShownTable, seen: Seen) -> str:
    """How many went to a family, and how many from closed doors to others."""
    family, closed = (groups.cell("share", **{WENT.name: one}) for one in (FAMILY_LIKE, CLOSED_FRAME))
    return f"{_part('family', family, seen)} {_part('closed', closed, seen)}"


def _part(name: str, share: Cell, seen: Seen) -> str:
    words = seen.words
    if number_of(share) is None:
        return words(f"destinations.{name}.hidden", unsaid=unsaid(share, words))
    return words(f"destinations.{name}.share", share=share_of(share, words))


def _twin(table: ShownTable, dimension: str, names: Sequence[str], seen: Seen) -> Twin:
    words = seen.words
    return Twin(
        words(f"destinations.{table.name}"),
        (words("destinations.to"), words("moves.closures"), words("head.share")),
        tuple(
            (
                words("head.total") if one == "total" else words.named("went", one),
                text_of(table.cell("count", **{dimension: one}), "closures", words),
                text_of(table.cell("share", **{dimension: one}), "share", words),
            )
            for one in (*names, "total")
        ),
    )


DESTINATIONS = Panel("destinations", _asks, _draw)
