"""How long it lasts for those who come in: Kaplan-Meier by year of start, with the terms and who is still followed."""

from collections.abc import Mapping
from datetime import date

from services.monitor.cockpit.cells import in_days, number_of, text_of, unsaid, value_of
from services.monitor.cockpit.charts.curves import AtRisk, Curve, Curves, CurveStep, curves
from services.monitor.cockpit.charts.drawing import Mark
from services.monitor.cockpit.charts.lettering import as_number
from services.monitor.cockpit.charts.values import Hidden
from services.monitor.cockpit.panels.panel import Ask, Drawn, Panel, Seen, Twin, ask, asked_window, in_every_width
from services.monitor.cockpit.view import FIRST_MONTH, View
from services.monitor.figures.shown import Shown, ShownRow, ShownTable

YEARS = 4
TERMS = (28, 91, 183, 365)
AT_RISK_DAYS = (91, 183, 365, 548, 730)
TABLE_DAYS = (30, 91, 183, 274, 365, 548, 730)
DRAWN_DAYS = 730


def _asks(view: View) -> Mapping[str, Ask]:
    asked = ask(view, "entry-duration", split="year")
    return {"entry": asked_window(asked, (date(years_of(view, YEARS)[0], 1, 1), date(view.on.year + 1, 1, 1)))}


def years_of(view: View, most: int) -> list[int]:
    """The last calendar years up to that of the date, none of them before anybody observed."""
    first = max(view.on.year - most + 1, FIRST_MONTH.year)
    if view.observed_from is not None:
        first = max(first, view.observed_from.year)
    return list(range(min(first, view.on.year), view.on.year + 1))


def _draw(seen: Seen) -> Drawn:
    words, view, shown = seen.words, seen.view, seen.answers["entry"]
    at_days = shown.table("curve-at")
    years = sorted({row.key["year"] for row in at_days.rows} - {"total"})
    chart = Curves(
        [_curve(shown, year, seen) for year in years],
        words("survival.axis"),
        words("unit.since"),
        words("survival.atrisk"),
        [Mark(days, words(f"mark.{days}")) for days in TERMS],
    )
    sentence = _sentence(shown, years, seen)
    picture = in_every_width(
        lambda caption, canvas: curves(chart, caption, canvas),
        identity="survival",
        title=words("survival.title"),
        description=sentence,
        view=view,
    )
    twin = Twin(
        words("survival.table"),
        (words("head.days"), *years),
        tuple((str(day), *(_at(at_days, year, day, seen) for year in years)) for day in TABLE_DAYS),
    )
    quantiles = shown.table("quantiles")
    medians = Twin(
        words("survival.quantiles"),
        (words("head.within"), *years),
        tuple(
            (words(f"within.{share}"), *(_quantile(quantiles, year, share, seen) for year in years))
            for share in ("0.25", "0.5", "0.75", "0.9")
        ),
    )
    notes = (words("survival.note"),) if _steps(shown) else (words("survival.note"), words("survival.points"))
    return Drawn(sentence, (picture,), (twin, medians), notes)


def _steps(shown: Shown) -> ShownTable | None:
    """Each step of the curve; only those inside get it."""
    return next((table for table in shown.tables if table.name == "curve"), None)


def _curve(shown: Shown, year: str, seen: Seen) -> Curve:
    points = [row for row in shown.table("curve-at").rows if row.key["year"] == year]
    steps = _steps(shown)
    drawn = [row for row in steps.rows if row.key["year"] == year] if steps else points
    table = steps or shown.table("curve-at")
    names = [column.name for column in table.columns]
    found = [step for row in drawn if (step := _step(row, names)) is not None and step.day <= DRAWN_DAYS]
    at_risk = [
        AtRisk(row.at, value_of(row.cells[0], seen.words))
        for row in points
        if isinstance(row.at, int) and row.at in AT_RISK_DAYS and row.cells[0].status != "not-estimable"
    ]
    started = shown.table("summary").cell("n", year=year)
    hidden = None if found else Hidden(seen.words.named("status", _why(started.status)))
    followed = max((step.day for step in found), default=0)
    return Curve(
        year,
        found,
        followed,
        at_risk=[AtRisk(0, value_of(started, seen.words)), *at_risk],
        hidden=hidden,
        shape="step" if steps else "line",
    )


def _why(status: str) -> str:
    return status if status not in ("exact", "rounded", "given") else "not-estimable"


def _step(row: ShownRow, names: list[str]) -> CurveStep | None:
    share = number_of(row.cells[names.index("survival")])
    if share is None or not isinstance(row.at, int):
        return None
    lower, upper = (number_of(row.cells[names.index(name)]) for name in ("lower", "upper"))
    return CurveStep(row.at, share, lower, upper)


def _at(table: ShownTable, year: str, day: int, seen: Seen) -> str:
    return text_of(table.cell("survival", at=day, year=year), "share", seen.words)


def _quantile(table: ShownTable, year: str, share: str, seen: Seen) -> str:
    return text_of(table.cell("days", at=share, year=year), "days", seen.words)


def _sentence(shown: Shown, years: list[str], seen: Seen) -> str:
    """The median of the last year of start that has one; the limits beside it say how sure that is."""
    words, quantiles = seen.words, shown.table("quantiles")
    for year in reversed(years):
        median, lower, upper = (
            number_of(quantiles.cell(name, at="0.5", year=year)) for name in ("days", "lower", "upper")
        )
        if median is not None:
            days = in_days(median, words)
            if lower is None or upper is None:
                return words("survival.unlimited", year=year, days=days)
            limits = {
                "low": as_number(lower, words.language, "count"),
                "high": as_number(upper, words.language, "count"),
            }
            return words("survival.sentence", year=year, days=days, **limits)
    cells = [quantiles.cell("days", at="0.5", year=year) for year in reversed(years)]
    return words("survival.hidden", unsaid=words("unsaid.not-estimable") if not cells else unsaid(cells[0], words))


SURVIVAL = Panel("survival", _asks, _draw)
