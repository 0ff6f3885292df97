"""Decides what happens to each draft, and gives the accepted ones their places; pure, under the ledger's lock."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.ledger.drafts import Accepted, Conflict, Draft, Duplicate, Erased, Keyless, Outcome, Submission, Withheld
from shared.ledger.rows import Key, Row, Stored
from shared.ledger.sealing import ERASES, Sealed
from shared.streams import partition_of


@dataclass(slots=True)
class Head:
    """Where the ledger ends; moves as places are handed out."""

    position: int
    accepted_at_us: int
    partition_heads: list[int]

    def place(self, draft: Draft, *, now_us: int) -> Row:
        """The next place, for this draft. `accepted_at_us` rises with each fact, also when the clock is set back."""
        partition = partition_of(draft.person or draft.source, len(self.partition_heads))
        prev = self.partition_heads[partition]
        self.position = self.partition_heads[partition] = self.position + 1
        self.accepted_at_us = max(now_us, self.accepted_at_us + 1)
        return Row(
            self.position,
            partition,
            prev,
            draft.source,
            draft.id,
            draft.name,
            draft.person,
            draft.content_hash,
            self.accepted_at_us,
            draft.body,
        )


def decide(
    submissions: Sequence[Submission], *, known: Mapping[Key, Stored], head: Head, sealed: Sealed, now_us: int
) -> tuple[list[list[Outcome]], list[Row]]:
    """The outcome of each draft, and the rows to insert. Only what is accepted takes a position, so none is missing.

    A draft is compared with what is stored and with those before it in the same call.
    """
    seen = dict(known)
    outcomes: list[list[Outcome]] = []
    rows: list[Row] = []
    for submission in submissions:
        if submission.strict and (refused := _refused(submission.drafts, seen, sealed)):
            outcomes.append([refused.get(index, Withheld()) for index in range(len(submission.drafts))])
            continue
        outcomes.append([])
        for draft in submission.drafts:
            outcome: Outcome | None = _known(draft, seen, sealed) or _refusal(draft, sealed)
            if outcome is None:
                row = head.place(draft, now_us=now_us)
                if draft.name == ERASES:
                    row = sealed.without_person(row, sealed.erase(draft))
                rows.append(row)
                seen[draft.source, draft.id] = Stored(row.position, row.content_hash)
                outcome = Accepted(row.position)
            outcomes[-1].append(outcome)
    return outcomes, rows


def warned(outcome: Accepted, draft: Draft, *, known: Container[int]) -> Accepted:
    """The outcome with a warning for each key that the draft names and that is not known."""
    return Accepted(outcome.position, tuple(naming.warning for naming in draft.named if naming.key not in known))


def _known(draft: Draft, seen: Mapping[Key, Stored], sealed: Sealed) -> Duplicate | Conflict | None:
    for key in sealed.keys(draft):
        if (stored := seen.get(key)) is not None:
            return (Duplicate if sealed.same(stored.content_hash, draft) else Conflict)(stored.position)
    return None


def _refusal(draft: Draft, sealed: Sealed) -> Erased | Keyless | None:
    if draft.name == ERASES and sealed.seal is None:
        return Keyless()
    return Erased() if sealed.refuses(draft) else None


def _refused(drafts: Iterable[Draft], seen: Mapping[Key, Stored], sealed: Sealed) -> dict[int, Outcome]:
    """The drafts, by index, that are refused, or differ from an earlier one of them under the same key.

    One that erases somebody refuses what follows about them, as it would if all were stored.
    """
    together: dict[Key, bytes] = {}
    found: dict[int, Outcome] = {}
    sealed = sealed.copy()
    for index, draft in enumerate(drafts):
        known = _known(draft, seen, sealed)
        refusal = known if known is not None else _refusal(draft, sealed)
        if together.setdefault((draft.source, draft.id), draft.content_hash) != draft.content_hash:
            refusal = Conflict(0) if known is None else known
        if refusal is None and draft.name == ERASES:
            sealed.erase(draft)
        elif refusal is not None and not isinstance(refusal, Duplicate):
            found[index] = refusal
    return found
