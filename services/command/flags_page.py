"""Writes docs/flags.md from the table of flags itself: `make docs`."""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from services.monitor.dossier.flags import FLAGS, FlagKind

_OPENING = """\
# Flags and refusals

A fact is reported, not commanded: it is accepted whatever else is missing or contradicts. What is missing or
contradicts is a **flag** on the dossier, with a severity, the day since when, and the source whose fact shows it.
Nobody clears a flag: it goes by itself when the fact that mends it is there, and what was known before stays as it was.

`GET /v1/flags` lists those that stand on a day (`on`), as known at a moment (`known`): for operations those of the
young persons they may see, for a publisher those on facts of its own sources. The receipt of a fact already warns of
some of them; the metric `doorstroom_flags` counts all. A flag counts from its day on; some wait a few days, because the
fact that mends it may be on its way.

This page is made from the tables in the code by `make docs`, and a test compares the two. F1 to F22 are those of the
sector's design; from F23 on they are ours.

| code | severity | what is wrong | since | goes with |
| --- | --- | --- | --- | --- |
"""

_REFUSED = """
## What the door refuses

Refused is only what no later fact could make true. The publisher is told all errors of an event together, each with a
code and a JSON pointer; `GET /v1/rejections` tells them again.

| code | what is refused | as problem | with errors |
| --- | --- | --- | --- |
"""


class Refusal(NamedTuple):
    """One reason why the door refuses an event."""

    code: str
    what: str
    problem: str
    """The slug of the problem."""
    errors: tuple[str, ...]
    """Codes of the errors in it."""


REFUSALS = (
    Refusal(
        "H1",
        "No event that fits the schema of its type: unknown types, fields and codes, missing and repeated fields, other"
        " formats.",
        "invalid-event",
        (
            "json",
            "missing",
            "repeated",
            "unknown_type",
            "unknown_field",
            "unknown_code",
            "not_allowed",
            "type",
            "format",
            "date",
        ),
    ),
    Refusal(
        "H2", "A period of one event that ends before or on the day on which it begins.", "invalid-event", ("interval",)
    ),
    Refusal(
        "H3",
        "A source, a fact or an accommodation that the publisher was not registered for.",
        "not-yours",
        ("source-not-yours", "fact-not-yours", "accommodation-not-yours"),
    ),
    Refusal(
        "H4", "A date more than a day ahead, unless the fact is one that is decided ahead.", "invalid-event", ("ahead",)
    ),
    Refusal(
        "H5",
        "Nine digits that pass the eleven-test of the BSN, anywhere in an event, with dots and spaces between them, or"
        " with hyphens in the groups of people (123-456-782, 1234-56-782, 12-34-56-782). There is no field for a name.",
        "bsn",
        ("bsn",),
    ),
    Refusal("H6", "A source and id that are stored with other content.", "conflict", ()),
    Refusal("H7", "A subject that is no pseudonym: 16 to 64 of A-Z a-z 0-9 _ -.", "invalid-event", ("format",)),
    Refusal(
        "H8",
        "A correction or withdrawal of a record of another source: a record is found by its source, bound by H3.",
        "not-yours",
        ("source-not-yours",),
    ),
    Refusal("H9", "A date before 2008-01-01, the first day of closed youth care by law.", "invalid-event", ("range",)),
)
"""What can be refused, in the order of the design."""


def flags_page() -> str:
    """The page, in Markdown."""
    flags = (
        f"| {code} | {_severity(kind)} | {kind.meaning} | {kind.since} | {kind.clears} |\n"
        for code, kind in FLAGS.items()
    )
    refusals = (
        f"| {one.code} | {one.what} | `{one.problem}` | {', '.join(f'`{error}`' for error in one.errors)} |\n"
        for one in REFUSALS
    )
    return "".join((_OPENING, *flags, _REFUSED, *refusals))


def _severity(kind: FlagKind) -> str:
    return ", ".join(_grows(kind))


def _grows(kind: FlagKind) -> Iterator[str]:
    yield f"{kind.severity} after {kind.counts_after_days} days" if kind.counts_after_days else kind.severity
    if kind.worse is not None:
        yield f"{kind.worse[1]} after {kind.worse[0]} days"


def main() -> None:
    """Print the page."""
    sys.stdout.write(flags_page())


if __name__ == "__main__":
    main()
