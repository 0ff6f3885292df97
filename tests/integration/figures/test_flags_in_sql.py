"""The flags that stand on a day, found anew in SQL by the page that a stranger reads."""

from collections import Counter
from datetime import date

import pytest

from services.monitor.dossier.flags import FLAGS
from services.monitor.flags.standing import standing_flags
from services.monitor.history.history import History
from tests.integration.figures.in_sql import Asked
from tests.integration.monitor.ledgers import Ledgers

Found = Counter[tuple[object, ...]]


def shown(it: Asked) -> Found:
    """What the monitor says: code, severity, age, about what, since when, until when, whose fact, and of whom."""
    return Counter(
        (f.code, f.severity, f.days, f.about, f.since_on, f.until_on, f.source, f.person)
        for f in standing_flags(it.known, on=date.fromisoformat(it.on))
    )


def expected(it: Asked) -> Found:
    """What SQL says."""
    return Counter(it.rows("SELECT code, severity, days, about, since_on, until_on, source, person FROM flags"))


def test_the_countries_have_every_flag_in_them(countries: dict[int, tuple[Ledgers, History]]) -> None:
    on, found = date(2024, 9, 17), Counter[tuple[str, str]]()
    for _, history in countries.values():
        found += Counter((flag.code, flag.severity) for flag in standing_flags(history.known_at(), on=on))
    assert {code for code, _ in found} == set(FLAGS)
    assert {severity for code, severity in found if code in ("F3", "F11", "F22")} == {"warning", "severe"}
    rarest = Counter(code for code, _ in found.elements()).most_common()[-1]
    assert rarest[1] >= 5, rarest


@pytest.mark.parametrize("code", FLAGS)
def test_the_same_flags_stand_in_sql(it: Asked, code: str) -> None:
    one = {flag: n for flag, n in shown(it).items() if flag[0] == code}
    other = {flag: n for flag, n in expected(it).items() if flag[0] == code}
    assert one == other
