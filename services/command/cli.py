"""The commands and their options. What a command does is imported when it is called, so that `--help` is quick."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from services.command.account_commands import account
from services.command.backup_commands import backups
from services.command.erase_commands import erasure
from services.command.failures import WrongCall, run_to_end
from services.command.pseudonym_commands import pseudonyms
from services.command.publisher_commands import publisher

app = typer.Typer(
    name="doorstroom",
    help="Who is in closed youth care, for how long, on what title, how often moved: from facts that systems publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Settings: DOORSTROOM_... variables (docs/settings.md). Exit codes: 0 done, 1 failed, 2 wrong call.",
)
app.add_typer(publisher, name="publisher")
app.add_typer(account, name="account")
app.add_typer(backups)
app.add_typer(erasure)
app.add_typer(pseudonyms)
parked = typer.Typer(help="Facts that the monitor could not take, and what waits behind them.", no_args_is_help=True)
app.add_typer(parked, name="parked")

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: var).", show_default=False)]
IntakePort = Annotated[int | None, typer.Option("--intake-port", help="Default: 8001.", show_default=False)]
PlacementPort = Annotated[int | None, typer.Option("--placement-port", help="Default: 8002.", show_default=False)]
MonitorPort = Annotated[int | None, typer.Option("--monitor-port", help="Default: 8003.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")]
Service = Annotated[Literal["intake", "placement", "monitor"], typer.Argument(help="Which one.", show_default=False)]
OneOrAll = Annotated[Literal["intake", "placement", "monitor"] | None, typer.Argument(help="All, unless one is named.")]
File = Annotated[Path, typer.Argument(help="NDJSON (one CloudEvent a line) or CSV; - is standard input.")]
Token = Annotated[str | None, typer.Option(envvar="DOORSTROOM_TOKEN", help="A publisher's token.", show_default=False)]
TokenFile = Annotated[Path | None, typer.Option("--token-file", help="A file with the token.", show_default=False)]


def run() -> None:
    """Run the command; a failure is one line on standard error."""
    run_to_end(app)


@app.command()
def up(
    data: Data = None,
    intake_port: IntakePort = None,
    placement_port: PlacementPort = None,
    monitor_port: MonitorPort = None,
    as_json: Json = False,
) -> None:
    """Run everything on this machine: the services, with an embedded Redis and SQLite unless URLs are set."""
    from services.command import running

    settings = _settings_up(data, intake_port=intake_port, placement_port=placement_port, monitor_port=monitor_port)

    async def work(started: Any) -> None:
        running.announce(started, as_json=as_json)
        await running.wait_to_be_told(started)

    running.up(settings, work)


@app.command()
def demo(
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Another seed is another country.")] = 1,
    pace: Annotated[float, typer.Option(min=0, max=100, help="Happenings a second once it is live; 0: none.")] = 1.0,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="End the history here.", show_default="today")
    ] = None,
    intake_port: IntakePort = None,
    placement_port: PlacementPort = None,
    monitor_port: MonitorPort = None,
    as_json: Json = False,
) -> None:
    """Run everything, with a simulated country that publishes: its history since 2013, then live."""
    from services.command import running
    from services.command.demonstration import Demonstration
    from shared.clock import system_clock

    settings = _settings_up(data, intake_port=intake_port, placement_port=placement_port, monitor_port=monitor_port)
    country = Demonstration(seed, until.date() if until else None, pace, as_json=as_json, clock=system_clock)
    running.up(settings, country.work)


@app.command()
def serve(service: Service) -> None:
    """Run one service in this process, with its settings from the environment."""
    from services.command import serving
    from services.command.choices import settings_from

    raise typer.Exit(serving.serve(service, settings_from()))


@app.command()
def migrate(service: OneOrAll = None, data: Data = None) -> None:
    """Bring the databases to this version as the roles that own them, and grant the services what they need of them."""
    from services.command import migrating
    from services.command.choices import settings_from
    from services.command.supervision.system import SERVICES
    from shared.clock import system_clock
    from shared.logs import configure_logging

    configure_logging("migrate")
    settings = settings_from(data)
    for one in SERVICES if service is None else (service,):
        migrating.migrate(settings, one, clock=system_clock)


@app.command()
def publish(
    file: File,
    to: Annotated[str | None, typer.Option(help="One address for all events, such as a gateway.")] = None,
    token: Token = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Publish the events of a file; called again, it goes on where it stopped. Publishing twice changes nothing."""
    from services.command import publishing, reports
    from services.command.choices import settings_from, token_from, trusting
    from shared.logs import configure_logging

    configure_logging("publish")
    given = token_from(token, token_file)
    if not given:
        raise WrongCall("give the token of a publisher: DOORSTROOM_TOKEN or --token-file")
    settings = settings_from()
    addresses = publishing.addresses_of(settings, to=to)
    report = reports.Publication(as_json=as_json, lines=publishing.lines_of(file))
    with report:
        publishing.publish(file, addresses=addresses, token=given, answered=report.answered, trust=trusting(settings))
    if report.rejected:
        raise typer.Exit(1)


