"""What the commands about persons print: tables for people, JSON for machines."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console

from services.command import tables
from services.command.reports import as_line, say
from services.monitor.access.accounts import Account
from services.monitor.access.chain import Head, Line
from services.monitor.access.person import to_json
from shared.calendar import AMSTERDAM, moment_of, rfc3339


def account(name: str, *, done: str, password: str | None, as_json: bool) -> None:
    """Print what became of an account, and its password when that was made here, once."""
    if as_json:
        as_line({"account": name, "done": done} | ({"password": password} if password else {}))
        return
    say(f"The account {name} is {done}.")
    if password is not None:
        Console(stderr=True).print(f"The password of {name}; it is not shown again:")
        Console(soft_wrap=True, highlight=False, markup=False).out(password)


def accounts(everybody: Sequence[Account], *, as_json: bool) -> None:
    """Print who may sign in."""
    rows = [
        {"name": one.person.name} | to_json(one.person) | {"password_at": rfc3339(one.password_at)} for one in everybody
    ]
    if as_json:
        as_line(rows)
        return
    table = tables.table("name", "roles", "organisation", "areas", "regions", "accommodations", "password of")
    for row in rows:
        *cells, password_at = row.values()
        table.add_row(*("\n".join(cell) if isinstance(cell, list) else cell or "" for cell in cells), password_at[:10])
    tables.show(table)


def log_lines(lines: Iterable[Line], *, as_json: bool) -> None:
    """Print lines of the access log, as they are read."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for line in lines:
        if as_json:
            as_line({"happened_at": rfc3339(moment_of(line.happened_at_us))} | asdict(line))
            continue
        when = moment_of(line.happened_at_us).astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")
        about = f" of {line.person}" if line.person else ""
        whom = f" for {line.organisation}" if line.organisation else ""
        console.out(
            f"{line.number}  {when}  {line.user_name} ({line.roles or line.user_kind}){whom}:"
            f" {line.event}{about}, {line.outcome}; {line.what} from {line.source_address or 'this machine'}"
        )


def log_verified(head: Head, *, as_json: bool) -> None:
    """Print that the chain holds, and its end."""
    if as_json:
        as_line({"lines": head.number, "head": str(head)})
    else:
        say(f"The chain of {head.number:,} lines holds. Its end, to keep elsewhere: {head}")
