"""The command that publishers run on their own machine, where BSNs may be."""

from pathlib import Path
from typing import Annotated

import typer

pseudonyms = typer.Typer()

File = Annotated[
    Path, typer.Argument(help="Events as NDJSON or CSV, with BSNs for subjects; - is standard input.", show_default="-")
]
KeyFile = Annotated[Path, typer.Option("--key-file", help="The key that all publishers share.", show_default=False)]
MakeKey = Annotated[bool, typer.Option("--make-key", help="Make a new key in that file, and nothing else.")]
Bsns = Annotated[bool, typer.Option("--list", help="The file has no events, but a BSN on each line.")]


@pseudonyms.command()
def pseudonymise(key_file: KeyFile, file: File = Path("-"), make_key: MakeKey = False, as_list: Bsns = False) -> None:
    """Put pseudonyms in the place of BSNs, before anything is sent: prints the events as NDJSON, for publish.

    It prints nothing unless all of them could be done. The same BSN and key give the same pseudonym for ever.
    """
    from services.command import pseudonym_reports, pseudonymising

    if make_key:
        pseudonymising.make_key(key_file)
        pseudonym_reports.key_made(key_file)
        return
    key = pseudonymising.read_key(key_file)
    found = pseudonymising.of_bsns(file, key) if as_list else pseudonymising.of_events(file, key)
    if pseudonym_reports.pseudonymised(found):
        raise typer.Exit(1)
