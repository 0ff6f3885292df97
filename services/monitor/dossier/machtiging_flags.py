"""What the reports about machtigingen show to be missing or contradicting: F7, F8, F9, F19, F24 and F26."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.monitor.dossier.flags import raised
from services.monitor.dossier.machtigingen import Machtiging, Orders
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Flag
from shared.facts.oddities import is_too_long


def machtiging_flags(said: Orders, found: Iterable[Machtiging], *, rules: Rules) -> Iterator[Flag]:
    """The flags on these machtigingen and on what names one that nobody reported."""
    for machtiging in found:
        grant = machtiging.grant
        for code, since_on in _of_grant(machtiging, rules=rules):
            yield raised(code, about=grant.machtiging, since_on=since_on, source=machtiging.source)
        if len(said.grants[grant.machtiging]) > 1:
            yield raised("F24", about=grant.machtiging, since_on=grant.granted_on, source=machtiging.source)
        if grant.machtiging in said.suspended or grant.machtiging in said.resumed:
            yield from _of_suspensions(said, machtiging)
        for end in said.ends.get(grant.machtiging, ()):
            if end.fact.ended_on < grant.granted_on:
                yield raised("F9", about=grant.machtiging, since_on=end.fact.ended_on, source=end.source)
    yield from _unknown(said)


def _of_grant(machtiging: Machtiging, *, rules: Rules) -> Iterator[tuple[str, date]]:
    grant = machtiging.grant
    if machtiging.lapsed_on is not None and machtiging.ended_on is None:
        yield "F7", machtiging.lapsed_on
    if is_too_long(
        grant,
        regulier=rules.regulier_months_max,
        voorwaardelijk=rules.voorwaardelijk_months_max,
        spoed=rules.spoed_days_max,
    ):
        yield "F8", grant.valid_from
    if grant.granted_on > grant.valid_from:
        yield "F9", grant.valid_from


def _of_suspensions(said: Orders, machtiging: Machtiging) -> Iterator[Flag]:
    """A suspension that begins outside the term, or ends after it, is F19; a resumption that ends none is F9."""
    key, begin, until = machtiging.grant.machtiging, machtiging.grant.valid_from, machtiging.grant.valid_until
    for suspended in said.suspended.get(key, ()):
        if not begin <= suspended.fact.suspended_on < until:
            yield raised("F19", about=key, since_on=suspended.fact.suspended_on, source=suspended.source)
    began = {end: start for start, end in machtiging.suspensions}
    for resumed in said.resumed.get(key, ()):
        start = began.get(resumed.fact.resumed_on)
        if start is None:
            yield raised("F9", about=key, since_on=resumed.fact.resumed_on, source=resumed.source)
        elif begin <= start < until < resumed.fact.resumed_on:
            yield raised("F19", about=key, since_on=until, source=resumed.source)


def _unknown(said: Orders) -> Iterator[Flag]:
    named = [
        *((key, report.fact.ended_on, report.source) for key, reports in said.ends.items() for report in reports),
        *(
            (key, report.fact.suspended_on, report.source)
            for key, reports in said.suspended.items()
            for report in reports
        ),
        *((key, report.fact.resumed_on, report.source) for key, reports in said.resumed.items() for report in reports),
    ]
    for key, on, source in named:
        if key not in said.grants:
            yield raised("F26", about=key, since_on=on, source=source)
