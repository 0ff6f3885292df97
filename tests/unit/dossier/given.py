"""Facts as short calls: `start("P1", "2024-01-10", at="A")` is an accepted event; what is not named is fixed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from shared.facts.care_plan import CarePlanEvaluated, CaseReviewed
from shared.facts.discharge import DischargeReady, DischargeRecorded
from shared.facts.doorplaatsing import DoorplaatsingRecorded
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import PseudonymsMerged
from shared.facts.expert import ExpertAdviceFollowedUp, ExpertAdviceIssued, ExpertAdviceRequested
from shared.facts.fact import Fact
from shared.facts.machtiging import (
    MachtigingEnded,
    MachtigingGranted,
    MachtigingRefused,
    MachtigingRequested,
    MachtigingResumed,
    MachtigingSuspended,
)
from shared.facts.placement import AbsenceEnded, AbsenceStarted, ClosureModeChanged, PlacementStarted
from shared.facts.record import RecordWithdrawn
from shared.facts.referral import ReferralClosed, ReferralRegistered
from shared.facts.restriction import RestrictionReported
from shared.facts.schooling import EducationChanged
from shared.facts.support import SupportRequested, SupportResolved
from shared.facts.waiting import WaitingEnded, WaitingStarted

PERSON, OTHER = "young-person-0001", "young-person-0002"
SOURCE, OTHER_SOURCE = "urn:nld:kvknr:12345678:systeem:ecd", "urn:nld:kvknr:87654321:systeem:ecd"
RULES = Rules()
ENVELOPE = ("person", "source", "record", "revision", "precision", "id", "time")


def d(text: str) -> date:
    """A date as people write it."""
    return date.fromisoformat(text)


def folded(*facts: AcceptedEvent, person: str = PERSON, rules: Rules = RULES) -> Dossier:
    """The dossier of the person that the facts of a test are about."""
    return fold(person, facts, rules=rules)


def codes(dossier: Dossier) -> list[str]:
    """The codes of its flags, in order."""
    return [flag.code for flag in dossier.flags]


def spans(things: Iterable[Any]) -> list[tuple[str, str | None]]:
    """Start and end of placements or closures as text."""
    return [(str(thing.started_on), str(thing.ended_on) if thing.ended_on else None) for thing in things]


def terms(dossier: Dossier) -> list[tuple[str, str]]:
    """The titles as pairs of dates in text."""
    return [(str(title.from_on), str(title.until_on)) for title in dossier.titles]


def event(fact: Fact, *, record: str, **envelope: Any) -> AcceptedEvent:
    """This fact, accepted. Its id follows from what it is, so that saying the same twice is a repetition."""
    person, source = envelope.pop("person", PERSON), envelope.pop("source", SOURCE)
    revision, time = envelope.pop("revision", 1), envelope.pop("time", 0)
    precision = envelope.pop("precision", None)
    name = envelope.pop("id", f"{fact.fact_name}:{record}:{revision}:{time}:{person}")
    assert not envelope, f"no part of an envelope: {sorted(envelope)}"
    # Recorded before anything happened, so that nothing is late (F15).
    moment = datetime(2010, 1, 1, 12, 0, time, tzinfo=UTC)
    return AcceptedEvent(
        specversion="1.0",
        id=name,
        source=source,
        type=fact.type(),
        subject=person,
        time=moment,
        record=record,
        revision=revision,
        precision=precision,
        acceptedat=moment,
        position=1,
        prev=0,
        data=fact,
    )


def _event(model: type[Fact], key: str, values: dict[str, Any]) -> AcceptedEvent:
    envelope = {name: values.pop(name) for name in ENVELOPE if name in values}
    return event(model(**values), **{"record": key, **envelope})


def start(placement: str, on: str, *, at: str = "A", **more: Any) -> AcceptedEvent:
    """A closed placement at this accommodation began."""
    values = {"regime": "jw6", "closure": "gesloten", "route": "planned", "region": "JZ24"} | more
    values |= {"placement": placement, "started_on": d(on), "accommodation": at}
    return _event(PlacementStarted, placement, values)


def moved(placement: str, on: str, *, to: str | None = None, **more: Any) -> AcceptedEvent:
    """It ended in a doorplaatsing."""
    values = {"reason": "better-fit"} | more | {"placement": placement, "departed_on": d(on), "to_accommodation": to}
    return _event(DoorplaatsingRecorded, placement, values)


def discharged(placement: str, on: str, **more: Any) -> AcceptedEvent:
    """It ended in a discharge, home and as planned unless said otherwise."""
    values = {"destination": "home", "end_mode": "planned"} | more | {"placement": placement, "discharged_on": d(on)}
    return _event(DischargeRecorded, placement, values)


def ready(placement: str, on: str, **more: Any) -> AcceptedEvent:
    """It could end from this day on, in a family unless said otherwise."""
    values = {"needed": "family"} | more | {"placement": placement, "ready_on": d(on)}
    return _event(DischargeReady, placement, values)


def granted(machtiging: str, valid_from: str, valid_until: str, **more: Any) -> AcceptedEvent:
    """A machtiging, regulier and in the frame of an OTS unless said otherwise, granted on its first day."""
    granted_on = d(more.pop("granted_on", valid_from))
    values = {"kind": "regulier", "legal_frame": "ots", "granted_on": granted_on} | more
    values |= {"machtiging": machtiging, "valid_from": d(valid_from), "valid_until": d(valid_until)}
    return _event(MachtigingGranted, machtiging, values)


def ended(machtiging: str, on: str, *, cause: str = "revoked", **more: Any) -> AcceptedEvent:
    """The machtiging ended before its term."""
    return _event(MachtigingEnded, machtiging, more | {"machtiging": machtiging, "ended_on": d(on), "cause": cause})


def suspended(machtiging: str, on: str, **more: Any) -> AcceptedEvent:
    """The machtiging was suspended."""
    key = f"{machtiging}:{on}"
    return _event(MachtigingSuspended, key, more | {"machtiging": machtiging, "suspended_on": d(on)})


def resumed(machtiging: str, on: str, **more: Any) -> AcceptedEvent:
    """Its suspension was withdrawn."""
    key = f"{machtiging}:{on}"
    return _event(MachtigingResumed, key, more | {"machtiging": machtiging, "resumed_on": d(on)})


def requested(request: str, on: str, **more: Any) -> AcceptedEvent:
    """A court was asked for a machtiging, regulier unless said otherwise."""
    values = {"kind": "regulier", "requester": "gi"} | more
    return _event(MachtigingRequested, request, values | {"request": request, "requested_on": d(on)})


def refused(request: str, on: str, **more: Any) -> AcceptedEvent:
    """The court refused it."""
    return _event(MachtigingRefused, request, more | {"request": request, "refused_on": d(on)})


def absent(placement: str, at: str, **more: Any) -> AcceptedEvent:
    """The young person withdrew from care at this moment."""
    return _event(
        AbsenceStarted, f"{placement}:{at[:16]}", more | {"placement": placement, "at": datetime.fromisoformat(at)}
    )


def returned(placement: str, at: str, **more: Any) -> AcceptedEvent:
    """The young person came back at this moment."""
    return _event(
        AbsenceEnded, f"{placement}:{at[:16]}", more | {"placement": placement, "at": datetime.fromisoformat(at)}
    )


def referred(referral: str, on: str, **more: Any) -> AcceptedEvent:
    """Closed care was asked for."""
    values = {"region": "JZ24", "referrer": "gi", "urgency": "regulier", "requested": "gesloten"} | more
    return _event(ReferralRegistered, referral, values | {"referral": referral, "referred_on": d(on)})


def referral_closed(referral: str, on: str, *, outcome: str = "withdrawn", **more: Any) -> AcceptedEvent:
    """The referral came to its end."""
    return _event(ReferralClosed, referral, more | {"referral": referral, "closed_on": d(on), "outcome": outcome})


def asked(consult: str, on: str, **more: Any) -> AcceptedEvent:
    """An expert team was asked for advice."""
    values = {"team_region": "JZ24"} | more | {"consult": consult, "requested_on": d(on)}
    return _event(ExpertAdviceRequested, consult, values)


def advised(consult: str, on: str, **more: Any) -> AcceptedEvent:
    """It gave it, and it binds unless said otherwise."""
    values = {"team_region": "JZ24", "binding": True, "advice": "family"} | more
    return _event(ExpertAdviceIssued, consult, values | {"consult": consult, "issued_on": d(on)})


def followed_up(consult: str, on: str, status: str, **more: Any) -> AcceptedEvent:
    """This became of the advice."""
    values = more | {"consult": consult, "followed_up_on": d(on), "status": status}
    return _event(ExpertAdviceFollowedUp, f"{consult}:{on}", values)


def taught(on: str, status: str, **more: Any) -> AcceptedEvent:
    """From this day on they were taught in this way, or not."""
    return _event(EducationChanged, f"school:{on}", more | {"changed_on": d(on), "status": status})


def mode_changed(placement: str, on: str, closure: str, **more: Any) -> AcceptedEvent:
    """From this day on the placement was closed in this way."""
    values = more | {"placement": placement, "changed_on": d(on), "closure": closure}
    return _event(ClosureModeChanged, f"{placement}:{on}", values)


def evaluated(on: str, *, due: str | None = None, **more: Any) -> AcceptedEvent:
    """The care plan was evaluated, to be evaluated again by the day that is given."""
    return _event(
        CarePlanEvaluated, f"plan:{on}", more | {"evaluated_on": d(on), "next_due_on": d(due) if due else None}
    )


def reviewed(on: str, *lessons: str, **more: Any) -> AcceptedEvent:
    """The case was reviewed, at a leertafel unless said otherwise."""
    values = {"kind": "leertafel"} | more | {"reviewed_on": d(on), "lessons": list(lessons)}
    return _event(CaseReviewed, f"review:{on}", values)


def restricted(placement: str, quarter: str, *, on: str | None = None, **more: Any) -> AcceptedEvent:
    """One measure of ten minutes by a plan, unless said otherwise."""
    values = {"category": "holding", "count": 1, "minutes": 10, "emergency": False} | more
    values |= {"placement": placement, "quarter": quarter, "on": d(on) if on else None}
    return _event(RestrictionReported, f"{placement}:{quarter}", values)


def support_asked(support: str, on: str, **more: Any) -> AcceptedEvent:
    """National support was asked for."""
    return _event(SupportRequested, support, {"reason": "no-place"} | more | {"support": support, "on": d(on)})


def support_resolved(support: str, on: str, **more: Any) -> AcceptedEvent:
    """It came to its end."""
    return _event(SupportResolved, support, {"result": "alternative"} | more | {"support": support, "on": d(on)})


def listed(waiting: str, on: str, **more: Any) -> AcceptedEvent:
    """They were put on a waiting list, for open care unless said otherwise."""
    values = {"for": "open"} | more | {"waiting": waiting, "started_on": d(on)}
    return _event(WaitingStarted, waiting, values)


def unlisted(waiting: str, on: str, *, reason: str = "placed", **more: Any) -> AcceptedEvent:
    """They left it."""
    return _event(WaitingEnded, waiting, more | {"waiting": waiting, "ended_on": d(on), "reason": reason})


def merged(record: str, other: str, **more: Any) -> AcceptedEvent:
    """The person is the same one as this other pseudonym."""
    return _event(PseudonymsMerged, record, more | {"other": other})


def withdrawn(target: AcceptedEvent, *, revision: int | None = None) -> AcceptedEvent:
    """The record of this event is taken back, up to this revision (its own unless said otherwise)."""
    fact = RecordWithdrawn(of=target.data.fact_name, record=target.record_key, reason="entered-in-error")
    up_to = target.revision if revision is None else revision
    key = f"withdrawal:{fact.of}:{fact.record}"
    return event(fact, record=key, source=target.source, person=target.subject, revision=up_to)
