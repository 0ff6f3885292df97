"""Flow of a window: begin + started - ended = end, checked."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.monitor.disclosure.table import Key
from services.monitor.dossier.days import add_months, open_on
from services.monitor.figures.answer import Findings, FlowTable, Movement
from services.monitor.figures.figure import DATED_SPLITS, Figure, grouped, unit_of
from services.monitor.figures.population import Population, Spell, cases_of, inferred_among
from services.monitor.figures.question import Parameter, Window
from services.monitor.figures.stock import OF

PER = Parameter(
    "per",
    "window",
    "Whether the window is shown whole, or by its parts.",
    choices=("window", "month", "quarter", "year"),
)
STEPS = {"month": 1, "quarter": 3, "year": 12}
PERIODS_MAX = 1_000


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


def movement(spells: Iterable[Spell], window: Window) -> Movement:
    """What came and went in the window; begin are those open on the day before it, end those open on its last day."""
    before, last = window.a - timedelta(days=1), window.b - timedelta(days=1)
    begin = started = ended = end = 0
    for spell in spells:
        begin += open_on(spell, before)
        end += open_on(spell, last)
        started += window.holds(spell.started_on)
        ended += spell.ended_on is not None and window.holds(spell.ended_on)
    if begin + started - ended != end:
        raise DoesNotAddUp(f"{begin} + {started} - {ended} is not {end}, in [{window.a}, {window.b})")
    return Movement(begin, started, ended, end)


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
    parts = periods(window, question.word("per"))
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
                {key: tuple(movement(found, part) for part in parts) for key, found in sorted(inner.items())},
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
