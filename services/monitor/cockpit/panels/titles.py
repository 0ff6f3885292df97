"""The legal title: nights that no machtiging covers, and on which machtiging a closure began."""

from collections.abc import Mapping, Sequence

from services.monitor.cockpit.cells import number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.stacked import Stacked, Whole, stacked
from services.monitor.cockpit.charts.values import Axis
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width, of_year
from services.monitor.cockpit.view import View
from services.monitor.figures.shown import Shown, ShownTable
from services.monitor.figures.title import FRAME, KINDS, MEASURES, WITHOUT

MONTHS = 12


def _asks(view: View) -> Mapping[str, Ask]:
    return {"title": ask(view, "title", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["title"]
    began, measure, nights = shown.table("began-on"), shown.table("measure"), shown.table("nights")
    kinds = Stacked(
        [words.named("title", kind) for kind in KINDS],
        [Whole(words("titles.began"), [value_of(began.cell("count", kind=kind), words) for kind in KINDS])],
        Axis(words("moves.closures")),
    )
    frames = Stacked(
        [words.named("measure", kind) for kind in MEASURES],
        [
            Whole(
                words("titles.began"),
                [value_of(measure.cell("count", **{FRAME.name: kind}), words) for kind in MEASURES],
            )
        ],
        Axis(words("moves.closures")),
    )
    sentence, outside = nights_sentence(shown, seen), shown.audience == "outside"
    pictures = tuple(
        in_every_width(
            lambda caption, canvas, one=one: stacked(one, caption, canvas),  # type: ignore[misc]
            identity=identity,
            title=words(title),
            description=sentence,
            view=view,
        )
        for one, identity, title in (
            (kinds, "titles", "titles.kinds"),
            (frames, "titles-measure", "titles.measures"),
        )[: 1 if outside else 2]
    )
    by_measure = _without(shown, seen) if outside else _twin(measure, FRAME.name, MEASURES, "titles.measures", seen)
    twins = (_nights(nights, seen), _twin(began, "kind", KINDS, "titles.kinds", seen), by_measure)
    return Drawn(sentence, pictures, twins, of_year(shown, words))


def nights_sentence(shown: Shown, seen: Seen) -> str:
    """The share of nights without a machtiging, and of how many closures."""
    words, nights = seen.words, shown.table("nights")
    share, concerned = nights.cell("share"), nights.cell("concerned")
    exact = number_of(share)
    if exact is None:
        return words("titles.hidden", unsaid=unsaid(share, words))
    if exact == 0 and share.status == "exact":
        return words("titles.covered")
    said = share_of(share, words) if exact else words("unit.underone")
    if number_of(concerned) is None:
        return words("titles.partly", share=said, unsaid=unsaid(concerned, words))
    return words("titles.sentence", share=said, concerned=share_of(concerned, words))


def _twin(table: ShownTable, dimension: str, names: Sequence[str], caption: str, seen: Seen) -> Twin:
    words, kind_of = seen.words, {"kind": "title", FRAME.name: "measure"}[dimension]
    return Twin(
        words(caption),
        (words(caption), words("moves.closures"), words("head.share")),
        tuple(
            (
                words.named(kind_of, one),
                text_of(table.cell("count", **{dimension: one}), "closures", words),
                text_of(table.cell("share", **{dimension: one}), "share", words),
            )
            for one in names
        ),
    )


def _without(shown: Shown, seen: Seen) -> Twin:
    """The one kind by measure that those outside see."""
    words, table, key = seen.words, shown.table(WITHOUT), {FRAME.name: WITHOUT}
    row = (
        words.named("measure", WITHOUT),
        text_of(table.cell("n", **key), "closures", words),
        text_of(table.cell("share", **key), "share", words),
    )
    head = (words("titles.measures"), words("moves.closures"), words("head.share"))
    return Twin(words("titles.measures"), head, (row,))


def _nights(nights: ShownTable, seen: Seen) -> Twin:
    words = seen.words
    return Twin(
        words("titles.nights"),
        (words("head.measure"), words("titles.nights")),
        tuple(
            (words(f"nights.{column.name}"), text_of(nights.cell(column.name), column.unit, words))
            for column in nights.columns
            if column.name in ("nights", "uncovered", "share", "concerned")
        ),
    )


TITLES = Panel("titles", _asks, _draw)
