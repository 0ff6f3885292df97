"""What the commands about erasure print; never a pseudonym."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from services.command import reports
from services.command.erasing.command import Report
from services.command.erasing.deciding import Listed
from shared.calendar import rfc3339


def erased(report: Report, *, as_json: bool) -> None:
    """Print where somebody was, what was done, and whether anything is left."""
    one = report.listed
    if as_json:
        said: dict[str, Any] = {"found": report.found, "left": report.left, "chores": list(report.chores)}
        reports.as_line(said | ({"decision": one.model_dump(mode="json")} if one else {}))
        return
    if one is None:
        _places("Found in", report.found, none="Found nowhere.")
        return
    _places("Was in", report.found, none="Was nowhere.")
    reports.say(f"Erased: {_facts(one)}. Decision {one.token}, {one.basis}, {one.erased_on}.")
    _places("STILL in", report.left, none="A search of every table, stream and file finds nothing.")
    _chores(report.chores)
    reports.say("Backups made before still have it: a restore needs `doorstroom erasures --to FILE`, kept apart.")


def finished(everything: Sequence[Listed], chores: Sequence[str], *, as_json: bool) -> None:
    """Print what is on record after everything was completed."""
    if as_json:
        said = [one.model_dump(mode="json") for one in everything]
        reports.as_line({"erasures": said, "chores": list(chores)})
        return
    reports.say(f"{len(everything)} erasures on record, done in every store, and the files written anew.")
    _chores(chores)


def decisions(everything: Sequence[Listed], *, as_json: bool) -> None:
    """Print every decision."""
    if as_json:
        reports.as_line({"erasures": [one.model_dump(mode="json") for one in everything]})
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("decision", "decided", "basis", "on", "facts", "state"):
        table.add_column(heading)
    for one in everything:
        decided = "" if one.decided_at is None else rfc3339(one.decided_at)
        state = "done" if one.cleaned else "to finish: doorstroom erase --finish"
        table.add_row(one.token, decided, one.basis, str(one.erased_on), _facts(one), state)
    Console(soft_wrap=True).print(table)


def _facts(one: Listed) -> str:
    return ", ".join(f"{facts} facts of {store}" for store, facts in sorted(one.facts.items())) or "no facts"


def _places(heading: str, found: Mapping[str, int], *, none: str) -> None:
    if not found:
        reports.say(none)
    for place, number in found.items():
        reports.say(f"{heading} {place} ({number})")


def _chores(chores: Sequence[str]) -> None:
    for chore in chores:
        reports.say(f"To do: {chore}")
