"""Problem details (RFC 9457): every kind in one table, and the only place where an error becomes a status code."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from pydantic_core import to_json

from shared.ledger import LedgerFull, LedgerUnavailable

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem; its slug is the last part of the `type` URI and never changes."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def type(self) -> str:
        """The `type` of the problem: a reference with a full path, which resolves at whatever address was called."""
        return f"/v1/problems/{self.slug}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: a JSON pointer into the body, or the name of a parameter."""

    detail: str
    code: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(Exception):
    """A request, or one event of it, that cannot be served; `detail` never repeats what was sent."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
        members: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = headers
        self.members = members

    def document(self) -> dict[str, Any]:
        """The members of the problem document, with every fault and the extra members."""
        document: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.faults:
            document["errors"] = [
                {name: value for name, value in asdict(fault).items() if value is not None} for fault in self.faults
            ]
        return document | dict(self.members)

    def body(self) -> bytes:
        """The problem document as JSON."""
        return to_json(self.document())


INVALID_EVENT = Kind(
    "invalid-event",
    400,
    "The event is not valid",
    "The event breaks the rules of the envelope or of its fact. Every error is listed with a JSON pointer into it.",
    "Mend the event and send it again under the same id. Repeating it unchanged gives the same answer.",
)
BSN = Kind(
    "bsn",
    400,
    "The event carries what looks like a citizen service number",
    "Nine digits in the event pass the eleven-test of a BSN. It was not stored, and nothing of it was kept or logged.",
    "Send the pseudonym instead, and look where else the number went.",
)
MALFORMED = Kind(
    "malformed",
    400,
    "The body cannot be read",
    "The body is not the JSON, the batch or the compressed data that its headers announce.",
    "Compare the Content-Type and Content-Encoding with what is sent; a batch is a JSON array of events.",
)
INVALID_REQUEST = Kind(
    "invalid-request",
    400,
    "The request is not valid",
    "A parameter or a header has a value that is not allowed here.",
    "See /v1/openapi.json for what is allowed.",
)
OTHER_SERVICE = Kind(
    "other-service",
    400,
    "Another service takes this fact",
    "Intake and placement each take their own facts; `takenBy` is the address of the service that takes this one.",
    "Send the event to that address. GET /v1/event-types lists what is taken here.",
)
BATCH_REFUSED = Kind(
    "batch-refused",
    400,
    "The batch was refused as a whole",
    "With `Prefer: handling=strict` a batch is stored whole or not at all, and an event of this one was refused.",
    "Look at `results` for the events that were refused, and send the batch again without or with mended ones.",
)
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "No valid token was given",
    "Send the token of a registered publisher as `Authorization: Bearer ...`; never in the address.",
    "Check that the token is complete and was not rotated twice since.",
)
FORBIDDEN = Kind(
    "forbidden",
    403,
    "The token does not give this right",
    "The publisher was registered without the scope that this needs.",
    "Ask whoever runs this installation to register the publisher with that scope.",
)
FORM_TOKEN = Kind(
    "form-token",
    403,
    "The form was not made by a page of this session",
    "What a browser with a session sends to change something carries a token that only our own pages know.",
    "Open the page again and send its form; a script sends the token in the header X-CSRF-Token.",
)
NOT_YOURS = Kind(
    "not-yours",
    403,
    "The publisher may not publish this",
    "A publisher is bound to its sources, to names of facts and to accommodations; this event is outside of them.",
    "Check `source`, `type` and the accommodation; ask whoever runs this installation if the binding is wrong.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing here",
    "Nothing is served at this address. Addresses have no slash at their end.",
    "See /v1/openapi.json for all addresses.",
)
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    "The method is not allowed here",
    "The `Allow` header lists what is.",
    "Use one of those methods.",
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    "None of the accepted media types can be given",
    "The `Accept` header leaves out every media type that this address can answer with.",
    "Leave the header out, or accept the media type that the problem names.",
)
CONFLICT = Kind(
    "conflict",
    409,
    "The id is known with other content",
    "An event with this source and id is stored already and says something else. What is stored stays as it is.",
    "To correct a record send a new event: another id, the same `record`, a higher `revision`.",
)
ERASED = Kind(
    "erased",
    409,
    "The young person was erased",
    "Everything about this young person was erased on request or by law. Nothing of the event was kept.",
    "Send nothing more about this young person; what you keep yourself is yours to decide about.",
)
ALERT_NOT_OPEN = Kind(
    "alert-not-open",
    409,
    "The alert is not open",
    "It was closed, because the facts say so, or a higher threshold of the same case has taken its place.",
    "Look at the list of open alerts; acknowledge the one with the higher threshold.",
)
ALERT_CHANGED = Kind(
    "alert-changed",
    412,
    "The alert has changed since it was seen",
    "The ETag in If-Match is not that of the alert as it is now: the facts or somebody else changed it.",
    "Read the alert again, and send what you say about it with its new ETag.",
)
PRECONDITION_REQUIRED = Kind(
    "precondition-required",
    428,
    "The request must say which version it is about",
    "What changes something must carry the ETag of what was seen in If-Match, so that nothing is overwritten unseen.",
    "Read it, and send its ETag as If-Match.",
)
TOO_LARGE = Kind(
    "too-large",
    413,
    "The body is too large",
    "An event may have 64 KiB; a batch 1 MiB and 1,000 events, after unzipping. NDJSON has no limit on events.",
    "Split the batch, or send NDJSON.",
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    "The media type or encoding of the body is not supported",
    "The Content-Type is missing or unknown, or the Content-Encoding is not gzip.",
    "Send application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson; or application/json"
    " with the attributes in ce- headers.",
)
TOO_MANY_REQUESTS = Kind(
    "too-many-requests",
    429,
    "The publisher sends too much at once",
    "Each publisher may send a number of facts a second, with room for a burst.",
    "Wait the seconds of the `Retry-After` header and send the same again.",
)
INTERNAL = Kind(
    "internal",
    500,
    "Something broke on our side",
    "The request met an error that we did not foresee. It was logged.",
    "Send the same again later: what was stored already is answered as a duplicate.",
)
BUSY = Kind(
    "busy",
    503,
    "Too many facts wait to be stored",
    "The request was turned away before any work was done on it.",
    "Wait the seconds of the `Retry-After` header and send the same again.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "What the service needs does not answer",
    "The database does not answer or refuses to write, or the keys of the issuer of a token cannot be read.",
    "Wait the seconds of the `Retry-After` header and send the same again: what was stored is answered as a duplicate.",
)
NOT_LOGGED = Kind(
    "not-logged",
    503,
    "What was asked cannot be logged, so it is not answered",
    "Every look at a young person's case is written to the access log before the answer leaves.",
    "Wait the seconds of the `Retry-After` header; whoever runs this installation looks at the access database.",
)
NOT_READY = Kind(
    "not-ready",
    503,
    "The service is not ready",
    "`reasons` says what is amiss.",
    "Wait, or look at the logs and at the database and Redis that the service uses.",
)

KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in tuple(globals().values()) if isinstance(kind, Kind)}
"""Every kind of problem by its slug, in order of status."""

BUSY_RETRY_SECONDS = 1
UNAVAILABLE_RETRY_SECONDS = 5


def busy() -> Problem:
    """Too many facts wait for a commit."""
    return Problem(
        BUSY,
        "The queue of facts that wait for a commit is full.",
        headers={"Retry-After": str(BUSY_RETRY_SECONDS)},
    )


def unavailable(detail: str) -> Problem:
    """The database, or what else the answer needs, cannot be used now."""
    return Problem(UNAVAILABLE, detail, headers={"Retry-After": str(UNAVAILABLE_RETRY_SECONDS)})


def problem_of(error: LedgerFull | LedgerUnavailable) -> Problem:
    """The problem that an error of the ledger is to a publisher."""
    if isinstance(error, LedgerFull):
        return busy()
    return unavailable("The facts could not be stored; some may have been. Send the same again.")


def problem_of_status(status: int, *, headers: Mapping[str, str]) -> Problem:
    """The problem for a status that the web framework decided on (404, 405, 413 and such)."""
    kind = next(
        (kind for kind in KINDS.values() if kind.status == status), INVALID_REQUEST if status < 500 else INTERNAL
    )
    if status == 400:
        kind = INVALID_REQUEST
    return Problem(kind, kind.meaning, headers=headers)