@app.command()
def validate(file: File, as_json: Json = False) -> None:
    """Say what the services would refuse in a file, without sending anything."""
    from services.command import reports, validating
    from shared.clock import system_clock

    if reports.validation(validating.checked(file, now=system_clock()), as_json=as_json):
        raise typer.Exit(1)


@app.command()
def status(data: Data = None, token: Token = None, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Show how far the facts have come: in the ledgers, in the streams, in the figures."""
    from services.command import reports, state
    from services.command.choices import settings_from, token_from

    answer = state.ask(settings_from(data), token=token_from(token, token_file))
    reports.state(answer, as_json=as_json)
    if answer.silent:
        raise typer.Exit(1)


@app.command()
def rebuild(
    from_ledgers: Annotated[bool, typer.Option("--from-ledgers", help="Read every fact again from the feeds.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make the monitor's figures anew; they come out the same. The monitor may run meanwhile, and answers as before."""
    from services.command import rebuilding
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.logs import configure_logging

    configure_logging("rebuild")
    if from_ledgers:
        rebuilding.read_again(settings_from(data), clock=system_clock, as_json=as_json)
    else:
        rebuilding.rebuild(settings_from(data), as_json=as_json)


@app.command()
def access_log(
    person: Annotated[str | None, typer.Option(help="Only lines about this young person.", show_default=False)] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day, not included.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check the whole chain instead, and print its end.")] = False,
    head: Annotated[str | None, typer.Option(help="With --verify: an end noted earlier, which must be in it.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show who saw or did what of whom, or check that nothing of it was changed or removed."""
    from services.command import account_reports, accounts
    from services.command.choices import settings_from
    from shared.calendar import AMSTERDAM
    from shared.clock import system_clock

    settings = settings_from(data)
    if head is not None and not verify:
        raise WrongCall("--head goes with --verify")
    if verify:
        account_reports.log_verified(accounts.verified(settings, noted=head, clock=system_clock), as_json=as_json)
        return
    first, end = (None if day is None else day.replace(tzinfo=AMSTERDAM) for day in (since, until))
    found = accounts.lines(settings, person=person, since=first, until=end, clock=system_clock)
    account_reports.log_lines(found, as_json=as_json)


@app.command()
def digest(
    area: Annotated[str | None, typer.Option(help="Only the team of this area.", show_default=False)] = None,
    to: Annotated[Path | None, typer.Option(help="Write text and HTML there instead of printing.")] = None,
    data: Data = None,
) -> None:
    """Print what is open, new and closed for each team: counts and links, never a case, so that it may be mailed."""
    from services.command import digesting
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.facts.regions import AREAS

    if area is not None and area not in AREAS:
        raise WrongCall(f"there is no area {area}; choose from {', '.join(AREAS)}")
    made = digesting.digests(settings_from(data), area=area, clock=system_clock)
    if to is None:
        digesting.show(made)
    else:
        digesting.write(made, to)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to; made when it is not there.", show_default=False)],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="csv, parquet, xes or ocel; repeat for more.", show_default="all of them"),
    ] = None,
    known: Annotated[
        str | None, typer.Option(help="As known at this moment, or until this date ends.", show_default="now")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write the event log for analysts: what happened to everybody, under numbers of its own, without pseudonyms."""
    from services.command import exporting
    from services.command.choices import settings_from
    from shared.clock import system_clock

    moment = None if known is None else exporting.moment(known, now=system_clock())
    done = exporting.export(settings_from(data), folder, formats=formats or (), known=moment, clock=system_clock)
    exporting.show(done, as_json=as_json)


@app.command()
def release(data: Data = None, as_json: Json = False) -> None:
    """Release the figures of now to everyone; the turn of each month does so by itself. Not twice within 28 days."""
    from services.command import releasing, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock

    reports.released(releasing.release(settings_from(data), clock=system_clock), as_json=as_json)


@parked.command("list")
def parked_list(data: Data = None, as_json: Json = False) -> None:
    """Show each fact that could not be taken, why, and how many wait behind it; never about whom."""
    from services.command import replaying
    from services.command.choices import settings_from

    replaying.show(settings_from(data), as_json=as_json)


@parked.command("replay")
def parked_replay(data: Data = None, as_json: Json = False) -> None:
    """Take them again, after a fix: the figures are as if nothing had happened. The monitor may run meanwhile."""
    from services.command import replaying
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.logs import configure_logging

    configure_logging("replay")
    if replaying.replay(settings_from(data), clock=system_clock, as_json=as_json):
        raise typer.Exit(1)


def _settings_up(data: Path | None, **ports: int | None) -> Any:
    from services.command.choices import settings_from

    settings = settings_from(data, **ports)
    if 0 in (settings.intake_port, settings.placement_port, settings.monitor_port):
        raise WrongCall("port 0 is no address to publish to; choose a number from 1 to 65535")
    return settings
