"""An address turned into a question: every key is known, every value allowed, or all that is wrong is said together."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from services.monitor.figures.catalogue import default_window
from services.monitor.figures.figure import Figure
from services.monitor.figures.question import Conventions, Parameter, ParameterValue, Question, Window
from services.monitor.figures.splits import SPLITS, splits_of
from services.monitor.history.known import Known
from shared.calendar import calendar_date, end_of
from shared.problems import INVALID_REQUEST, Fault, Problem

WHERE = ("area", "region", "provider")
"""Splits that may also be asked for as a part."""

TIMES = ("on", "known", "from", "until")
SPLITS_MAX = 2
FIRST_DAY = date(2008, 1, 1)
"""Closed youth care is a form of care since then."""
LAST_DAY = date(2100, 1, 1)
PAGE_CASES = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address says; what it leaves out is None."""

    on: date | None
    known: datetime | None
    window: Window | None
    split: tuple[str, ...]
    where: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    cases: bool
    page: int


class Wrong:
    """Collects what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def about(self, parameter: str, detail: str) -> None:
        """Note one thing."""
        self.faults.append(Fault(detail=detail, code="not-allowed", parameter=parameter))

    def value(self, parameter: str, text: str | None, read: Callable[[str], T], allowed: str) -> T | None:
        """A value as it is read, or None with a note of what is allowed."""
        if text is None:
            return None
        try:
            return read(text)
        except ValueError:
            self.about(parameter, f"{parameter} is {allowed}.")
            return None

    def refuse(self) -> None:
        """Raise the problem 400 with everything that is wrong, if anything is."""
        if self.faults:
            raise Problem(INVALID_REQUEST, " ".join(fault.detail for fault in self.faults), faults=self.faults)


def keys_of(figure: Figure) -> tuple[str, ...]:
    """Every key that an address of this figure may have."""
    where = [name for name in WHERE if name in figure.splits]
    split = ["split"] if figure.splits else []
    window = TIMES if figure.period == "window" else TIMES[:2]
    return (*window, *split, *where, *(one.name for one in figure.parameters), "cases", "page")


def asked(figure: Figure, query: Sequence[tuple[str, str]]) -> Asked:
    """Read the query of an address. Raises the problem 400 with all that is wrong, and what is allowed."""
    wrong = Wrong()
    given = _given(query, keys_of(figure), wrong)
    on = wrong.value("on", given.get("on"), _day, _A_DATE)
    known = wrong.value("known", given.get("known"), moment, _A_MOMENT)
    window = _window(figure, given, on, wrong)
    split = _split(figure, given.get("split"), wrong)
    where = {name: given[name] for name in WHERE if name in given}
    parameters = {
        one.name: value
        for one in figure.parameters
        if (value := _parameter(one, given.get(one.name), wrong)) is not None
    }
    cases = wrong.value("cases", given.get("cases"), _yes_or_no, "true or false") or False
    page = wrong.value("page", given.get("page"), _page, "a whole number from 1 to 100000") or 1
    wrong.refuse()
    return Asked(on, known, window, split, where, parameters, cases, page)


def question(figure: Figure, wanted: Asked, known: Known, conventions: Conventions) -> Question:
    """The question on what is known; its date is that of K unless it says another. Raises 400 for an unknown part."""
    on = wanted.on or calendar_date(known.known)
    window = wanted.window or default_window(figure, on)
    parameters = {one.name: wanted.parameters.get(one.name, one.default) for one in figure.parameters}
    wrong = Wrong()
    splits = splits_of(tuple(wanted.where), known.register, window, kinds=figure.split_kinds(parameters))
    for name, split in zip(wanted.where, splits, strict=True):
        if wanted.where[name] not in split.dimension.categories:
            wrong.about(name, f"{name} is one of {', '.join(split.dimension.categories)}.")
    wrong.refuse()
    return Question(
        on=on,
        window=window,
        split=wanted.split,
        where=wanted.where,
        parameters=parameters,
        conventions=conventions,
    )


_A_DATE = "a date such as 2025-01-31, from 2008 to 2099"
_A_MOMENT = "a moment such as 2025-01-31T12:00:00Z, or a date, which is the end of that day in Amsterdam"


def moment(text: str) -> datetime:
    """A moment with its offset; of a date its last microsecond in Amsterdam. Raises ValueError."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return end_of(_day(text))
    # In an address a plus that nobody encoded is a space.
    found = datetime.fromisoformat(text.replace(" ", "+"))
    if found.tzinfo is None or not FIRST_DAY <= found.date() < LAST_DAY:
        raise ValueError(text)
    return found


def _given(query: Sequence[tuple[str, str]], allowed: Sequence[str], wrong: Wrong) -> dict[str, str]:
    given: dict[str, str] = {}
    for key, value in query:
        if key not in allowed:
            wrong.about(key[:60], f"This figure knows the keys {', '.join(allowed)}.")
        elif key in given:
            wrong.about(key, f"{key} is given more than once.")
        given[key] = value
    return given


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not FIRST_DAY <= found < LAST_DAY:
        raise ValueError(text)
    return found


def _window(figure: Figure, given: Mapping[str, str], on: date | None, wrong: Wrong) -> Window | None:
    a = wrong.value("from", given.get("from"), _day, _A_DATE)
    b = wrong.value("until", given.get("until"), _day, f"{_A_DATE}; the first day after the window")
    if ("from" in given) != ("until" in given):
        wrong.about("until" if "from" in given else "from", "from and until are given together.")
    if a is None or b is None:
        return None
    if a >= b:
        wrong.about("until", "until is the first day after the window, so it is later than from.")
        return None
    return Window(a, b)


def _split(figure: Figure, text: str | None, wrong: Wrong) -> tuple[str, ...]:
    names = tuple(text.split(",")) if text else ()
    if any(name not in figure.splits for name in names) or len(set(names)) < len(names) or len(names) > SPLITS_MAX:
        allowed = ", ".join(name for name in SPLITS if name in figure.splits)
        wrong.about("split", f"split is one or two of {allowed}, with a comma between.")
    return names


def _parameter(parameter: Parameter, text: str | None, wrong: Wrong) -> ParameterValue | None:
    def read(text: str) -> ParameterValue:
        if parameter.choices:
            if text not in parameter.choices:
                raise ValueError(text)
            return text
        number = int(text) if re.fullmatch(r"\d{1,6}", text) else -1
        if not parameter.least <= number <= parameter.most:
            raise ValueError(text)
        return number

    return wrong.value(parameter.name, text, read, parameter.allowed())


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _page(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}|100000", text):
        raise ValueError(text)
    return int(text)
