"""Faults that are put into the product on purpose, in the process of a test, to see that fuzzing finds them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

import shared.door.body as body
import shared.door.events as events
import shared.door.submission as submission
import shared.facts.acceptance as acceptance
import shared.ledger.ledger as ledger
import shared.pseudonym as pseudonym
from shared.facts.catalogue import catalogue


def _the_last_of_two_keys_counts(patch: pytest.MonkeyPatch) -> None:
    """As every reader of JSON does by itself."""
    patch.setattr(acceptance, "keys_written_max", lambda _raw: 0)


def _all_or_nothing_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    """What is valid in a batch is stored, whatever was asked."""
    stored = submission._stored

    async def half(examined: Any, *, desk: Any, strict: bool) -> Any:
        return await stored(examined, desk=desk, strict=False)

    patch.setattr(submission, "_stored", half)
    patch.setattr(events, "batch_refused", lambda refused: refused[0].problem)


def _a_row_is_lost(patch: pytest.MonkeyPatch) -> None:
    """The last of many facts of one transaction is told to be stored, and is not."""
    insert = ledger.rows.insert

    def all_but_one(connection: Any, rows: Sequence[Any]) -> None:
        insert(connection, rows[:-1] if len(rows) > 20 else rows)

    patch.setattr(ledger.rows, "insert", all_but_one)


def _what_was_stored_is_not_told(patch: pytest.MonkeyPatch) -> None:
    """Lines that break off are answered 400, although the first of them are stored."""

    def refused(problem: Any) -> Any:
        raise problem

    patch.setattr(events, "_cut_short", refused)


def _a_type_is_printed(patch: pytest.MonkeyPatch) -> None:
    """The error with which this was found first: to print hundreds of levels is too much."""
    rules = acceptance._rule_errors

    def printed(raw: Any, **told: Any) -> Iterator[Any]:
        catalogue().get(str(acceptance._members(acceptance.read_leniently(raw)).get("type")))
        yield from rules(raw, **told)

    patch.setattr(acceptance, "_rule_errors", printed)


def _the_rest_of_the_gzip_is_not_read(patch: pytest.MonkeyPatch) -> None:
    """The first member is all of the body, and its end need not come."""

    class First(body._Unzip):
        def pieces(self, packed: bytes) -> Iterator[bytes]:
            if not self._unpack.eof:
                yield self._unpacked(packed)

        def end(self) -> None:
            """Whatever came is enough."""

    patch.setattr(body, "_Unzip", First)


def _hyphens_hide_a_bsn(patch: pytest.MonkeyPatch) -> None:
    """Nine digits count only when nothing but dots and spaces lies between them."""
    patch.setattr(pseudonym, "_THREES", b"never")


PLANTED: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the last of two keys counts": _the_last_of_two_keys_counts,
    "all or nothing is not heard": _all_or_nothing_is_not_heard,
    "a row is lost": _a_row_is_lost,
    "what was stored is not told": _what_was_stored_is_not_told,
    "a type is printed": _a_type_is_printed,
    "the rest of the gzip is not read": _the_rest_of_the_gzip_is_not_read,
    "hyphens hide a BSN": _hyphens_hide_a_bsn,
}
"""What can be put in, by name."""
