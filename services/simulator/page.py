"""Writes docs/simulation.md from the parameters themselves: `make docs`."""

import sys

from services.simulator.parameters import Parameters, table

_OPENING = """\
# The simulated country

`doorstroom demo` publishes the facts of a country that does not exist, over HTTP, as 16 accommodations, 42 regions,
courts and expert teams would. Its years 2013 to 2023 lie within 6 % of the published figures for placements, young
people placed and young people in care; a seed makes it repeatable (`--seed`). `python -m services.simulator --report`
shows each year beside the published one. No fact in it is about a real young person.

Of the figures of others (`context-figure-published`) those of youth custody are the published ones. The others are made
up, for none were found by year: they name `https://example.org/simulated/...` as where they were published, and
`simulated-...` as their record.

What is **sourced** was published; what is **calibrated** was chosen so that the published figures come out; what is
**unverified** is a reasonable guess that nobody has measured. This page is made from
`services/simulator/parameters.py` by `make docs`, and a test compares the two.
"""

_GROUPS = {
    "noise": "What the field does to clean facts: late, corrected, repeated, contradicting",
    "flow": "How young people move",
    "legal": "Referrals and machtigingen",
    "away": "Leave and absence",
    "leaving": "Ready to leave",
    "experts": "Advice of expert teams",
    "counts": "Heads that accommodations count",
    "schooling": "Lessons, inside and afterwards",
    "plans": "Care plans",
    "around": "Closed in another way, reviewed, restrained in an emergency",
    "measures": "Restrictive measures by a plan",
    "lists": "Waiting lists and national support",
    "landscape": "Plans and consultations",
    "rebuilding": "Closed places that become small groups",
    "funding": "Money for the transformation",
    "buildings": "Buildings in the books",
}


def simulation_page() -> str:
    """The page, in Markdown."""
    rows = list(table(Parameters()))
    parts = [_OPENING]
    for group, title in _GROUPS.items():
        parts.append(f"\n## {title}\n\n| parameter | value | status | meaning or source |\n| --- | --- | --- | --- |\n")
        parts.extend(
            f"| `{row.name}` | {row.value:g} | {row.status} | {row.source} |\n" for row in rows if row.group == group
        )
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(simulation_page())
