"""What the commands print: tables for people, JSON for machines. Results go to standard output."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.command import tables
from services.command.failures import WrongCall
from services.command.state import Figures, State
from services.command.validating import Checked
from services.monitor.replay import Replayed, Waiting
from shared.calendar import moment_of, rfc3339
from shared.client import Outcome
from shared.facts.errors import FieldError
from shared.facts.naming import ReceiptWarning
from shared.publishers.registry import Client, Publisher

SHOWN_MAX = 10
"""Lines with errors that are shown to a person; a machine gets them all."""


def as_line(value: object) -> None:
    """Print a value as one line of JSON."""
    Console(soft_wrap=True, highlight=False, markup=False).out(json.dumps(value, ensure_ascii=False))


def say(sentence: str) -> None:
    """Print a sentence for a person."""
    Console(soft_wrap=True, highlight=False, markup=False).print(sentence)


def aside() -> Console:
    """Standard error: for what is shown beside the result."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def progress_bar(unit: str) -> Progress:
    """A bar on standard error, seen only by a person at a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=aside(),
        disable=not sys.stderr.isatty(),
    )


def figures(found: Figures, *, facts: int, as_json: bool) -> None:
    """Print the few figures of the demo."""
    if as_json:
        as_line({"facts": facts} | asdict(found))
        return
    table = tables.table("today, in the simulated country", "")
    for meaning, value in {
        "facts published": facts,
        "open closures": found.open_closures,
        "of which over 6 months": found.over_half_a_year,
        "of which over 12 months": found.over_a_year,
        "doorplaatsingen so far": found.doorplaatsingen,
        "re-placements within a year, so far": found.replacements_within_a_year,
    }.items():
        table.add_row(meaning, f"{value:,}")
    tables.show(table)


def released(moment: datetime, *, as_json: bool) -> None:
    """Print the moment of a release."""
    if as_json:
        as_line({"released": rfc3339(moment)})
    else:
        say(f"Everyone may see the figures as known at {rfc3339(moment)}.")


def token(name: str, issued: str, *, file: Path | None, as_json: bool) -> None:
    """Print a new token, or write it to a file and print where. Raises WrongCall when it cannot be written."""
    if file is not None:
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as written:
                written.write(issued + "\n")
        except OSError as error:
            raise WrongCall(f"{file} cannot be written: {error.strerror}; rotate {name} for a next token") from error
    if as_json:
        as_line({"publisher": name} | ({"token": issued} if file is None else {"token_file": str(file)}))
    elif file is None:
        Console(stderr=True).print(f"The token of {name}; it is not shown again:")
        Console(soft_wrap=True, highlight=False).out(issued)
    else:
        Console(soft_wrap=True).print(f"The token of {name} is in {file}")


def client(name: str, *, done: str, as_json: bool) -> None:
    """Print what was done about a client."""
    if as_json:
        as_line({"publisher" if done != "unlinked" else "client": name, "done": done})
    else:
        Console(soft_wrap=True, highlight=False).out(f"{name}: {done}")


def publishers(everybody: Sequence[Publisher], clients: Mapping[str, Sequence[Client]], *, as_json: bool) -> None:
    """Print who is registered, and which clients of issuers each of them is."""
    rows = [
        {"name": one.name} | {field: sorted(value) for field, value in asdict(one).items() if field != "name"}
        for one in everybody
    ]
    if as_json:
        as_line([row | {"clients": [asdict(one) for one in clients.get(str(row["name"]), ())]} for row in rows])
        return
    table = tables.table("name", "sources", "facts", "accommodations", "scopes", "clients")
    for row in rows:
        linked = [f"{one.name} of {one.issuer}" for one in clients.get(str(row["name"]), ())]
        table.add_row(*(value if isinstance(value, str) else "\n".join(value) for value in (*row.values(), linked)))
    tables.show(table)


def state(answer: State, *, as_json: bool) -> None:
    """Print how far the facts have come."""
    if as_json:
        as_line(asdict(answer))
        return
    table = tables.table("service", "in the ledger", "in the streams", "in the figures", "still to read")
    for service, at in answer.positions.items():
        table.add_row(service, *map(_number, (at.ledger, at.published, at.projected, at.lag)))
    tables.show(table)
    console = Console(stderr=True, soft_wrap=True)
    if answer.parked or answer.quarantined:
        console.print(
            f"[bold red]{answer.parked}[/] facts wait, the figures of [bold red]{answer.quarantined}[/] persons stand"
            " still: doorstroom parked list"
        )
    if answer.halted:
        console.print(
            f"[bold red]{answer.halted}[/] streams stand still before a fact that this version does not know:"
            " upgrade the monitor"
        )
    for service, reason in answer.silent.items():
        console.print(f"[bold red]{service}[/]: {reason}", highlight=False)


def waiting(found: Sequence[Waiting], *, as_json: bool) -> None:
    """Print what the monitor could not take; a ledger and a position name a fact, and nothing names a person."""
    if as_json:
        as_line([asdict(one) for one in found])
        return
    table = tables.table("ledger", "position", "since", "waiting", "reason")
    for one in found:
        since = rfc3339(moment_of(one.since_us))
        table.add_row(one.service or "-", str(one.position or "-"), since, f"{one.behind:,}", one.reason)
    tables.show(table)


def replayed(answer: Replayed, *, as_json: bool) -> None:
    """Print what became of what was parked."""
    if as_json:
        as_line(asdict(answer))
    else:
        say(f"{answer.facts:,} facts taken, {answer.released:,} quarantines ended, {answer.still:,} facts still wait")


class Publication:
    """Shows how far the publishing is, the first events that are refused or odd, and the sums; a context manager.

    The sums are printed also when it ends early.
    """

    def __init__(self, *, as_json: bool, lines: int | None) -> None:
        self.accepted = self.duplicates = self.rejected = self.odd = 0
        self._as_json = as_json
        self._bar = progress_bar("lines")
        self._task = self._bar.add_task("published", total=lines)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        if self._as_json:
            sums = {"accepted": self.accepted, "duplicates": self.duplicates, "rejected": self.rejected}
            as_line(sums | {"odd": self.odd})
        else:
            refused, odd = _counted(self.rejected, "refused"), _counted(self.odd, "odd")
            say(f"{self.accepted:,} accepted, {self.duplicates:,} known already, {refused}, {odd}")

    def answered(self, outcomes: Sequence[Outcome]) -> None:
        """Show what became of these."""
        for outcome in outcomes:
            self.accepted += outcome.result == "accepted"
            self.duplicates += outcome.result == "duplicate"
            if outcome.result == "rejected":
                self.rejected += 1
                self._refused(outcome)
            if outcome.warnings:
                self.odd += 1
                self._warned(outcome)
        self._bar.update(self._task, completed=outcomes[-1].line)

    def _refused(self, outcome: Outcome) -> None:
        problem = outcome.problem or {}
        if self._as_json:
            as_line({"line": outcome.line, "id": outcome.id, "problem": problem})
        elif self.rejected <= SHOWN_MAX:
            errors = [FieldError(one["pointer"], one["code"], one["detail"]) for one in problem.get("errors", ())]
            _wrong_line(outcome.line, errors or [FieldError("", "", str(problem.get("detail", "refused")))])

    def _warned(self, outcome: Outcome) -> None:
        if self._as_json:
            as_line({"line": outcome.line, "id": outcome.id, "warnings": [asdict(one) for one in outcome.warnings]})
        elif self.odd <= SHOWN_MAX:
            _odd_line(outcome.line, outcome.warnings)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + (f" (the first {SHOWN_MAX} are shown)" if number > SHOWN_MAX else "")


def _wrong_line(line: int, errors: Iterable[FieldError]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]line {line}[/]")
    for error in errors:
        console.print(f"  {error.pointer or '/'}  {error.detail}", markup=False)


def _odd_line(line: int, warnings: Iterable[ReceiptWarning]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"line {line} is odd")
    for warning in warnings:
        console.print(f"  {warning.pointer}  {warning.detail} ({warning.code})", markup=False)


def validation(checked: Iterable[Checked], *, as_json: bool) -> int:
    """Print what is wrong or odd in a file, as it is found; how many lines were wrong."""
    lines = wrong = odd = 0
    for line in checked:
        lines += 1
        wrong += bool(line.errors)
        odd += bool(line.warnings)
        if as_json and (line.errors or line.warnings):
            as_line(asdict(line))
        elif line.errors and wrong <= SHOWN_MAX:
            _wrong_line(line.line, line.errors)
        elif line.warnings and odd <= SHOWN_MAX:
            _odd_line(line.line, line.warnings)
    if as_json:
        as_line({"lines": lines, "wrong": wrong, "odd": odd})
    else:
        say(f"{lines:,} events, {_counted(wrong, 'would be refused')}, {_counted(odd, 'odd')}")
    return wrong


def _number(value: int | None) -> Any:
    return "?" if value is None else f"{value:,}"
