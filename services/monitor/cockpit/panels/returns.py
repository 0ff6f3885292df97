"""Re-placement: the share that is closed in again within so many days of the end, as far as it was followed."""

from collections.abc import Mapping

from services.monitor.cockpit.cells import number_of, share_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.curves import AtRisk, Curve, Curves, CurveStep, curves
from services.monitor.cockpit.charts.drawing import Mark
from services.monitor.cockpit.charts.values import Hidden
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, in_every_width, of_year
from services.monitor.cockpit.view import View
from services.monitor.figures.discharges import HORIZONS
from services.monitor.figures.shown import Shown, ShownTable

MONTHS = 24


def _asks(view: View) -> Mapping[str, Ask]:
    return {"returns": ask(view, "replacement", months=view.months or MONTHS)}


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["returns"]
    full = shown.table("full-follow-up")
    live = _live(shown)
    drawn = live or full
    steps = [
        CurveStep(day, share, number_of(drawn.cell("lower", at=day)), number_of(drawn.cell("upper", at=day)))
        for day in HORIZONS
        if (share := number_of(drawn.cell("replaced", at=day))) is not None
    ]
    curve = Curve(
        words("returns.series"),
        steps,
        max((step.day for step in steps), default=0),
        starts_at=0,
        at_risk=[AtRisk(day, value_of(drawn.cell("n", at=day), words)) for day in HORIZONS],
        hidden=None if steps else Hidden(words.named("status", "too-small")),
        shape="line",
    )
    marks = [Mark(day, words("returns.mark", days=day)) for day in HORIZONS[:-1]]
    chart = Curves([curve], words("returns.axis"), words("unit.sinceend"), words("survival.atrisk"), marks)
    sentence = _sentence(shown, seen)
    picture = in_every_width(
        lambda caption, canvas: curves(chart, caption, canvas),
        identity="returns",
        title=words("returns.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("returns.table"),
        (
            words("head.within"),
            words("returns.followed"),
            words("returns.full"),
            *([words("returns.live")] if live else []),
        ),
        tuple(
            (
                words("returns.mark", days=day),
                text_of(full.cell("n", at=day), "number", words),
                text_of(full.cell("replaced", at=day), "share", words),
                *([text_of(live.cell("replaced", at=day), "share", words)] if live else []),
            )
            for day in HORIZONS
        ),
    )
    return Drawn(sentence, (picture,), (twin,), (words("returns.note"), *of_year(shown, words)))


def _live(shown: Shown) -> ShownTable | None:
    """All discharges, also those not followed to the end; only those inside get it."""
    return next((table for table in shown.tables if table.name == "live"), None)


def _sentence(shown: Shown, seen: Seen) -> str:
    """Of the longest time that is shown: outside a longer one may add too few."""
    words, full = seen.words, shown.table("full-follow-up")
    for day in reversed(HORIZONS):
        cell = full.cell("replaced", at=day)
        if number_of(cell) is not None:
            return words("returns.sentence", share=share_of(cell, words), days=day)
    cell = full.cell("replaced", at=HORIZONS[-1])
    return words("returns.hidden", days=HORIZONS[-1], unsaid=unsaid(cell, words))


RETURNS = Panel("returns", _asks, _draw)
