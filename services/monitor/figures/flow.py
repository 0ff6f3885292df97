"""Flow of a window: begin + started - ended = end, checked."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate

from services.monitor.disclosure.table import Key
from services.monitor.dossier.spells import Spell
from services.monitor.figures.answer import Findings, FlowTable, Movement
from services.monitor.figures.figure import DATED_SPLITS, Figure, grouped, unit_of
from services.monitor.figures.population import Population, cases_of, inferred_among
from services.monitor.figures.question import Parameter, Window
from services.monitor.figures.stock import OF
from shared.calendar import add_months

PER = Parameter(
    "per",
    "window",
    "Whether the window is shown whole, or by its parts.",
    choices=("window", "month", "quarter", "year"),
)
STEPS = {"month": 1, "quarter": 3, "year": 12}
PERIODS_MAX = 1_000
DAY = timedelta(days=1)


class DoesNotAddUp(ArithmeticError):
    """Begin + started - ended is not end: a mistake in the counting, never in the facts."""


def periods(window: Window, per: str) -> tuple[Window, ...]:
    """The parts of a window: calendar months, quarters or years, the first and last cut to the window."""
    if per == "window":
        return (window,)
    step = STEPS[per]
    start = date(window.a.year, (window.a.month - 1) // step * step + 1, 1)
    found: list[Window] = []
    while start < window.b and len(found) < PERIODS_MAX:
        end = add_months(start, step)
        found.append(Window(max(start, window.a), min(end, window.b)))
        start = end
    return tuple(found)


def movements(spells: Iterable[Spell], parts: Sequence[Window]) -> tuple[Movement, ...]:
    """What came and went in each of these parts, which follow one another.

    Begin are those open on the day before a part, end those open on its last day. What is open is counted apart from
    what started and ended, so that the sum is a check. Without parts nothing moved.
    """
    if not parts:
        return ()
    starts = [part.a for part in parts]
    looks = [parts[0].a - DAY, *(part.b - DAY for part in parts)]
    began, over = looks[0] + DAY, parts[-1].b
    came, left, opened = [0] * len(parts), [0] * len(parts), [0] * (len(looks) + 1)
    for spell in spells:
        start, end = spell.started_on, spell.ended_on
        if began <= start < over:
            came[bisect_right(starts, start) - 1] += 1
        if end is not None and began <= end < over:
            left[bisect_right(starts, end) - 1] += 1
        # Open on every look from the first at or after its start to the last before its end (D3).
        opened[bisect_left(looks, start)] += 1
        opened[-1 if end is None else bisect_left(looks, end)] -= 1
    there = list(accumulate(opened))
    found = tuple(map(Movement, there, came, left, there[1:]))
    for part, (begin, started, ended, ending) in zip(parts, found, strict=True):
        if begin + started - ended != ending:
            raise DoesNotAddUp(f"{begin} + {started} - {ended} is not {ending}, in [{part.a}, {part.b})")
    return found


def _compute(population: Population) -> Findings:
    question = population.question
    # What is dated after the date has not happened, so the window cannot reach further.
    window = Window(question.window.a, min(question.window.b, question.on + timedelta(days=1)))
    spells = [
        spell
        for spell in population.spells(question.word("of"))
        if spell.started_on < window.b and (spell.ended_on is None or spell.ended_on >= window.a)
    ]
    groups = grouped(population, spells)
    parts = periods(window, question.word("per")) if window.a < window.b else ()
    inner: dict[Key, list[Spell]] = {}
    for key, spell in groups.inner:
        inner.setdefault(key, []).append(spell)
    moved = [spell for spell in spells if window.holds(spell.started_on) or _ended_in(spell, window)]
    notes: Sequence[str] = ()
    if window.b != question.window.b:
        notes = (f"The window is cut to end after {question.on}: what is dated later has not happened.",)
    return Findings(
        n=len(moved),
        inferred=inferred_among(moved),
        tables=(
            FlowTable(
                "flow",
                "Begin + started - ended = end; begin are those open on the day before, end those open on the last day",
                unit_of(question.word("of")),
                groups.dimensions,
                parts,
                {key: movements(found, parts) for key, found in sorted(inner.items())},
                unit_of(question.word("of")),
            ),
        ),
        cases=cases_of(moved, question.on),
        notes=tuple(notes),
    )


def _ended_in(spell: Spell, window: Window) -> bool:
    return spell.ended_on is not None and window.holds(spell.ended_on)


FLOW = Figure(
    name="flow",
    title="Flow of a window",
    title_dutch="In- en uitstroom",
    view="flow",
    period="window",
    counts=(
        "Closures (or placements) that were there at the beginning, started, ended, and are there at the end of a "
        "window. Each is counted in both started and ended when it did both, also when it lasted 0 days."
    ),
    formula=(
        "For [a, b): begin = open on a - 1 day; started: a <= started_on < b; ended: a <= ended_on < b; end = open on "
        "b - 1 day. begin + started - ended = end holds for any facts, and is checked each time."
    ),
    rules=("D1", "D2", "D3", "D4", "D7"),
    splits=tuple(name for name in DATED_SPLITS if name != "year"),
    compute=_compute,
    parameters=(OF, PER),
    example=(
        "In 2024 with one closure open since 1 November 2023: 1 + 3 (10 January, 1 September, 15 December) - 2 (8 "
        "July, 20 December) = 2."
    ),
)
