"""Alerts on the advice of expert teams: A12 not given, not carried out, or deviated from without a reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from services.monitor.alerts.conditions.alert import Alert, Because, Case, Ending, Facts, lasting
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.alerts.conditions.waits import case_of
from services.monitor.dossier.state import Consult, Dossier, FollowUp

FINAL = frozenset({"executed", "deviated", "failed"})
"""What ends the waiting for an advice to be carried out."""


def expert_advice(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A12: for so many days no advice, or a binding one that is not carried out; deviated from without a reason."""
    for consult in dossier.consults:
        known = case_of(dossier, consult.consult)
        case = replace(known, region=known.region or consult.team_region)
        yield from _not_issued(consult, case, rule)
        yield from _not_executed(consult, case, rule)
        yield from _deviated(consult, case, rule)


def open_until(consult: Consult) -> date | None:
    """The day after which a consult has nothing to say any more; None while it waits for something."""
    days = [on for on in (consult.requested_on, consult.issued_on) if on] + [one.on for one in consult.follow_ups]
    if consult.issued_on is None or (consult.follow_ups and _unexplained(consult.follow_ups[-1])):
        return None
    if consult.binding and not any(one.status in FINAL for one in consult.follow_ups):
        return None
    return max(days)


def _not_issued(consult: Consult, case: Case, rule: Rule) -> Iterator[Alert]:
    step = rule.threshold("not-issued")
    if step is not None and consult.requested_on is not None:
        since = consult.requested_on + timedelta(days=step.days or 0)
        facts = Facts(consult.requested_on, _asked(consult))
        yield from lasting(rule, step, case, since, (consult.issued_on, "issued"), facts=facts)


def _not_executed(consult: Consult, case: Case, rule: Rule) -> Iterator[Alert]:
    step = rule.threshold("not-executed")
    if step is not None and consult.binding and consult.issued_on is not None:
        since = consult.issued_on + timedelta(days=step.days or 0)
        ends: tuple[Ending, ...] = tuple((one.on, one.status) for one in consult.follow_ups if one.status in FINAL)
        yield from lasting(rule, step, case, since, *ends, facts=Facts(consult.issued_on, _advised(consult)))


def _deviated(consult: Consult, case: Case, rule: Rule) -> Iterator[Alert]:
    """Until something else is said of it; a correction that gives the reason leaves nothing of it."""
    step = rule.threshold("deviated")
    if step is None:
        return
    for one, after in pairwise((*consult.follow_ups, None)):
        if one is not None and _unexplained(one):
            because = Because("expert-advice-followed-up", one.on, consult.consult), *_advised(consult)
            ends = ((after.on, after.status),) if after else ()
            yield from lasting(rule, step, case, one.on, *ends, facts=Facts(one.on, because))


def _unexplained(one: FollowUp) -> bool:
    return one.status == "deviated" and one.reason is None


def _asked(consult: Consult) -> tuple[Because, ...]:
    asked = consult.requested_on
    return (Because("expert-advice-requested", asked, consult.consult),) if asked else ()


def _advised(consult: Consult) -> tuple[Because, ...]:
    issued = consult.issued_on
    given = (Because("expert-advice-issued", issued, consult.consult),) if issued else ()
    return *given, *_asked(consult)
