"""The digest of a dossier, by which one that says the same again is not written again."""

import marshal
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import Table

from services.monitor.projector.bulk import Row

DIGEST_BYTES = 16

_AS_VALUES = 2
"""The format of marshal that is a function of the values alone; newer ones also tell which are one object in memory."""


def digest_of(
    rows: Mapping[Table, Sequence[Row]],
    *,
    region: str | None,
    consults: str | None,
    ready: str | None,
    course: str | None,
) -> bytes:
    """Equal where all of this is equal, in any process and version of Python."""
    said = [list(row.values()) for found in rows.values() for row in found]
    # Who has none of these has the digest of before there were any.
    later = [(name, one) for name, one in (("ready", ready), ("course", course)) if one]
    beside: list[Any] = [*([consults] if consults else []), *later]
    return blake2b(marshal.dumps((said, region, *beside), _AS_VALUES), digest_size=DIGEST_BYTES).digest()
