"""The commands about publishers: who may publish and read, by a token of ours or by one of an issuer."""

from pathlib import Path
from typing import Annotated

import typer

publisher = typer.Typer(help="Who may publish and read.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option("--data", help="The data folder (default: var).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")]
TokenFile = Annotated[Path | None, typer.Option(help="Write the token there instead of printing it.")]
Issuer = Annotated[str, typer.Argument(help="Who signs its tokens, as `iss` names it.", show_default=False)]
ClientName = Annotated[str, typer.Argument(help="Whom its tokens are about (`sub`).", show_default=False)]
Sources = Annotated[
    list[str] | None, typer.Option("--source", help="A source it may speak for, a URN; repeat for more.")
]
Facts = Annotated[list[str] | None, typer.Option("--fact", help="A fact it may publish, or *; repeat for more.")]
Accommodations = Annotated[
    list[str] | None, typer.Option("--accommodation", help="An accommodation, or *; repeat for more.")
]
Scopes = Annotated[list[str] | None, typer.Option("--scope", help="What the token is good for; repeat for more.")]
ClientOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--client", help="Its issuer and name there, instead of a token of ours.", metavar="ISSUER CLIENT_ID"),
]


@publisher.command("add")
def publisher_add(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, dots and hyphens.")],
    source: Sources = None,
    fact: Facts = None,
    accommodation: Accommodations = None,
    scope: Scopes = None,
    client: ClientOption = None,
    data: Data = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Register a publisher and print its token, once. It counts at once, also while everything runs."""
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.publishers.registry import Client, Publisher

    new = Publisher(name, *(frozenset(given or ()) for given in (source, fact, accommodation, scope)))
    settings = settings_from(data)
    if client is None:
        reports.token(name, registering.add(settings, new, clock=system_clock), file=token_file, as_json=as_json)
    else:
        registering.add_client(settings, new, Client(*client), clock=system_clock)
        reports.client(name, done="added", as_json=as_json)


@publisher.command("change")
def publisher_change(
    name: str,
    source: Sources = None,
    fact: Facts = None,
    accommodation: Accommodations = None,
    scope: Scopes = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let a publisher do something else: of what you name, what you say replaces all of it; the rest stays.

    Its tokens and clients stay too. It counts within a second, also while everything runs.
    """
    from services.command import registering, reports
    from services.command.choices import settings_from
    from services.command.failures import WrongCall
    from shared.clock import system_clock
    from shared.publishers.registry import Change

    given = [None if one is None else frozenset(one) for one in (source, fact, accommodation, scope)]
    if not any(given):
        raise WrongCall("say what changes: --source, --fact, --accommodation or --scope")
    settings = settings_from(data)
    changed = registering.change(settings, name, Change(*given), clock=system_clock)
    clients = registering.clients(settings, clock=system_clock)
    reports.publishers([changed], clients, as_json=as_json)


@publisher.command("rotate")
def publisher_rotate(name: str, data: Data = None, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Give a publisher a next token; the one before stays valid until the next rotation."""
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock

    issued = registering.rotate(settings_from(data), name, clock=system_clock)
    reports.token(name, issued, file=token_file, as_json=as_json)


@publisher.command("revoke")
def publisher_revoke(name: str, data: Data = None, as_json: Json = False) -> None:
    """Let nobody be this publisher any more: end its tokens and links. It counts within a second.

    It stays registered, and what it published stays; `rotate` gives it a token again.
    """
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock

    ended = registering.revoke(settings_from(data), name, clock=system_clock)
    reports.client(name, done="revoked" if ended else "had no token", as_json=as_json)


@publisher.command("link")
def publisher_link(name: str, issuer: Issuer, client: ClientName, data: Data = None, as_json: Json = False) -> None:
    """Let a client of an issuer be this publisher, by the tokens that the issuer signs for it."""
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.publishers.registry import Client

    registering.link(settings_from(data), name, Client(issuer, client), clock=system_clock)
    reports.client(name, done="linked", as_json=as_json)


@publisher.command("unlink")
def publisher_unlink(issuer: Issuer, client: ClientName, data: Data = None, as_json: Json = False) -> None:
    """Let a client be nobody any more, whatever tokens it has; it counts within a second."""
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock
    from shared.publishers.registry import Client

    registering.unlink(settings_from(data), Client(issuer, client), clock=system_clock)
    reports.client(client, done="unlinked", as_json=as_json)


@publisher.command("list")
def publisher_list(data: Data = None, as_json: Json = False) -> None:
    """Show who is registered, and for what; never a token."""
    from services.command import registering, reports
    from services.command.choices import settings_from
    from shared.clock import system_clock

    settings = settings_from(data)
    clients = registering.clients(settings, clock=system_clock)
    reports.publishers(registering.registered(settings, clock=system_clock), clients, as_json=as_json)
