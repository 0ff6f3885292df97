"""The commands about accounts, with which persons sign in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.command.failures import WrongCall

account = typer.Typer(help="Who may sign in at the cockpit.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name to sign in with, of one person.", show_default=False)]
Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: var).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="A file with the password.", show_default=False)
]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password, and print it once.")]


@account.command("add")
def account_add(
    name: Name,
    role: Annotated[list[str], typer.Option(help="operations, analyst, board or admin; repeat for more.")],
    area: Annotated[list[str] | None, typer.Option(help="An area it sees whole, or *; repeat for more.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="A youth region such as JZ24; repeat for more.")] = None,
    accommodation: Annotated[list[str] | None, typer.Option(help="An accommodation, or *; repeat for more.")] = None,
    organisation: Annotated[str | None, typer.Option(help="For whom it works.", show_default=False)] = None,
    password_file: PasswordFile = None,
    generate: Generate = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an account. It counts at once, also while everything runs."""
    from services.command import account_reports, accounts
    from services.command.choices import settings_from
    from services.monitor.access.person import Person, bound
    from shared.clock import system_clock

    person = Person(
        name,
        tuple(dict.fromkeys(role)),
        organisation,
        areas=bound(area or ()),
        regions=frozenset(region or ()),
        accommodations=bound(accommodation or ()),
    )
    password, made = _password(password_file, generate=generate)
    accounts.add(settings_from(data), person, password=password, clock=system_clock)
    account_reports.account(name, done="made", password=password if made else None, as_json=as_json)


@account.command("password")
def account_password(
    name: Name,
    password_file: PasswordFile = None,
    generate: Generate = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give an account another password; whoever used it is signed out everywhere."""
    from services.command import account_reports, accounts
    from services.command.choices import settings_from
    from shared.clock import system_clock

    password, made = _password(password_file, generate=generate)
    accounts.set_password(settings_from(data), name, password=password, clock=system_clock)
    account_reports.account(name, done="changed", password=password if made else None, as_json=as_json)


@account.command("remove")
def account_remove(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Take an account away; whoever used it is signed out everywhere. What it did stays in the access log."""
    from services.command import account_reports, accounts
    from services.command.choices import settings_from
    from shared.clock import system_clock

    accounts.remove(settings_from(data), name, clock=system_clock)
    account_reports.account(name, done="removed", password=None, as_json=as_json)


@account.command("list")
def account_list(data: Data = None, as_json: Json = False) -> None:
    """Show who may sign in, and what they may see; never a password."""
    from services.command import account_reports, accounts
    from services.command.choices import settings_from
    from shared.clock import system_clock

    account_reports.accounts(accounts.listed(settings_from(data), clock=system_clock), as_json=as_json)


def _password(file: Path | None, *, generate: bool) -> tuple[str, bool]:
    """The password, and whether it was made here; it is never an argument, where every process could read it."""
    if generate:
        if file is not None:
            raise WrongCall("give a password or let one be made, not both")
        from services.monitor.access.passwords import new_password

        return new_password(), True
    if file is not None:
        try:
            return file.read_text().rstrip("\r\n"), False
        except (OSError, UnicodeError) as error:
            raise WrongCall(f"{file} cannot be read") from error
    if not sys.stdin.isatty():
        raise WrongCall("there is nobody to ask for a password: use --password-file or --generate")
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given, False
