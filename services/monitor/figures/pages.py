"""A page about each figure, made from its own definition; and the list of them."""

from collections.abc import Mapping

from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure

VIEWS = {
    "stock": "stock: those who are there on a date",
    "flow": "flow: what happens in a window",
    "exit": "exit: those that ended in a window, whenever they began",
    "entry": "entry: those that began in a window, followed from then on",
}
_OPENING = """\
# Figures

Every figure follows the [counting rules](../definitions.md). Each is read at `/v1/figures/{name}` as JSON or, with
`Accept: text/csv`, as CSV: a line for each cell. These pages are made from the definitions in
`services/monitor/figures/` by `make docs`, and a test compares them.

Every figure knows `on` (the date D: what is dated later has not happened) and `known` (the moment K: what was
accepted later is not known). The answer to one D and K never changes once it says `final`.
`/v1/figures/changes?since=` says which figures are other than they were, with every value that changed, and which
facts moved them: a page looks at `limit` of the facts accepted in between (of `accepted`), and the header `Link` leads
to the next, until all were told. With `cases=true`, and the scope `cases:read`, the cases behind the number come with
it, and each look is logged.

A value has a status: `exact`; `rounded` (those outside see counts of persons to 5, statistics in whole days or
percents); `too-small` (fewer than 10 young persons); `withheld` (another one that is too small would follow);
`not-estimable` (the observations do not say); `given` (the same whatever the facts say). Those outside see what was
known at the last release, a month apart, on dates on which months turn, in windows of the default length or in calendar
years that are over: see [what is published](../access.md#what-is-published-and-what-can-be-learned-from-it).

A split looks at a closure or a placement on one day: the date in a stock, its end where that is counted, else its first
day, also where its care days are counted. The provider is that of the accommodation on that day, by what the register
said last; sex and month of birth are what the first of its placements says that says them.

| figure | what it is | view |
| --- | --- | --- |
"""


def pages() -> Mapping[str, str]:
    """Every page in Markdown, by its file name."""
    listed = "".join(
        f"| [{name}]({name}.md) | {figure.title} ({figure.title_dutch}) | {figure.view} |\n"
        for name, figure in FIGURES.items()
    )
    return {"README.md": _OPENING + listed} | {f"{name}.md": page(figure) for name, figure in FIGURES.items()}


def page(figure: Figure) -> str:
    """The page about one figure, in Markdown."""
    outside = "; outside a calendar year that is over" if figure.calendar_years else ""
    of = (
        "its date, `on`"
        if figure.period == "date"
        else f"a window, `from` and `until`; {figure.months} months by default{outside}"
    )
    parts = [
        f"# {figure.title}",
        f"*{figure.title_dutch}.* `GET /v1/figures/{figure.name}`, version {figure.version} of its definition.",
        f"## What it counts\n\n{figure.counts}",
        f"View: {VIEWS[figure.view]}. It is of {of}.",
        f"## Formula\n\n{figure.formula}",
        f"Rules: {', '.join(figure.rules)} of the [counting rules](../definitions.md).",
        f"## Parameters\n\n{_parameters(figure)}",
        f"## Splits\n\n{_splits(figure)}",
        f"## Example, by hand\n\n{figure.example}",
    ]
    return "\n\n".join(parts) + "\n"


def _parameters(figure: Figure) -> str:
    if not figure.parameters:
        return "None of its own."
    rows = [f"| `{one.name}` | `{one.default}` | {one.allowed()} | {one.meaning} |" for one in figure.parameters]
    return "\n".join(["| name | default | allowed | meaning |", "| --- | --- | --- | --- |", *rows])


def _splits(figure: Figure) -> str:
    if not figure.splits:
        return "None."
    return "\n".join(f"- `{name}`: {figure.split_kinds({})[name].meaning}" for name in figure.splits)
