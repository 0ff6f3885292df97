"""The digest of a dossier: a function of what it says, whatever else is in memory."""

import sys

from services.monitor.derived import flag, title
from services.monitor.projector.bulk import Row
from services.monitor.projector.digests import digest_of

BESIDE = {"region": "JZ31", "consults": None, "ready": None, "course": None}


def other(text: str) -> str:
    """The same text as another object."""
    return "".join(text)[:-1] + text[-1]


def row(ordinal: int | bool = 0, *, code: str = "F11", about: str = "P-1") -> Row:
    return {"person": "young-000000000001", "ordinal": ordinal, "code": code, "about": about, "since_on": None}


def test_rows_of_other_objects_with_the_same_values_have_the_same_digest() -> None:
    one = sys.intern("P-0123")
    shared, apart = row(code=one, about=one), row(code=other(one), about=other(one))
    assert shared["about"] is shared["code"]
    assert apart["about"] is not apart["code"]
    assert digest_of({flag: [shared]}, **BESIDE) == digest_of({flag: [apart]}, **BESIDE)


def test_any_other_value_is_another_digest() -> None:
    found = [
        digest_of({flag: [row()]}, **BESIDE),
        digest_of({flag: [row(), row()]}, **BESIDE),
        digest_of({flag: [row(1)]}, **BESIDE),
        digest_of({flag: [row(True)]}, **BESIDE),
        digest_of({flag: [row(code="F1", about="1P-1")]}, **BESIDE),
        digest_of({flag: [row(about="None")]}, **BESIDE),
        digest_of({flag: [], title: [row(about="é")]}, **BESIDE),
        digest_of({flag: [row()]}, **BESIDE | {"region": None}),
        digest_of({flag: [row()]}, **BESIDE | {"consults": "[]"}),
        digest_of({flag: [row()]}, **BESIDE | {"ready": "[]"}),
        digest_of({flag: [row()]}, **BESIDE | {"course": "[]"}),
    ]
    assert len(set(found)) == len(found)


def test_the_digest_is_that_of_every_version_of_python() -> None:
    rows = {flag: [row(), row(10**12, about="Ëlan")], title: []}
    assert (
        digest_of(rows, region="JZ31", consults="[]", ready=None, course="{}").hex()
        == "3899756ebd143200914b8d453a4be8f9"
    )
