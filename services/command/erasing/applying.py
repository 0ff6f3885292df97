"""Takes everybody on a list out of every store. What is done already changes nothing, so it can be begun again."""

import json
from collections.abc import Sequence
from dataclasses import replace

from services.command.caller import caller
from services.command.erasing.deciding import Known, Listed
from services.command.erasing.stores import Stores
from services.command.failures import Failed
from services.monitor.app import rules_of
from services.monitor.erasing import erase as erase_in_monitor
from services.monitor.generation import discard_beside
from shared.calendar import rfc3339
from shared.facts.acceptance import parse
from shared.facts.erasure import YouthErased
from shared.ledger import Accepted, Conflict, Draft, Duplicate, Ledger, Submission, draft

SOURCE = "urn:doorstroom:beheer:verwijderen"
"""Says of an erasure that it was decided on the command line of this installation."""

_NOBODY = "0" * 16


def apply(stores: Stores, erasures: Sequence[Listed], known: Known) -> None:
    """Take these out of the ledgers, the monitor and the access log, and throw away what a rebuild has read.

    The ledgers come first: from then on nothing more is accepted about any of them. Raises Failed.
    """
    for ledger in stores.ledgers.values():
        listed = {one.token for one in ledger.erasures()}
        for one in erasures:
            if one.token not in listed:
                _append(stores, ledger, one, known.of(one))
    engine = stores.engines["monitor"]
    discard_beside(engine)
    decisions = [replace(one.decision, person=known.of(one)) for one in erasures]
    erase_in_monitor(engine, decisions, rules=rules_of(stores.settings), clock=stores.clock, seal=stores.seal)
    who = caller()
    for one in erasures:
        stores.people.log.erase(one.token, known.of(one), reader=who, seal=stores.seal)


def _append(stores: Stores, ledger: Ledger, one: Listed, pseudonym: str | None) -> None:
    [[outcome]] = ledger.append([Submission((_said(stores, one, pseudonym),))])
    if not isinstance(outcome, Accepted | Duplicate | Conflict):
        raise Failed(f"the ledger did not take the erasure: {type(outcome).__name__}")


def _said(stores: Stores, one: Listed, pseudonym: str | None) -> Draft:
    now = stores.clock()
    event = {
        "specversion": "1.0",
        "id": f"erasure-{one.token}",
        "source": SOURCE,
        "type": YouthErased.type(),
        "subject": pseudonym or _NOBODY,
        "time": rfc3339(now),
        "data": {"basis": one.basis, "erased_on": str(one.erased_on)},
    }
    parsed = parse(json.dumps(event), today=one.erased_on, now=now)
    if isinstance(parsed, tuple):
        raise Failed(f"this is no erasure: {'; '.join(f'{error.pointer} {error.detail}' for error in parsed)}")
    made = draft(parsed, parsed.written())
    return Draft(made.source, made.id, made.name, pseudonym, made.content_hash, made.body, token=one.token)
