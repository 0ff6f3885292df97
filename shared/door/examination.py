"""Examines one event: may it be read, is it valid, may this publisher say it here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic_core import from_json

from shared.door.binding import refusal
from shared.door.body import EVENT_BYTES_MAX
from shared.door.results import Refused
from shared.facts.acceptance import Sound, examined
from shared.facts.catalogue import catalogue
from shared.facts.errors import FieldError
from shared.facts.fact import Owner
from shared.problems import BSN, INVALID_EVENT, TOO_LARGE, Fault, Problem
from shared.pseudonym import contains_bsn
from shared.publishers.registry import Publisher
from shared.rejections import Rejection

EVENT_LIMIT = f"An event may have {EVENT_BYTES_MAX // 1024} KiB."

_ID_CHARACTERS_MAX = 128


@dataclass(frozen=True, slots=True)
class Examiner:
    """Examines the events of one request, all against one moment."""

    service: Owner
    addresses: Mapping[Owner, str]
    publisher: Publisher
    today: date
    now: datetime

    def examine(self, raw: bytes) -> Sound | Refused:
        """The event, or why it is refused with all that is wrong with it."""
        if len(raw) > EVENT_BYTES_MAX:
            return Refused(None, Problem(TOO_LARGE, EVENT_LIMIT))
        found = examined(raw, today=self.today, now=self.now)
        if isinstance(found, tuple):
            return Refused(_readable_id(raw), _invalid(found))
        problem = refusal(found.event, publisher=self.publisher, service=self.service, addresses=self.addresses)
        return found if problem is None else Refused(found.event.id, problem)

    def rejection(self, raw: bytes, refused: Refused) -> Rejection:
        """What is kept of a refused event: a source of the publisher's own, a type we know, and the reasons."""
        members = _members(raw)
        source, type_ = members.get("source"), members.get("type")
        document = refused.problem.document()
        return Rejection(
            publisher=self.publisher.name,
            source=source if isinstance(source, str) and source in self.publisher.sources else None,
            id=None if _names(members.get("subject"), refused.id) else refused.id,
            type=type_ if isinstance(type_, str) and type_ in catalogue() else None,
            problem=refused.problem.kind.slug,
            detail=refused.problem.detail,
            errors=document.get("errors", ()),
        )


def _invalid(errors: tuple[FieldError, ...]) -> Problem:
    kind = BSN if any(error.code == "bsn" for error in errors) else INVALID_EVENT
    faults = [Fault(error.detail, error.code, error.pointer) for error in errors]
    return Problem(kind, "See `errors`; each names a place in the event.", faults=faults)


def _readable_id(raw: bytes) -> str | None:
    known = _members(raw).get("id")
    readable = isinstance(known, str) and 0 < len(known) <= _ID_CHARACTERS_MAX and known.isprintable()
    return str(known) if readable and not contains_bsn(str(known)) else None


def _names(subject: object, id_: str | None) -> bool:
    """Whether the id holds the pseudonym: then it is not kept, as nobody would know it again to erase it."""
    return isinstance(subject, str) and bool(subject) and id_ is not None and subject in id_


def _members(raw: bytes) -> Mapping[str, object]:
    try:
        event = from_json(raw)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
