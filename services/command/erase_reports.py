"""What the commands about erasure print; never a pseudonym."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.command import reports, tables
from services.command.erasing.command import Finished, Report
from services.command.erasing.deciding import Listed
from shared.calendar import rfc3339
from shared.scrubbing import Remains


def erased(report: Report, *, as_json: bool) -> None:
    """Print where somebody was, what was done, whether anything is left, and where nobody looked."""
    one = report.listed
    if as_json:
        said: dict[str, Any] = {"found": report.found, "left": report.left, "unsearched": report.unsearched}
        reports.as_line(said | _said(report.remains) | ({"decision": one.model_dump(mode="json")} if one else {}))
        return
    if one is None:
        _places("Found in", report.found, none="Found nowhere.")
        reports.say(f"Not searched: {'; '.join(report.unsearched)}.")
        return
    _places("Was in", report.found, none="Was nowhere.")
    reports.say(f"Erased: {_facts(one)}. Decision {one.token}, {one.basis}, {one.erased_on}.")
    _places("STILL in", report.left, none="A search of every table, stream and file of the data folder finds nothing.")
    reports.say(f"Not searched: {'; '.join(report.unsearched)}.")
    _remains(report.remains)
    reports.say("Backups made before still have it: a restore needs `doorstroom erasures --to FILE`, kept apart.")


def finished(done: Finished, *, as_json: bool) -> None:
    """Print what is on record after everything was completed, and of whom it is not known that nothing is left."""
    if as_json:
        said = [one.model_dump(mode="json") for one in done.erasures]
        reports.as_line({"erasures": said, "left": done.left} | _said(done.remains))
        return
    reports.say(f"{len(done.erasures)} erasures on record, done in every store.")
    for token, places in done.left.items():
        reports.say(f"STILL something of {token} in {', '.join(places)}; remove it and call this again")
    if done.due and not done.remains.undone:
        reports.say("The files were written anew.")
    unknown = sum(not one.searched for one in done.erasures if one.token not in done.left)
    if unknown:
        reports.say(f"{unknown} of them nobody has looked for: `doorstroom erase -` with the pseudonym searches.")
    _remains(done.remains)


def decisions(everything: Sequence[Listed], *, as_json: bool) -> None:
    """Print every decision."""
    if as_json:
        reports.as_line({"erasures": [one.model_dump(mode="json") for one in everything]})
        return
    table = tables.table("decision", "decided", "basis", "on", "facts", "state")
    for one in everything:
        decided = "" if one.decided_at is None else rfc3339(one.decided_at)
        table.add_row(one.token, decided, one.basis, str(one.erased_on), _facts(one), _state(one))
    tables.show(table)


def _state(one: Listed) -> str:
    if one.searched:
        return "done"
    if one.cleaned:
        return "done, not searched: doorstroom erase - with the pseudonym"
    return "to finish: doorstroom erase --finish"


def _facts(one: Listed) -> str:
    return ", ".join(f"{facts} facts of {store}" for store, facts in sorted(one.facts.items())) or "no facts"


def _places(heading: str, found: Mapping[str, int], *, none: str) -> None:
    if not found:
        reports.say(none)
    for place, number in found.items():
        reports.say(f"{heading} {place} ({number})")


def _remains(remains: Remains) -> None:
    for one in remains.undone:
        reports.say(f"NOT DONE: {one}")
    for one in remains.outside:
        reports.say(f"Remember: {one}")


def _said(remains: Remains) -> dict[str, Any]:
    return {"undone": list(remains.undone), "outside": list(remains.outside)}
