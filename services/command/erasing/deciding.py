"""Who was erased, as the lists of all stores say together, and whom that is where they are still known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from services.command.erasing.stores import Stores
from services.command.failures import Failed, WrongCall
from services.monitor.erasures import erased
from services.monitor.projector.erasing import Decision, everybody
from shared.calendar import moment_of, rfc3339
from shared.erasure import Seal
from shared.rejections import named_in_rejections


class Listed(BaseModel):
    """One decision on record; nothing of it names anybody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str = Field(pattern="^[0-9a-f]{32}$")
    basis: str
    erased_on: date
    decided_at: datetime | None = None
    facts: dict[str, int] = {}
    """By store how many facts were taken out; a store that is missing has still to do it."""
    cleaned: bool = False
    """Whether the files of every store were written anew since."""
    searched: bool = False
    """Whether the pseudonym was looked for everywhere since, and was nowhere; only who knows it can look."""

    @property
    def decision(self) -> Decision:
        """What a store has to do."""
        return Decision(self.token, self.basis, self.erased_on)


class ErasureList(BaseModel):
    """Everybody who was erased, as a file that is kept apart from the backups."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    proof: str
    """Of the key; a list that was made with another key is refused."""
    erasures: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Who is still somewhere under a pseudonym, by keyed hash."""

    pseudonyms: dict[str, str]

    def of(self, one: Listed) -> str | None:
        """The pseudonym of somebody on the list; None when no store has it."""
        return self.pseudonyms.get(one.token)


def listed(stores: Stores) -> list[Listed]:
    """Every decision, the oldest first, with what each store did about it."""
    found: dict[str, Listed] = {}
    clean: dict[str, bool] = {}
    looked: dict[str, bool] = {}
    for service, ledger in stores.ledgers.items():
        for one in ledger.erasures():
            at = moment_of(one.accepted_at_us)
            before = found.get(one.token) or Listed(
                token=one.token, basis=one.basis, erased_on=one.erased_on, decided_at=at
            )
            found[one.token] = before.model_copy(update={"facts": {**before.facts, service: one.facts}})
            clean[one.token] = clean.get(one.token, True) and one.cleaned_at_us is not None
            looked[one.token] = looked.get(one.token, True) and one.searched_at_us is not None
    with stores.engines["monitor"].begin() as connection:
        for row in connection.execute(select(erased)):
            before = found.get(row.token) or Listed(token=row.token, basis=row.basis, erased_on=row.erased_on)
            found[row.token] = before.model_copy(update={"facts": {**before.facts, "monitor": row.facts}})
            clean[row.token] = clean.get(row.token, True) and row.cleaned_at_us is not None
    complete, out_of_log = {*stores.ledgers, "monitor"}, stores.people.log.erased()
    done = []
    for token, entry in found.items():
        cleaned = clean[token] and set(entry.facts) == complete and token in out_of_log
        done.append(entry.model_copy(update={"cleaned": cleaned, "searched": cleaned and looked[token]}))
    return sorted(done, key=lambda one: (one.decided_at is None, rfc3339(one.decided_at or moment_of(0)), one.token))


def known(stores: Stores, erasures: Iterable[Listed], also: Iterable[str] = ()) -> Known:
    """Everybody who is in any store under a pseudonym, these, and whom of the erased a ledger only mentions.

    A ledger that has an erasure on record mentions nobody of it. In one that has not, as it was restored, every fact is
    read for somebody of whom no other store has the name: about ten minutes for a million.
    """
    people = {person for ledger in stores.ledgers.values() for person in ledger.persons()}
    with stores.engines["monitor"].begin() as connection:
        people |= everybody(connection)
    people |= {*stores.people.log.people(), *also}
    names = {stores.seal.person(person): person for person in people}
    for service, ledger in stores.ledgers.items():
        unnamed = {one.token for one in erasures} - {*names} - {one.token for one in ledger.erasures()}
        names |= ledger.mentioned(unnamed)
        names |= named_in_rejections(stores.engines[service], unnamed, stores.seal)
    return Known(names)


def written(stores: Stores, erasures: Sequence[Listed]) -> str:
    """The list as a file."""
    return ErasureList(proof=stores.seal.proof, erasures=tuple(erasures)).model_dump_json(indent=2) + "\n"


def read(file: Path, seal: Seal) -> list[Listed]:
    """A list from a file. Raises WrongCall when it is none, Failed when it was made with another key."""
    try:
        found = ErasureList.model_validate(json.loads(file.read_text()))
    except (OSError, ValueError, ValidationError) as error:
        raise WrongCall(f"{file} is no list of erasures: doorstroom erasures --to FILE writes one") from error
    if found.proof != seal.proof:
        raise Failed(f"{file} was made with another erasure key; give the key of then in DOORSTROOM_ERASURE_KEY")
    return list(found.erasures)
