"""`doorstroom publish`: a file to the services that take its events, on from where an earlier call stopped."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from ssl import SSLContext

from services.command.events_file import STANDARD_INPUT, opened
from services.command.failures import Failed, WrongCall
from shared.addresses import is_of_web
from shared.client import Client, FileChanged, Journal, Outcome, PublishingRefused, ServiceUnreachable
from shared.facts.fact import Owner
from shared.settings import Settings

Answered = Callable[[Sequence[Outcome]], None]
"""Told what became of each event, batch by batch, as it is durable or refused."""


def publish(
    file: Path, *, addresses: Mapping[Owner, str], token: str, answered: Answered, trust: SSLContext | bool = True
) -> None:
    """Publish every event of the file that an earlier call did not.

    Raises Failed when a service does not answer, or refuses the token; calling again goes on from there.
    """
    journal = _journal(file, addresses)
    try:
        with opened(file) as lines, Client(addresses, token=token, trust=trust) as client:
            for outcomes in client.publish(((line.number, line.event) for line in lines), journal=journal):
                answered(outcomes)
    except FileChanged as error:
        raise Failed(f"{error}; remove {_journal_file(file)} to publish all of it") from error
    except (PublishingRefused, ServiceUnreachable) as error:
        raise Failed(str(error)) from error
    if journal is not None:
        journal.finish()


def addresses_of(settings: Settings, *, to: str | None) -> Mapping[Owner, str]:
    """Where intake and placement are; `to` is the one address of both, such as a gateway. Raises WrongCall."""
    return {
        "intake": _address(to or settings.service_url("intake")),
        "placement": _address(to or settings.service_url("placement")),
    }


def _address(written: str) -> str:
    if not is_of_web(written):
        raise WrongCall(f"{written} is no address of a service: http://host:port, or https")
    return written.rstrip("/")


def lines_of(file: Path) -> int | None:
    """How many lines there are to go, for a progress bar; None for what can be read only once."""
    if not file.is_file():
        return None
    with file.open("rb") as content:
        return sum(1 for _ in content)


def _journal(file: Path, addresses: Mapping[Owner, str]) -> Journal | None:
    """None for what cannot be read twice, and where nothing can be written: then all is sent, which changes nothing."""
    if file == STANDARD_INPUT or not os.access(file.absolute().parent, os.W_OK):
        return None
    return Journal(_journal_file(file), addresses=addresses)


def _journal_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.published")
