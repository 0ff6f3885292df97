"""What became of each event of a submission, and the document that tells it (contract, section 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted

from shared.facts.naming import ReceiptWarning
from shared.problems import BATCH_REFUSED, Problem


@dataclass(frozen=True, slots=True)
class Taken:
    """It is stored; position 0 when it was only tried."""

    id: str
    position: int
    warnings: tuple[ReceiptWarning, ...] = ()
    """Flags on it that can already be seen."""


@dataclass(frozen=True, slots=True)
class Known:
    """It was stored before, at this position, with the same content."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not stored."""

    id: str | None
    """The id of the event, where it could be read and cannot name a person."""
    problem: Problem


Result = Taken | Known | Refused


@dataclass(slots=True)
class Counts:
    """How many events of a submission ended how."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def add(self, results: Iterable[Result]) -> None:
        """Count these as well."""
        for result in results:
            match result:
                case Taken():
                    self.accepted += 1
                case Known():
                    self.duplicates += 1
                case Refused():
                    self.rejected += 1

    @property
    def status(self) -> int:
        """202: all is stored; 207: part was refused."""
        return 207 if self.rejected else 202


def result_json(index: int, result: Result) -> str:
    """One member of `results`."""
    match result:
        case Taken(id=id, position=position, warnings=warnings):
            place = f',"position":{position}' if position else ""
            seen = f',"warnings":[{",".join(map(_warning_json, warnings))}]' if warnings else ""
            return f'{{"index":{index},"id":{quoted(id)},"result":"accepted"{place}{seen}}}'
        case Known(id=id, position=position):
            return f'{{"index":{index},"id":{quoted(id)},"result":"duplicate","position":{position}}}'
        case Refused(id=id, problem=problem):
            name = f'"id":{quoted(id)},' if id is not None else ""
            return f'{{"index":{index},{name}"result":"rejected","problem":{problem.body().decode()}}}'


def _warning_json(warning: ReceiptWarning) -> str:
    code, detail, pointer = map(quoted, (warning.code, warning.detail, warning.pointer))
    return f'{{"code":{code},"detail":{detail},"pointer":{pointer}}}'


def opening(counts: Counts) -> str:
    """The document up to its results; `]}` closes it."""
    return f'{{"accepted":{counts.accepted},"duplicates":{counts.duplicates},"rejected":{counts.rejected},"results":['


def document(counts: Counts, results: Iterable[Result]) -> bytes:
    """The whole answer to a submission."""
    members = ",".join(result_json(index, result) for index, result in enumerate(results))
    return f"{opening(counts)}{members}]}}".encode()


def batch_refused(results: Sequence[Refused]) -> Problem:
    """The problem of a batch that had to be stored whole and was not: every event of it is told why."""
    members = [
        {"index": index, "id": result.id, "result": "rejected", "problem": result.problem.document()}
        for index, result in enumerate(results)
    ]
    return Problem(
        BATCH_REFUSED,
        "Nothing of the batch was stored.",
        headers={"Preference-Applied": "handling=strict"},
        members={"accepted": 0, "duplicates": 0, "rejected": len(results), "results": members},
    )


def withheld(event_id: str | None) -> Refused:
    """The result of an event that has no fault of its own, in a batch that was refused as a whole."""
    return Refused(event_id, Problem(BATCH_REFUSED, "Another event of the batch was refused."))
