"""Decides what happens to each draft, and gives the accepted ones their places; pure, under the ledger's lock."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.ledger.drafts import Accepted, Conflict, Draft, Duplicate, Outcome, Submission, Withheld
from shared.ledger.rows import Key, Row, Stored
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
    submissions: Sequence[Submission], *, known: Mapping[Key, Stored], head: Head, now_us: int
) -> tuple[list[list[Outcome]], list[Row]]:
    """The outcome of each draft, and the rows to insert. Only what is accepted takes a position, so none is missing.

    A draft is compared with what is stored and with those before it in the same call.
    """
    seen = dict(known)
    outcomes: list[list[Outcome]] = []
    rows: list[Row] = []
    for submission in submissions:
        if submission.strict and (conflicts := _conflicts(submission.drafts, seen)):
            outcomes.append([conflicts.get(index, Withheld()) for index in range(len(submission.drafts))])
            continue
        outcomes.append([])
        for draft in submission.drafts:
            key = (draft.source, draft.id)
            stored = seen.get(key)
            if stored is None:
                row = head.place(draft, now_us=now_us)
                rows.append(row)
                seen[key] = Stored(row.position, draft.content_hash)
                outcomes[-1].append(Accepted(row.position))
            else:
                outcomes[-1].append(_again(draft, stored))
    return outcomes, rows


def warned(outcome: Accepted, draft: Draft, *, known: Container[int]) -> Accepted:
    """The outcome with a warning for each key that the draft names and that is not known."""
    return Accepted(outcome.position, tuple(naming.warning for naming in draft.named if naming.key not in known))


def _again(draft: Draft, stored: Stored) -> Duplicate | Conflict:
    return (Duplicate if stored.content_hash == draft.content_hash else Conflict)(stored.position)


def _conflicts(drafts: Iterable[Draft], seen: Mapping[Key, Stored]) -> dict[int, Conflict]:
    """The drafts, by index, that differ from what is stored or from an earlier one of them under the same key."""
    together: dict[Key, Stored] = {}
    found: dict[int, Conflict] = {}
    for index, draft in enumerate(drafts):
        key = (draft.source, draft.id)
        stored = seen.get(key) or together.setdefault(key, Stored(0, draft.content_hash))
        if stored.content_hash != draft.content_hash:
            found[index] = Conflict(stored.position)
    return found
