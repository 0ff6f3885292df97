"""A cell of an answer as a picture draws it and as a table writes it: a number, or why there is none."""

from datetime import date
from fractions import Fraction

from services.monitor.cockpit.charts.lettering import NumberKind, as_day, as_number
from services.monitor.cockpit.charts.values import Hidden, Number, Value
from services.monitor.cockpit.words import Words
from services.monitor.figures.answer import Unit
from services.monitor.figures.shown import Cell
from services.monitor.figures.splits import UNKNOWN

SHOWN = frozenset({"exact", "rounded", "given"})


def number_of(cell: Cell) -> Number | None:
    """The number in a cell; None where it is not shown or is no number."""
    value = cell.value
    return value if cell.status in SHOWN and isinstance(value, int | float | Fraction) else None


def value_of(cell: Cell, words: Words) -> Value:
    """What a picture draws of a cell."""
    number = number_of(cell)
    return Hidden(words.named("status", cell.status)) if number is None else number


def text_of(cell: Cell, unit: Unit, words: Words) -> str:
    """What a table writes of a cell."""
    if cell.status not in SHOWN:
        return words.named("status", cell.status)
    match cell.value:
        case date():
            return as_day(cell.value, words.language)
        case str():
            return cell.value
        case None:
            return ""
        case _:
            return as_number(cell.value, words.language, kind_of(unit), decimals=decimals_of(unit))


def unsaid(cell: Cell, words: Words) -> str:
    """Why a number is not told, as the end of a sentence: `wordt niet getoond: het gaat om minder dan 10`."""
    return words.named("unsaid", cell.status if cell.status not in SHOWN else "not-estimable")


def share_of(cell: Cell, words: Words) -> str:
    """A share as a sentence says it: what is more than nothing is never said to be 0%."""
    number = number_of(cell)
    nothing = as_number(0, words.language, "share")
    said = text_of(cell, "share", words)
    return words("unit.underone") if number and said == nothing else said


def in_days(number: Number, words: Words) -> str:
    """So many days, in words: `1 dag`, `12 dagen`."""
    key = "unit.oneday" if number == 1 else "unit.manydays"
    return words(key, n=as_number(number, words.language, "count"))


def called(key: str, words: Words) -> str:
    """The key of an accommodation or a provider, as a name: `de-vaart` is `De Vaart`."""
    if key == UNKNOWN:
        return words("occupancy.unknown")
    return " ".join(part[:1].upper() + part[1:] for part in key.split("-"))


def kind_of(unit: Unit) -> NumberKind:
    """How numbers of this unit are written."""
    if unit == "share":
        return "share"
    return "number" if unit in ("rate", "months", "number", "days", "hours") else "count"


def decimals_of(unit: Unit) -> int:
    """After the comma, where a number of this unit is not whole."""
    return 2 if unit == "rate" else 1
