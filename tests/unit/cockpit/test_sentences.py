"""Every sentence above a picture, whatever may not be said in it: whole, plain, and in the language of the page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from services.monitor.accommodations import Capacity
from services.monitor.answers.asking import asked as read
from services.monitor.answers.asking import question
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.keys import keys_of
from services.monitor.cockpit.overview import PANELS
from services.monitor.cockpit.panels.elapsed import ELAPSED
from services.monitor.cockpit.panels.panel import Panel, Seen
from services.monitor.cockpit.panels.starts import STARTS
from services.monitor.cockpit.view import View
from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Conventions
from services.monitor.figures.shown import Cell, Shown, ShownTable
from services.monitor.surroundings import ContextFigure, Surroundings
from tests.unit.figures.asked import REGISTER, THREE, known

ON = date(2025, 1, 31)
PLAIN = {"persons", "closures", "placements", "facts", "days", "share", "rate", "places", "number"}
CELLS = {
    "too small": Cell("too-small"),
    "withheld": Cell("withheld"),
    "not estimable": Cell("not-estimable"),
    "none": Cell("exact", 0),
    "one": Cell("exact", 1),
    "many": Cell("exact", 1234),
    "rounded": Cell("rounded", 40),
}
"""What may stand in a cell."""

AROUND = replace(
    REGISTER,
    capacities=(
        Capacity("A", "", date(2022, 1, 1), 12, 10, "gesloten", "regionaal"),
        Capacity("C", "", date(2023, 7, 1), 6, 6, "hybride", "lta"),
    ),
    surroundings=Surroundings(
        tuple(ContextFigure("jji", None, year, number, "final") for year, number in (("2019", 1900), ("2023", 1584)))
    ),
)
"""Places and figures of others, so that there is something to say of them."""

Answers = dict[str, Shown]


def view(language: Language) -> View:
    return View(language, ON, observed_from=date(2022, 1, 1))


@cache
def answers(name: str, audience: Audience) -> Answers:
    """The answers of a panel on a few persons."""
    people, found = known(*THREE, register=AROUND), {}
    for key, one in PANELS[name].asks(view("nl")).items():
        figure = FIGURES[one.figure]
        wanted = question(figure, read(figure, one.query), people, Conventions())
        found[key] = published(figure, people, wanted, to=audience)
    return found


def filled(found: Answers, cell: Cell, only: str | None = None) -> Answers:
    """The same with this in every cell that holds a number, or in those of one column only."""
    return {
        key: replace(shown, tables=tuple(_filled(one, cell, only) for one in shown.tables))
        for key, shown in found.items()
    }


def _filled(table: ShownTable, cell: Cell, only: str | None) -> ShownTable:
    wanted = [one.unit in PLAIN and only in (None, one.name) for one in table.columns]
    return replace(
        table,
        rows=tuple(
            replace(row, cells=tuple(cell if fits else old for fits, old in zip(wanted, row.cells, strict=True)))
            for row in table.rows
        ),
    )


def variants(name: str) -> Iterator[tuple[str, Answers]]:
    """Every way in which the numbers of a panel may be there or not."""
    for audience in Audience:
        found = answers(name, audience)
        yield f"{audience.value}", found
        for case, cell in CELLS.items():
            yield f"{audience.value}, all {case}", filled(found, cell)
        whole = filled(found, CELLS["many"])
        columns = {one.name for shown in found.values() for table in shown.tables for one in table.columns}
        for column in sorted(columns):
            yield f"{audience.value}, {column} withheld", filled(whole, CELLS["withheld"], column)


def faults(text: str, language: Language) -> list[str]:
    """What is wrong with a text that people read."""
    found = [pattern for pattern in FORBIDDEN[language] if re.search(pattern, text)]
    if not re.match(r"[A-Z0-9]", text):
        found.append("does not begin as a sentence")
    if not text.endswith("."):
        found.append("does not end as a sentence")
    return found


EVERYWHERE = (r"[{}]", r"  ", r"\.\.", r" ,", r"\bNone\b", r"NaN", r"_", r"\bnan\b", r"-\d")
FORBIDDEN: dict[Language, tuple[str, ...]] = {
    "nl": (
        *EVERYWHERE,
        r"\bis te klein\b",
        r"is niet getoond",
        r"(te klein|niet getoond) (aan|zitten|jongeren|erbij|eraf|plekken)",
        r"\b1 (jongeren|plaatsingen|gesloten perioden|dagen)\b",
        r"\b0 (jongeren|plaatsingen|gesloten)",
        r"\b(the|and|is not|of them)\b",
    ),
    "en": (
        *EVERYWHERE,
        r"is too small\b",
        r"(too small|not shown) (are|young|came|went|places)",
        r"\b1 (young people|placements|closures|days)\b",
        r"\b0 (young people|placements|closures)",
        r"\b(het|een|niet|jongeren|wordt)\b",
    ),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PANELS)
def test_a_sentence_is_plain_whatever_may_not_be_said(name: str, language: Language) -> None:
    panel: Panel = PANELS[name]
    wrong = []
    for case, found in variants(name):
        sentence = panel.draw(Seen(view(language), found)).sentence
        wrong += [f"{case}: {sentence!r}: {fault}" for fault in faults(sentence, language)]
    assert wrong == []


def test_who_comes_back_is_said_of_the_longest_time_that_is_shown() -> None:
    found = filled(answers("returns", Audience.OUTSIDE), Cell("rounded", Fraction(1, 10)))
    (shown,) = found.values()
    full = shown.table("full-follow-up")
    rows = tuple(
        replace(row, cells=(Cell("withheld"),) * len(row.cells)) if row.at == 365 else row for row in full.rows
    )
    tables = tuple(replace(one, rows=rows) if one is full else one for one in shown.tables)
    sentence = PANELS["returns"].draw(Seen(view("en"), {"returns": replace(shown, tables=tables)})).sentence
    assert "180 days" in sentence
    assert "10%" in sentence


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_stands_at_the_top_is_plain_whatever_may_not_be_said(language: Language) -> None:
    pairs = zip(variants(ELAPSED.name), variants(STARTS.name), strict=False)
    wrong = []
    for (case, stock), (_, starts) in pairs:
        for key in keys_of(stock["stock"], starts["starts"], view(language)):
            text = key.text if key.text.endswith(".") else key.text + "."
            wrong += [
                f"{case}: {key.big!r} {key.text!r}: {fault}" for fault in faults(text[0].upper() + text[1:], language)
            ]
            assert key.big.strip()
            assert key.in_words == (not re.match(r"\d", key.big)), key
    assert wrong == []
